//! Jobs on raster files, as every face runs them: a typed request in, a typed outcome out.
//!
//! ```text
//! Request::from_json -> run -> Outcome::to_json
//! ```
//!
//! The whole request is checked before the first pixel is read. Outputs appear only when all of
//! them are complete, after a last chance to cancel.

mod alignment;
mod choose_k;
mod cluster;
mod correction;
mod drift;
mod face;
mod files;
mod filters;
mod fit;
mod georeference;
mod info;
mod labelling;
mod map_names;
mod memory;
mod merge;
mod open_product;
mod options;
mod outcome;
mod output_names;
mod page;
mod passes;
mod pieces;
mod predict;
mod radius;
mod record;
mod request;
mod scene_map;
mod scenes;
mod schema;
mod seeds;
mod stack;
mod valid_pixels;
mod virtual_raster;
mod warnings;

pub use choose_k::{ChooseK, Chosen, Fitted};
pub use cluster::Cluster;
pub use face::{Face, Plain};
pub use files::Files;
pub use fit::Fit;
pub use info::{Info, ModelInfo, RasterBand, RasterClass, RasterInfo};
pub use memory::cache_bytes;
pub use merge::{Mapping, Merge, Merging};
pub use open_product::OpenProduct;
pub use options::{
    FitOptions, FormatOptions, MapOptions, Nodata, OneOrMany, Reading, RunOptions, SearchOptions,
};
pub use outcome::Outcome;
pub use pieces::{Pieces, PiecesInfo};
pub use predict::Predict;
pub use radius::RadiusOptions;
pub use record::{model_classes, AlphaMask, ClassFound, Classified, Cost, FitFacts};
pub use request::Request;
pub use scene_map::{BandPair, PredictFacts, SceneMap};
pub use schema::{outcome_schema, request_schema};
pub use seeds::SeedOptions;
pub use stack::Stack;
pub use virtual_raster::Stacked;

pub use crate::file::STDOUT;

use crate::error::Result;
use crate::gdal::{library, quiet, without_threads, Quiet, Settings};
use crate::machine::can_start_threads;
use crate::progress::Run;

/// Checks what a job can check before it opens its scenes: options, and the names of outputs.
/// [`run`] does the same first. A face calls it earlier, while its user can still change the
/// request.
///
/// # Errors
/// As [`run`].
pub fn check(request: &Request) -> Result<()> {
    let _quiet = quiet_for(request);
    match request {
        Request::Cluster(request) => request.check().map(drop),
        Request::Fit(request) => request.check().map(drop),
        Request::Predict(request) => request.check().map(drop),
        Request::ChooseK(request) => request.check().map(drop),
        Request::Merge(request) => request.checked().map(drop),
        Request::Info(request) => request.check(),
        Request::OpenProduct(request) => request.check(),
        Request::Stack(request) => request.check(),
    }
}

/// Runs a job.
///
/// # Errors
/// `Option` and `InvalidArgument` for a request that cannot be run; the errors of the job's work;
/// `Cancelled`.
pub fn run(request: &Request, run: &mut Run) -> Result<Outcome> {
    run_for(request, &Plain, run)
}

/// Runs a job for a face that has words of its own.
///
/// # Errors
/// As [`run`].
pub fn run_for(request: &Request, face: &dyn Face, run: &mut Run) -> Result<Outcome> {
    let _quiet = quiet_for(request);
    let _alone = single_thread_if_needed(request, run);
    match request {
        Request::Cluster(request) => request.run(face, run).map(Outcome::Classified),
        Request::Fit(request) => request.run(face, run).map(Outcome::Classified),
        Request::Predict(request) => request.run(face, run).map(Outcome::Classified),
        Request::ChooseK(request) => request.run(face, run).map(Outcome::Chosen),
        Request::Merge(request) => request.run(run).map(Outcome::Merging),
        Request::Info(request) => request.run(run).map(Outcome::from),
        Request::OpenProduct(request) => request.run(run).map(Outcome::Stacked),
        Request::Stack(request) => request.run(run).map(Outcome::Stacked),
    }
}

/// If the system cannot make the threads that the job's workers and GDAL may need together, the
/// calling thread does all the work: GDAL would wait for missing threads for ever.
fn single_thread_if_needed(request: &Request, run: &mut Run) -> Option<Settings> {
    let of_gdal = std::thread::available_parallelism().map_or(1, |cores| cores.get());
    if can_start_threads(2 * run.threads() + of_gdal) {
        return None;
    }
    run.work_alone();
    let uses_gdal = request.needs_gdal() && library().is_ok();
    uses_gdal.then(without_threads)
}

/// The host's own handler of GDAL's errors stays; the job's threads are quiet. If GDAL is not
/// needed, it is not looked for: the host may load its own later.
fn quiet_for(request: &Request) -> Option<Quiet> {
    if request.needs_gdal() {
        library().ok().map(|_| quiet())
    } else {
        None
    }
}
