//! What the memory is spent on: told in advance, and kept to.

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
    /// Divides `memory` bytes for a fit on scenes on so many threads, and for writing a map, which
    /// takes `map` bytes.
    ///
    /// # Errors
    /// Those of [`Summary::new`].
    pub fn new(scenes: &[Scene], memory: usize, threads: usize, map: usize) -> Result<Plan> {
        // Half, as the other faces have it where nobody says: the same classes.
        let summary = memory / 2;
        let least = 2 * Summary::least_memory(scenes[0].n_bands(), scenes[0].sample_type());
        if memory < least {
            return invalid_option(
                "memory",
                format!(
                    " is {}: the summary of {} bands wants at least {}",
                    memory / MIB,
                    scenes[0].n_bands(),
                    least.div_ceil(MIB)
                ),
            );
        }
        let digest = Summary::new(scenes[0].n_bands(), scenes[0].sample_type(), summary)?;
        let workers = threads.min(digest.max_workers());
        let fixed = fixed(scenes, memory, threads) + map + digest.most_bytes(workers);
        Ok(Plan { summary, kept: memory.saturating_sub(fixed), peak: memory.max(fixed) })
    }

    /// The plan of giving a scene the labels of a model, while each thread samples it: nothing is
    /// kept.
    pub fn for_labels(
        scene: &Scene,
        memory: usize,
        threads: usize,
        map: usize,
        sample: usize,
    ) -> Plan {
        let peak = fixed(std::slice::from_ref(scene), memory, threads) + map + threads * sample;
        Plan { summary: 0, kept: 0, peak }
    }

    /// What to tell a user who has asked for less memory than it takes, or for more than there is.
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

/// What any job on scenes takes: the program, GDAL's cache, and what each thread reads and decodes.
fn fixed(scenes: &[Scene], memory: usize, threads: usize) -> usize {
    let readers = scenes.iter().map(|scene| readers_bytes(scene, threads)).max().unwrap_or(0);
    PROGRAM + cache_bytes(memory) + readers
}

/// What the readers of a scene hold: the samples of a window, a mask and labels; and what GDAL
/// decodes them from.
fn readers_bytes(scene: &Scene, threads: usize) -> usize {
    let units = scene.units();
    let largest =
        units.iter().flat_map(|unit| unit.windows().map(|window| window.n_pixels())).max();
    let pixel = scene.n_bands() * scene.sample_type().size() + 4;
    threads.min(units.len()) * (largest.unwrap_or(0) * pixel + scene.decode_bytes())
}
