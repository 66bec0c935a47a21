//! Scenes in files, cut into pieces for the workers of a cluster.

use std::ffi::{c_char, CString};

use super::guard::{borrow, borrow_mut, free, give, guard, optional_string, output, path, string};
use super::library::bandcluster_status;
use super::model::bandcluster_model;
use super::refinement::bandcluster_refinement;
use super::run::{bandcluster_run, with_run};
use super::summary::{bandcluster_summary, bytes};
use crate::jobs::{Pieces, Request};
use crate::progress::Run;

/// The scenes of a fit, cut into pieces. Any number of threads may use it at once.
pub struct bandcluster_scenes {
    pieces: Pieces,
    info: CString,
}

/// Opens the scenes of a fit for workers that each read some of their pieces. `request_json` is a
/// job's request (see `bandcluster_run_job`) with only the command, the inputs and the options of
/// reading them: `{"command": "fit", "inputs": ["a.tif", "b.tif"], "bands": [1, 2]}`. Scenes are
/// cut along the blocks that files store, into pieces of about `piece_pixels` pixels (0: 16
/// million); the same request and number give the same pieces in every process. The caller frees
/// the scenes with `bandcluster_scenes_free`. A model is fitted like this:
///
/// ```c
/// for (each piece)   bandcluster_scenes_summary(scenes, piece, 0, &run, &summary);
/// merge the summaries, and bandcluster_fit_summary(all, &options, &run, &model);
/// while (!bandcluster_model_converged(model)) {
///     for (each piece) bandcluster_scenes_refinement(scenes, piece, model, &run, &refinement);
///     merge the refinements, and bandcluster_refinement_apply(all, model, NULL);
/// }
/// ```
///
/// The loops over pieces may run in any number of processes. Summaries and refinements go from one
/// process to another as files.
#[no_mangle]
pub unsafe extern "C" fn bandcluster_scenes_open(
    request_json: *const c_char,
    piece_pixels: u64,
    scenes: *mut *mut bandcluster_scenes,
) -> bandcluster_status {
    guard(|| {
        // SAFETY: the caller's promise, here and below.
        let scenes = unsafe { output(scenes, "scenes")? };
        // SAFETY: as above.
        let request = Request::from_json(unsafe { string(request_json, "request_json")? })?;
        let pieces = Pieces::open(&request, piece_pixels)?;
        let info = serde_json::to_string(&pieces.info()).unwrap_or_default();
        give(scenes, bandcluster_scenes { pieces, info: CString::new(info).unwrap_or_default() });
        Ok(())
    })
}

/// Facts about the scenes, as a JSON object: `scenes` (their names), `n_pieces`, `n_pixels`,
/// `n_bands` and `sample_type`, such as `uint16`. The text is valid until the scenes are freed.
#[no_mangle]
pub unsafe extern "C" fn bandcluster_scenes_json(
    scenes: *const bandcluster_scenes,
    json: *mut *const c_char,
) -> bandcluster_status {
    guard(|| {
        // SAFETY: the caller's promise, here and below.
        let (scenes, json) = unsafe { (borrow(scenes, "scenes")?, borrow_mut(json, "json")?) };
        *json = scenes.info.as_ptr();
        Ok(())
    })
}

/// The summary of one piece, from 0, in at most `memory` bytes (0: 256 MiB; the same for all
/// pieces). The caller frees it with `bandcluster_summary_free`.
#[no_mangle]
pub unsafe extern "C" fn bandcluster_scenes_summary(
    scenes: *const bandcluster_scenes,
    piece: u64,
    memory: u64,
    run: *const bandcluster_run,
    summary: *mut *mut bandcluster_summary,
) -> bandcluster_status {
    guard(|| {
        // SAFETY: the caller's promise, here and below.
        let (scenes, summary) = unsafe { (borrow(scenes, "scenes")?, output(summary, "summary")?) };
        let body = |run: &mut Run| {
            give(summary, bandcluster_summary(scenes.pieces.summarise(piece, bytes(memory), run)?));
            Ok(())
        };
        // SAFETY: as above.
        unsafe { with_run(run, body) }
    })
}

/// One exact step of a model over one piece, from 0. The caller frees it with
/// `bandcluster_refinement_free`.
#[no_mangle]
pub unsafe extern "C" fn bandcluster_scenes_refinement(
    scenes: *const bandcluster_scenes,
    piece: u64,
    model: *const bandcluster_model,
    run: *const bandcluster_run,
    refinement: *mut *mut bandcluster_refinement,
) -> bandcluster_status {
    guard(|| {
        // SAFETY: the caller's promise, here and below.
        let (scenes, model, refinement) = unsafe {
            (borrow(scenes, "scenes")?, borrow(model, "model")?, output(refinement, "refinement")?)
        };
        let body = |run: &mut Run| {
            give(
                refinement,
                bandcluster_refinement(scenes.pieces.refine(piece, model.model(), run)?),
            );
            Ok(())
        };
        // SAFETY: as above.
        unsafe { with_run(run, body) }
    })
}

/// The centres that k-means starts from with the seeds of a layer, as a job does with `seeds`: the
/// means of the scenes' valid pixels under the layer's points and polygons. They are a JSON object
/// of means by name, which `bandcluster_fit_summary_json` takes as `init`. Features with the same
/// value of `field` are one seed; NULL: each feature is a seed. Only blocks with seeds are read.
/// The caller frees the text with `bandcluster_text_free`.
#[no_mangle]
pub unsafe extern "C" fn bandcluster_scenes_seeds(
    scenes: *const bandcluster_scenes,
    layer: *const c_char,
    field: *const c_char,
    run: *const bandcluster_run,
    init_json: *mut *mut c_char,
) -> bandcluster_status {
    guard(|| {
        // SAFETY: the caller's promise, here and below.
        let (scenes, init_json) =
            unsafe { (borrow(scenes, "scenes")?, output(init_json, "init_json")?) };
        // SAFETY: as above.
        let (layer, field) = unsafe { (path(layer, "layer")?, optional_string(field, "field")?) };
        let body = |run: &mut Run| {
            let init = serde_json::to_string(&scenes.pieces.seeds(&layer, field, run)?)
                .unwrap_or_default();
            *init_json = CString::new(init).unwrap_or_default().into_raw();
            Ok(())
        };
        // SAFETY: as above.
        unsafe { with_run(run, body) }
    })
}

/// Gives a model of the scenes what their files say about its bands: names, nodata values, scales
/// and offsets, and which bands show as red, green and blue.
#[no_mangle]
pub unsafe extern "C" fn bandcluster_scenes_describe(
    scenes: *const bandcluster_scenes,
    model: *mut bandcluster_model,
) -> bandcluster_status {
    guard(|| {
        // SAFETY: the caller's promise.
        let (scenes, model) = unsafe { (borrow(scenes, "scenes")?, borrow_mut(model, "model")?) };
        scenes.pieces.describe(model.model_mut())
    })
}

/// Frees scenes. NULL is ignored.
#[no_mangle]
pub unsafe extern "C" fn bandcluster_scenes_free(scenes: *mut bandcluster_scenes) {
    // SAFETY: the caller's promise.
    unsafe { free(scenes) }
}
