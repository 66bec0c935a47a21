//! GDAL's cache of decoded blocks, which all files of the process share.

use super::ffi;

/// Bytes of decoded blocks that a pass may leave in the cache, if its threads need no more.
const SHARE: usize = 64 << 20;

/// What a pass over a scene may add to the cache. A host's cache is large (GDAL takes a twentieth
/// of the machine), and keeps its size: so the pass itself takes out what it has read.
pub struct CacheShare {
    /// Bytes that may be in the cache.
    limit: usize,
}

impl CacheShare {
    /// For as many threads, each of which has `decoding` bytes of blocks in use.
    pub fn new(threads: usize, decoding: usize) -> CacheShare {
        CacheShare {
            limit: ffi::cache_used().saturating_add(SHARE.max(threads.saturating_mul(decoding))),
        }
    }

    /// Takes the blocks out that were not used for longest, until the share is kept.
    pub fn keep(&self) {
        while ffi::cache_used() > self.limit && ffi::drop_oldest_block() {}
    }
}
