//! The pixels of a cell: a record of a table, unpacked into separate numbers.

use super::key::Packing;

/// The pixels of a cell, unpacked.
#[derive(Debug)]
pub(super) struct Pixels {
    pub count: u64,
    /// The sum of the rests of each band.
    pub sums: Vec<u64>,
    /// Room for a key.
    pub key: Vec<u64>,
}

impl Pixels {
    pub fn new(packing: Packing) -> Pixels {
        Pixels { count: 0, sums: vec![0; packing.n_bands], key: vec![0; packing.words] }
    }

    /// Unpacks a record, and adds what it held before it was emptied.
    pub fn unpack(&mut self, packing: Packing, record: &[u64], emptied: Option<&(u64, Vec<u64>)>) {
        self.count = record[packing.words];
        for (band, sum) in self.sums.iter_mut().enumerate() {
            *sum = packing.sum(&record[packing.words + 1..], band);
        }
        if let Some((count, sums)) = emptied {
            self.count += count;
            self.sums.iter_mut().zip(sums).for_each(|(mine, theirs)| *mine += theirs);
        }
    }
}
