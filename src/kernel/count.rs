//! Counting labels.

/// Adds the number of pixels of each label to `counts`, which has an entry for every possible
/// label.
///
/// Neighbours are mostly of one class, and a counter that was just written cannot be read at once.
/// So neighbours are counted in four tables in turn.
///
/// # Panics
/// For a label beyond `counts`.
pub fn count_bytes(labels: &[u8], counts: &mut [u64]) {
    let mut tables = [[0u32; 256]; 4];
    // Few enough that no counter of 32 bits overflows.
    for part in labels.chunks(1 << 31) {
        let fours = part.chunks_exact(4);
        fours.remainder().iter().for_each(|label| tables[0][usize::from(*label)] += 1);
        for four in fours {
            tables.iter_mut().zip(four).for_each(|(table, label)| table[usize::from(*label)] += 1);
        }
        for table in &mut tables {
            for (label, count) in table.iter_mut().enumerate().filter(|(_, count)| **count > 0) {
                counts[label] += u64::from(std::mem::take(count));
            }
        }
    }
}

/// As [`count_bytes`], of labels of two bytes.
///
/// # Panics
/// For a label beyond `counts`.
pub fn count_words(labels: impl Iterator<Item = u16>, counts: &mut [u64]) {
    labels.for_each(|label| counts[usize::from(label)] += 1);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_count_as_one_would_by_hand() {
        for n in [0, 1, 3, 4, 7, 1000, 1027] {
            let labels: Vec<u8> = (0..n).map(|i| ((i * i) % 251) as u8).collect();
            let mut expected = vec![7u64; 251];
            labels.iter().for_each(|label| expected[usize::from(*label)] += 1);
            let (mut bytes, mut words) = (vec![7; 251], vec![7; 251]);
            count_bytes(&labels, &mut bytes);
            count_words(labels.iter().map(|label| u16::from(*label)), &mut words);
            assert_eq!(bytes, expected);
            assert_eq!(words, expected);
        }
    }
}
