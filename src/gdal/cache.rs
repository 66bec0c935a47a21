//! GDAL's cache of decoded blocks, which all files of the process share.

use super::ffi;

/// Bytes of decoded blocks that a pass may leave in the cache, if its threads need no more.
const SHARE: usize = 64 << 20;

/// The share of the cache that a pass over a scene may use. A host's cache is large (GDAL takes a
/// twentieth of the machine), and its size is not changed: so the pass itself removes the blocks
/// that it has read.
pub struct CacheShare {
    /// Bytes that may be in the cache.
    limit: usize,
}

impl CacheShare {
    /// The share for `threads` threads, each of which has `decoding` bytes of blocks in use.
    pub fn new(threads: usize, decoding: usize) -> CacheShare {
        CacheShare {
            limit: ffi::cache_used().saturating_add(SHARE.max(threads.saturating_mul(decoding))),
        }
    }

    /// Removes the least recently used blocks until the cache is within the share.
    pub fn keep(&self) {
        while ffi::cache_used() > self.limit && ffi::drop_oldest_block() {}
    }
}
