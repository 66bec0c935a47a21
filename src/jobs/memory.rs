//! How the memory is spent: announced in advance, and kept to.

use crate::assess::{Finding, Warning};
use crate::error::{invalid_option, Result};
use crate::gdal::Scene;
use crate::machine::total_memory;
use crate::summary::Summary;

const MIB: usize = 1 << 20;

/// The program, the libraries it loads, and what the system's allocator holds back: measured.
const PROGRAM: usize = 88 * MIB;

/// How the memory of the process is divided.
#[derive(Debug, Clone, Copy)]
pub(super) struct Plan {
    /// For the summary: it is one of the options that decide the classes.
    pub summary: usize,
    /// For the block cache: decoded pixels that the next pass needs again.
    pub cache: usize,
    /// The most that the process will need.
    pub peak: usize,
}

/// The memory that GDAL's cache may take: blocks are read once, so it need not hold many.
pub fn cache_bytes(memory: usize) -> usize {
    (memory / 16).clamp(16 * MIB, 64 * MIB)
}

impl Plan {
    /// Divides `memory` bytes between a fit on scenes with a number of threads and writing a map,
    /// which takes `map` bytes.
    ///
    /// # Errors
    /// Those of [`Summary::new`].
    pub fn new(scenes: &[Scene], memory: usize, threads: usize, map: usize) -> Result<Plan> {
        // Half, the default of the other faces: so all find the same classes.
        let summary = memory / 2;
        let least = 2 * Summary::least_memory(scenes[0].n_bands(), scenes[0].sample_type());
        if memory < least {
            return invalid_option(
                "memory",
                format!(
                    " is {}: the summary of {} bands needs at least {}",
                    memory / MIB,
                    scenes[0].n_bands(),
                    least.div_ceil(MIB)
                ),
            );
        }
        let digest = Summary::new(scenes[0].n_bands(), scenes[0].sample_type(), summary)?;
        let workers = threads.min(digest.max_workers());
        let fixed = fixed(scenes, memory, threads) + map + digest.most_bytes(workers);
        Ok(Plan { summary, cache: memory.saturating_sub(fixed), peak: memory.max(fixed) })
    }

    /// The plan for labelling a scene with a model, while each thread samples it: there is no block
    /// cache.
    pub fn for_labels(
        scene: &Scene,
        memory: usize,
        threads: usize,
        map: usize,
        sample: usize,
    ) -> Plan {
        let peak = fixed(std::slice::from_ref(scene), memory, threads) + map + threads * sample;
        Plan { summary: 0, cache: 0, peak }
    }

    /// The warning for a user who has asked for less memory than the job takes, or for more than
    /// there is.
    pub fn excess(&self, memory: usize) -> Option<Warning> {
        let asked = memory / MIB;
        if let Some(total) = total_memory().filter(|total| memory as u64 > *total) {
            let total = total / MIB as u64;
            return Some(Finding::MachineMemory { memory: asked, total }.warning(None));
        }
        let finding = Finding::Memory { memory: asked, needed: self.peak.div_ceil(MIB) };
        (self.peak > memory).then(|| finding.warning(None))
    }
}

/// The memory of any job on scenes: the program, GDAL's cache, and what each thread reads and
/// decodes.
fn fixed(scenes: &[Scene], memory: usize, threads: usize) -> usize {
    let readers = scenes.iter().map(|scene| readers_bytes(scene, threads)).max().unwrap_or(0);
    PROGRAM + cache_bytes(memory) + readers
}

/// The memory of the readers of a scene: the samples of a window, a mask, labels, and the blocks
/// that GDAL decodes them from.
fn readers_bytes(scene: &Scene, threads: usize) -> usize {
    let units = scene.units();
    let largest =
        units.iter().flat_map(|unit| unit.windows().map(|window| window.n_pixels())).max();
    let pixel = scene.n_bands() * scene.sample_type().size() + 4;
    threads.min(units.len()) * (largest.unwrap_or(0) * pixel + scene.decode_bytes())
}
