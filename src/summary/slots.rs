//! A hash table from hashes to the numbers of things that are stored elsewhere, such as cells: open
//! addressing with linear probing.

use crate::kernel::prefetch;

/// Slots at first; a power of two.
const FEWEST: usize = 1 << 10;

/// Slots for each thing, at least.
const PER_THING: usize = 2;

/// Finds things that are numbered from 0 in the order in which they came.
///
/// A slot holds the number of a thing plus 1 (0: free). Its other bits hold a part of the thing's
/// hash (the "tag"). In nearly all cases the tag tells that a slot belongs to another thing,
/// without a look at the thing itself.
#[derive(Debug, Clone)]
pub(super) struct Slots {
    /// A power of two.
    slots: Vec<u32>,
    len: usize,
    /// The mask of the number in a slot, without the tag.
    number_mask: u32,
}

impl Slots {
    /// The memory a thing takes at most.
    pub const BYTES_PER_THING: usize = 2 * PER_THING * size_of::<u32>();

    /// An empty table, for at most so many things.
    pub fn new(most: usize) -> Slots {
        let number_mask = (most as u32 + 1).next_power_of_two() - 1;
        Slots { slots: vec![0; FEWEST], len: 0, number_mask }
    }

    /// Prefetches the first slot of a hash.
    #[inline(always)]
    pub fn prefetch(&self, hash: u64) {
        prefetch(&self.slots, hash as usize & self.last());
    }

    /// The number, plus 1, of the thing that most likely has this hash; 0 if there is none.
    #[inline(always)]
    pub fn guess(&self, hash: u64) -> u32 {
        let (tag, last) = (self.tag(hash), self.last());
        let mut slot = hash as usize & last;
        loop {
            let entry = self.slots[slot];
            if entry == 0 || entry & !self.number_mask == tag {
                return entry & self.number_mask;
            }
            slot = (slot + 1) & last;
        }
    }

    /// The number of the thing with this hash for which `is` returns true.
    #[inline(always)]
    pub fn find(&self, hash: u64, is: impl Fn(usize) -> bool) -> Option<usize> {
        let (tag, last) = (self.tag(hash), self.last());
        let mut slot = hash as usize & last;
        loop {
            let entry = self.slots[slot];
            if entry == 0 {
                return None;
            }
            let number = (entry & self.number_mask) as usize - 1;
            if entry & !self.number_mask == tag && is(number) {
                return Some(number);
            }
            slot = (slot + 1) & last;
        }
    }

    /// Takes a slot for the next thing.
    pub fn push(&mut self, hash: u64) {
        let last = self.last();
        let mut slot = hash as usize & last;
        while self.slots[slot] != 0 {
            slot = (slot + 1) & last;
        }
        self.len += 1;
        self.slots[slot] = self.tag(hash) | self.len as u32;
    }

    /// Whether so many slots are taken that the table must [grow](Slots::grow).
    pub fn are_full(&self) -> bool {
        PER_THING * self.len > self.slots.len()
    }

    /// Doubles the number of slots, given the hash of each thing.
    pub fn grow(&mut self, hashes: &[u64]) {
        self.slots = vec![0; 2 * self.slots.len()];
        self.lay(hashes);
    }

    /// Forgets all things, and takes slots for things with these hashes.
    pub fn lay(&mut self, hashes: &[u64]) {
        self.slots.fill(0);
        self.len = 0;
        hashes.iter().for_each(|hash| self.push(*hash));
    }

    #[inline(always)]
    fn last(&self) -> usize {
        self.slots.len() - 1
    }

    /// Bits of a hash that do not choose the slot and, in a sample, do not choose the pixel.
    #[inline(always)]
    fn tag(&self, hash: u64) -> u32 {
        (hash >> 24) as u32 & !self.number_mask
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn things_are_found_by_their_hash() {
        // All hashes begin at one slot, most with equal tags.
        let hashes: Vec<u64> = (0..600).map(|i| ((i / 2) << 50) | 7).collect();
        let mut slots = Slots::new(hashes.len());
        for (number, hash) in hashes.iter().enumerate() {
            assert_eq!(slots.find(*hash, |found| found == number), None);
            slots.push(*hash);
            if slots.are_full() {
                slots.grow(&hashes[..=number]);
            }
        }
        for (number, hash) in hashes.iter().enumerate() {
            assert_eq!(slots.find(*hash, |found| found == number), Some(number));
            assert!(slots.guess(*hash) > 0);
        }
        assert_eq!((slots.find(1 << 45, |_| true), slots.guess(1 << 45)), (None, 0));
        slots.lay(&hashes[..1]);
        assert_eq!((slots.guess(7), slots.find(7, |_| true)), (1, Some(0)));
    }
}
