//! Sample types of several bands or files taken together.

use crate::raster::SampleType;

/// The smallest type that can hold the samples of all given types, by GDAL's rule.
pub(in crate::gdal) fn union(types: impl Iterator<Item = SampleType>) -> SampleType {
    types.reduce(union_of_two).unwrap_or(SampleType::U8)
}

fn union_of_two(a: SampleType, b: SampleType) -> SampleType {
    use SampleType::{F32, F64, I16, I32, I8, U16, U32, U8};
    // Values that each type holds: bits below and above zero. A float32 holds integers of 24 bits.
    let range = |t| match t {
        U8 => (0, 8),
        I8 => (7, 7),
        U16 => (0, 16),
        I16 => (15, 15),
        U32 => (0, 32),
        I32 => (31, 31),
        F32 | F64 => (0, 0),
    };
    let ((below_a, above_a), (below_b, above_b)) = (range(a), range(b));
    let (below, above): (u32, u32) = (below_a.max(below_b), above_a.max(above_b));
    match (a.is_float() || b.is_float(), a == F64 || b == F64) {
        (true, true) => F64,
        (true, false) if below.max(above) <= 24 => F32,
        (true, false) => F64,
        _ => {
            let holds = |t: &SampleType| range(*t).0 >= below && range(*t).1 >= above;
            [U8, I8, U16, I16, U32, I32].into_iter().find(holds).unwrap_or(F64)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_union_holds_both() {
        use SampleType::{F32, F64, I16, I32, I8, U16, U32, U8};
        for (a, b, both) in [
            (U8, U8, U8),
            (U8, U16, U16),
            (U8, I8, I16),
            (U16, I16, I32),
            (U32, I32, F64),
            (U16, F32, F32),
            (I32, F32, F64),
            (F32, F64, F64),
        ] {
            assert_eq!(union_of_two(a, b), both, "{a} {b}");
            assert_eq!(union_of_two(b, a), both, "{b} {a}");
        }
    }
}
