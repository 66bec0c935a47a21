//! What the memory is spent on: told in advance, and kept to.

use bandcluster::gdal::Scene;
use bandcluster::summary::Summary;
use bandcluster::{Error, Result};

const MIB: usize = 1 << 20;

/// The program, the libraries it loads, and what the system's allocator holds back: measured.
const PROGRAM: usize = 88 * MIB;

/// How the memory of the process is divided.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    /// For the summary: the option that, among others, decides the classes.
    pub summary: usize,
    /// For decoded pixels that the next pass needs again.
    pub kept: usize,
    /// What the process will need at most.
    pub peak: usize,
}

/// What GDAL's cache may take of the memory: blocks are read once, so it need not hold many.
pub fn cache_bytes(memory: usize) -> usize {
    (memory / 16).clamp(16 * MIB, 64 * MIB)
}

impl Plan {
    /// Divides `memory` bytes for a fit on scenes on so many threads, and for writing a map, which takes `map` bytes.
    ///
    /// # Errors
    /// Those of [`Summary::new`].
    pub fn new(scenes: &[Scene], memory: usize, threads: usize, map: usize) -> Result<Plan> {
        // Half, as the other faces have it where nobody says: the same classes.
        let summary = memory / 2;
        let least = 2 * Summary::least_memory(scenes[0].n_bands(), scenes[0].sample_type());
        if memory < least {
            return Err(Error::InvalidArgument(format!(
                "--memory is {}: the summary of {} bands wants at least {}",
                memory / MIB,
                scenes[0].n_bands(),
                least.div_ceil(MIB)
            )));
        }
        let digest = Summary::new(scenes[0].n_bands(), scenes[0].sample_type(), summary)?;
        let workers = threads.min(digest.max_workers());
        let readers = threads * scenes.iter().map(reader_bytes).max().unwrap_or(0);
        let fixed = PROGRAM + cache_bytes(memory) + readers + map + digest.most_bytes(workers);
        Ok(Plan { summary, kept: memory.saturating_sub(fixed), peak: memory.max(fixed) })
    }
}

/// What a reader of a scene holds: the samples of a window, a mask and labels.
fn reader_bytes(scene: &Scene) -> usize {
    let largest = scene.units().iter().flat_map(|unit| unit.windows().map(|window| window.n_pixels())).max();
    let pixel = scene.n_bands() * scene.sample_type().size() + 4;
    largest.unwrap_or(0) * pixel
}
