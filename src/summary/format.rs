//! A summary as bytes: for partitions that are summarised in other processes.
//!
//! Little-endian: magic, version, sample type, bands, capacity, workers, shift, pixels, cells; the cells in order (key,
//! count, sums, squares); CRC-32 of all before it.

use std::path::Path;

use super::table::Table;
use super::{Summary, MAX_CELLS};
use crate::error::{Error, Result};
use crate::raster::{with_sample_type, Sample, SampleType};

const MAGIC: &[u8; 8] = b"BCSUMMRY";
const VERSION: u32 = 1;

impl Summary {
    /// The summary as bytes; equal summaries give equal bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let table = self.merged();
        let mut bytes = MAGIC.to_vec();
        bytes.extend(VERSION.to_le_bytes());
        bytes.extend(format!("{:8}", self.sample_type.name()).as_bytes());
        for number in [self.n_bands, self.capacity, self.max_workers, table.shift() as usize] {
            bytes.extend((number as u64).to_le_bytes());
        }
        bytes.extend(self.n_pixels.to_le_bytes());
        bytes.extend((table.len() as u64).to_le_bytes());
        for cell in table.order() {
            let (key, count, sums, squares) = table.cell(cell);
            key.iter().for_each(|part| bytes.extend(part.to_le_bytes()));
            bytes.extend(count.to_le_bytes());
            sums.iter().for_each(|sum| bytes.extend(sum.to_le_bytes()));
            squares.iter().for_each(|square| bytes.extend(square.to_le_bytes()));
        }
        bytes.extend(crc32fast::hash(&bytes).to_le_bytes());
        bytes
    }

    /// The summary that these bytes hold.
    ///
    /// # Errors
    /// `InvalidModel` when they are not a summary, damaged, or of a newer version.
    pub fn from_bytes(bytes: &[u8]) -> Result<Summary> {
        let body = checked_body(bytes)?;
        parse(body).ok_or_else(|| {
            Error::InvalidModel("the summary's contents contradict each other: save it again".into())
        })
    }

    /// Writes the summary to a file, which appears only when complete.
    ///
    /// # Errors
    /// `Io` when it cannot be written.
    pub fn save(&self, path: &Path) -> Result<()> {
        crate::file::write(path, &self.to_bytes())
    }

    /// Reads a summary from a file.
    ///
    /// # Errors
    /// `Io` when it cannot be read; as [`Summary::from_bytes`].
    pub fn load(path: &Path) -> Result<Summary> {
        Summary::from_bytes(&crate::file::read(path)?)
    }
}

/// The bytes between the version and the checksum, once both are right.
fn checked_body(bytes: &[u8]) -> Result<&[u8]> {
    let invalid = |message: String| Err(Error::InvalidModel(message));
    let Some(rest) = bytes.strip_prefix(MAGIC) else {
        return invalid("this is not a bandcluster summary: give a file that a summary was saved to".into());
    };
    let Some((version, _)) = rest.split_first_chunk::<4>() else {
        return invalid("the summary is truncated: save it again".into());
    };
    let version = u32::from_le_bytes(*version);
    if version != VERSION {
        return invalid(format!(
            "the summary is of version {version}, this library reads {VERSION}: update bandcluster"
        ));
    }
    match bytes.split_last_chunk::<4>() {
        Some((all, sum)) if crc32fast::hash(all).to_le_bytes() == *sum && all.len() >= 12 => Ok(&all[12..]),
        _ => invalid("the summary is truncated or damaged (its checksum is wrong): save it again".into()),
    }
}

/// Reads the body; `None` where it contradicts itself.
fn parse(mut body: &[u8]) -> Option<Summary> {
    let sample_type = SampleType::from_name(std::str::from_utf8(body.split_off(..8)?).ok()?.trim_end())?;
    let bytes = &mut body;
    let n_bands = take_u64(bytes)? as usize;
    let capacity = take_u64(bytes)? as usize;
    let max_workers = take_u64(bytes)? as usize;
    let shift = take_u64(bytes)?;
    let n_pixels = take_u64(bytes)?;
    let n_cells = take_u64(bytes)? as usize;
    let cell_size = n_bands.checked_mul(36)?.checked_add(8)?;
    let sound = n_bands > 0 && max_workers > 0 && capacity <= MAX_CELLS && n_cells <= capacity && shift <= 32;
    if !sound || Some(bytes.len()) != n_cells.checked_mul(cell_size) {
        return None;
    }
    let bits = with_sample_type!(sample_type, T => T::CODE_BITS);
    let mut table = Table::new(n_bands, shift as u32, capacity);
    for _ in 0..n_cells {
        let key: Vec<u32> =
            (0..n_bands).map(|_| take(bytes).map(u32::from_le_bytes)).collect::<Option<_>>()?;
        let count = take_u64(bytes)?;
        let sums: Vec<u128> = (0..n_bands).map(|_| take_u128(bytes)).collect::<Option<_>>()?;
        let squares: Vec<u128> = (0..n_bands).map(|_| take_u128(bytes)).collect::<Option<_>>()?;
        let in_range = key.iter().all(|part| (u64::from(*part) << shift) >> bits == 0);
        if count == 0 || !in_range || !table.restore_cell(&key, count, &sums, &squares) {
            return None;
        }
    }
    let tables = vec![table];
    Some(Summary { n_bands, sample_type, capacity, max_workers, n_pixels, tables })
}

fn take<const N: usize>(bytes: &mut &[u8]) -> Option<[u8; N]> {
    let (first, rest) = bytes.split_first_chunk::<N>()?;
    *bytes = rest;
    Some(*first)
}

fn take_u64(bytes: &mut &[u8]) -> Option<u64> {
    take(bytes).map(u64::from_le_bytes)
}

fn take_u128(bytes: &mut &[u8]) -> Option<u128> {
    take(bytes).map(u128::from_le_bytes)
}
