//! The format of objects that are saved for other processes: a magic word, a version
//! (little-endian), contents in postcard's encoding, and the CRC-32 (little-endian) of all bytes
//! before it.

use serde::de::DeserializeOwned;
use serde::Serialize;

use crate::error::{Error, Result};
use crate::machine::check_room_to_read;

/// How one kind of object is saved.
pub(crate) struct Seal {
    /// The first bytes.
    pub magic: &'static [u8; 8],
    /// The version that is written, and the only one that is read.
    pub version: u32,
    /// Its name in messages.
    pub what: &'static str,
}

impl Seal {
    /// The contents as bytes.
    pub fn close(&self, contents: &impl Serialize) -> Vec<u8> {
        let mut bytes = self.magic.to_vec();
        bytes.extend(self.version.to_le_bytes());
        let mut bytes = postcard::to_extend(contents, bytes).expect("vectors take every byte");
        bytes.extend(crc32fast::hash(&bytes).to_le_bytes());
        bytes
    }

    /// The contents of bytes.
    ///
    /// # Errors
    /// `InvalidModel` when they are of another kind, damaged, or of another version; `OutOfMemory`.
    pub fn open<T: DeserializeOwned>(&self, bytes: &[u8]) -> Result<T> {
        check_room_to_read(bytes.len(), self.what)?;
        postcard::from_bytes(self.body(bytes)?).map_err(|_| self.contradiction())
    }

    /// The bytes between the version and the checksum, once both are right.
    fn body<'b>(&self, bytes: &'b [u8]) -> Result<&'b [u8]> {
        let Seal { magic, version: known, what } = self;
        let invalid = |message: String| Err(Error::InvalidModel(message));
        let Some(rest) = bytes.strip_prefix(magic.as_slice()) else {
            return invalid(format!(
                "this is not a bandcluster {what}: give a file that a {what} was saved to"
            ));
        };
        let (Some((version, _)), Some((all, sum))) =
            (rest.split_first_chunk::<4>(), bytes.split_last_chunk::<4>())
        else {
            return invalid(format!("the {what} is truncated: save it again"));
        };
        let version = u32::from_le_bytes(*version);
        if version != *known {
            return invalid(format!(
                "the {what} is of version {version}, this library reads {known}: update \
                 bandcluster"
            ));
        }
        if crc32fast::hash(all).to_le_bytes() != *sum || all.len() < magic.len() + 4 {
            return invalid(format!(
                "the {what} is truncated or damaged (its checksum is wrong): save it again"
            ));
        }
        Ok(&all[magic.len() + 4..])
    }

    /// The error for contents that contradict each other.
    pub fn contradiction(&self) -> Error {
        Error::InvalidModel(format!(
            "the {}'s contents contradict each other: save it again",
            self.what
        ))
    }
}
