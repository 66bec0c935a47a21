//! The sample types a band can have.

use std::fmt;

/// The type of a sample: what one band holds for one pixel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum SampleType {
    U8,
    I8,
    U16,
    I16,
    U32,
    I32,
    F32,
    F64,
}

impl SampleType {
    /// Size of one sample in bytes.
    pub fn size(self) -> usize {
        with_sample_type!(self, T => size_of::<T>())
    }

    /// Whether samples are floating-point numbers, which may be NaN or infinite.
    pub fn is_float(self) -> bool {
        matches!(self, SampleType::F32 | SampleType::F64)
    }

    /// The type's name as NumPy and the model file spell it, such as `uint16`.
    pub fn name(self) -> &'static str {
        match self {
            SampleType::U8 => "uint8",
            SampleType::I8 => "int8",
            SampleType::U16 => "uint16",
            SampleType::I16 => "int16",
            SampleType::U32 => "uint32",
            SampleType::I32 => "int32",
            SampleType::F32 => "float32",
            SampleType::F64 => "float64",
        }
    }

    /// The type with this [name](SampleType::name).
    pub fn from_name(name: &str) -> Option<SampleType> {
        use SampleType::{F32, F64, I16, I32, I8, U16, U32, U8};
        [U8, I8, U16, I16, U32, I32, F32, F64].into_iter().find(|t| t.name() == name)
    }
}

impl fmt::Display for SampleType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A Rust type that is one of the sample types.
///
/// # Safety
/// Every bit pattern of `size_of::<Self>()` bytes is a value of the type: samples are read from raw
/// memory.
pub unsafe trait Sample:
    Copy + PartialEq + PartialOrd + Default + Send + Sync + 'static
{
    /// Its sample type.
    const TYPE: SampleType;

    /// The sample's value; exact for every type.
    fn to_f64(self) -> f64;

    /// The sample's value in single precision; exact for types of up to 16 bits.
    fn to_f32(self) -> f32;

    /// The value of an integer sample; floats are rounded towards zero.
    fn to_i64(self) -> i64;

    /// The sample with this value; `None` if this type has none. Floats are rounded.
    fn from_value(value: f64) -> Option<Self>;

    /// Whether the sample is a number that can be summed: not NaN, not infinite, and (float64) not
    /// beyond 1e150, where squares overflow.
    fn is_usable(self) -> bool;

    /// The sample's position in the order of its type: a number that grows with the value, 0 for
    /// the least sample. It is one to one, except for float64: there only the first 48 bits are
    /// kept (36 bits of the mantissa).
    fn code(self) -> u64;

    /// The least sample with this code, as a number.
    fn decode(code: u64) -> f64;

    /// Number of bits of a code.
    const CODE_BITS: u32;

    /// The last bits of a code that sums leave out, so that they can hold billions of codes.
    const FINE_BITS: u32 = 0;
}

macro_rules! integer_sample {
    ($type:ty, $variant:ident) => {
        // SAFETY: every bit pattern is an integer.
        unsafe impl Sample for $type {
            const TYPE: SampleType = SampleType::$variant;
            const CODE_BITS: u32 = <$type>::BITS;

            #[inline(always)]
            fn to_f64(self) -> f64 {
                f64::from(self)
            }

            #[inline(always)]
            fn to_f32(self) -> f32 {
                self as f32
            }

            #[inline(always)]
            fn to_i64(self) -> i64 {
                self as i64
            }

            fn from_value(value: f64) -> Option<Self> {
                let sample = value as $type;
                (f64::from(sample) == value).then_some(sample)
            }

            #[inline(always)]
            fn is_usable(self) -> bool {
                true
            }

            #[inline(always)]
            fn code(self) -> u64 {
                (i64::from(self) - i64::from(<$type>::MIN)) as u64
            }

            #[inline(always)]
            fn decode(code: u64) -> f64 {
                // Codes have up to 32 bits, of which every processor has vectors.
                f64::from(code as u32) + f64::from(<$type>::MIN)
            }
        }
    };
}

integer_sample!(u8, U8);
integer_sample!(i8, I8);
integer_sample!(u16, U16);
integer_sample!(i16, I16);
integer_sample!(u32, U32);
integer_sample!(i32, I32);

/// Turns the bits of a float, whose sign is bit `width - 1`, into a number that grows with its
/// value: the bits of negative floats are inverted, and the other floats follow them.
#[inline(always)]
pub(crate) fn ordered_bits(bits: u64, width: u32) -> u64 {
    let sign = 1 << (width - 1);
    if bits & sign == 0 {
        bits | sign
    } else {
        bits ^ (sign | (sign - 1))
    }
}

/// The inverse of [`ordered_bits`].
#[inline(always)]
pub(crate) fn float_bits(code: u64, width: u32) -> u64 {
    let sign = 1 << (width - 1);
    if code & sign == 0 {
        code ^ (sign | (sign - 1))
    } else {
        code ^ sign
    }
}

// SAFETY: every bit pattern is a float (or NaN).
unsafe impl Sample for f32 {
    const TYPE: SampleType = SampleType::F32;
    const CODE_BITS: u32 = 32;

    #[inline(always)]
    fn to_f64(self) -> f64 {
        f64::from(self)
    }

    #[inline(always)]
    fn to_f32(self) -> f32 {
        self
    }

    #[inline(always)]
    fn to_i64(self) -> i64 {
        self as i64
    }

    fn from_value(value: f64) -> Option<Self> {
        Some(value as f32)
    }

    #[inline(always)]
    fn is_usable(self) -> bool {
        self.is_finite()
    }

    #[inline(always)]
    fn code(self) -> u64 {
        // Adding zero turns -0.0 into 0.0, so that one value has one code.
        ordered_bits(u64::from((self + 0.0).to_bits()), 32)
    }

    #[inline(always)]
    fn decode(code: u64) -> f64 {
        f64::from(f32::from_bits(float_bits(code, 32) as u32))
    }
}

// SAFETY: every bit pattern is a float (or NaN).
unsafe impl Sample for f64 {
    const TYPE: SampleType = SampleType::F64;
    const CODE_BITS: u32 = 48;
    const FINE_BITS: u32 = 16;

    #[inline(always)]
    fn to_f64(self) -> f64 {
        self
    }

    #[inline(always)]
    fn to_f32(self) -> f32 {
        self as f32
    }

    #[inline(always)]
    fn to_i64(self) -> i64 {
        self as i64
    }

    fn from_value(value: f64) -> Option<Self> {
        Some(value)
    }

    #[inline(always)]
    fn is_usable(self) -> bool {
        self.abs() <= 1e150
    }

    #[inline(always)]
    fn code(self) -> u64 {
        ordered_bits((self + 0.0).to_bits() >> 16, 48)
    }

    #[inline(always)]
    fn decode(code: u64) -> f64 {
        f64::from_bits(float_bits(code, 48) << 16)
    }
}

/// Runs an expression in which `$T` is the Rust type of a [`SampleType`].
macro_rules! with_sample_type {
    ($sample_type:expr, $T:ident => $body:expr) => {
        match $sample_type {
            $crate::raster::SampleType::U8 => {
                type $T = u8;
                $body
            }
            $crate::raster::SampleType::I8 => {
                type $T = i8;
                $body
            }
            $crate::raster::SampleType::U16 => {
                type $T = u16;
                $body
            }
            $crate::raster::SampleType::I16 => {
                type $T = i16;
                $body
            }
            $crate::raster::SampleType::U32 => {
                type $T = u32;
                $body
            }
            $crate::raster::SampleType::I32 => {
                type $T = i32;
                $body
            }
            $crate::raster::SampleType::F32 => {
                type $T = f32;
                $body
            }
            $crate::raster::SampleType::F64 => {
                type $T = f64;
                $body
            }
        }
    };
}
pub(crate) use with_sample_type;
