//! The scenes of a fit, cut into pieces for the workers of a cluster, each of which reads some
//! pieces. The merged summaries of the pieces are the summary of the whole; so are the refinements.

use std::path::Path;

use serde::Serialize;

use super::fit::Fit;
use super::labelling::describe_bands;
use super::options::required;
use super::passes::{Piece, Pixels};
use super::seeds::centers;
use super::Request;
use crate::error::{invalid_argument, Result};
use crate::gdal::{library, quiet, Quiet, Scene, Unit};
use crate::model::{Init, Model, Refinement};
use crate::progress::Run;
use crate::summary::Summary;

/// The default number of pixels of a piece: about a second of reading, and little to repeat if a
/// worker is lost.
const PIECE_PIXELS: u64 = 16 << 20;

/// The scenes of a fit, which any number of threads may read at once.
pub struct Pieces {
    scenes: Vec<Scene>,
    pieces: Vec<Piece>,
}

/// Facts about scenes and their pieces.
#[derive(Debug, Serialize)]
pub struct PiecesInfo {
    /// The scenes, as messages call them.
    pub scenes: Vec<String>,
    /// Number of pieces.
    pub n_pieces: usize,
    /// Number of pixels.
    pub n_pixels: u64,
    /// Number of bands.
    pub n_bands: usize,
    /// The type of the samples, which can hold those of all scenes.
    pub sample_type: &'static str,
}

impl Pieces {
    /// Opens the scenes of a request to fit, and cuts them into pieces of about `piece_pixels`
    /// pixels (0: 16 million), along the blocks that files store. The request may have only
    /// `inputs` and the options of reading.
    ///
    /// # Errors
    /// `InvalidArgument` and `Option` for a request that has other options or invalid values; `Io`
    /// when a scene cannot be opened.
    pub fn open(request: &Request, piece_pixels: u64) -> Result<Pieces> {
        let Request::Fit(fit) = request else {
            return invalid_argument(
                "the request is not one to fit: give {\"command\": \"fit\", \"inputs\": [...]}",
            );
        };
        let reading =
            Fit { inputs: fit.inputs.clone(), reading: fit.reading.clone(), ..Fit::default() };
        if *fit != reading {
            return invalid_argument(
                "the request has more than the scenes and how to read them: give only inputs, \
                 bands, nodata, resolution, mask, mask_scl and aoi",
            );
        }
        required(
            "inputs",
            !fit.inputs.is_empty() && fit.inputs.iter().all(|one| !one.values().is_empty()),
        )?;
        let _quiet = quiet_errors();
        let scenes = fit.reading.open_all(&fit.inputs)?;
        let piece_pixels = if piece_pixels == 0 { PIECE_PIXELS } else { piece_pixels };
        let of_scene = |(scene, opened): (usize, &Scene)| cut(scene, &opened.units(), piece_pixels);
        let pieces = scenes.iter().enumerate().flat_map(of_scene).collect();
        Ok(Pieces { scenes, pieces })
    }

    /// Facts about them.
    pub fn info(&self) -> PiecesInfo {
        PiecesInfo {
            scenes: self.scenes.iter().map(|scene| scene.name().into()).collect(),
            n_pieces: self.pieces.len(),
            n_pixels: self.scenes.iter().map(Scene::n_pixels).sum(),
            n_bands: self.scenes[0].n_bands(),
            sample_type: self.scenes[0].sample_type().name(),
        }
    }

    /// The summary of a piece (from 0), in at most `memory` bytes.
    ///
    /// # Errors
    /// `InvalidArgument` when there is no such piece; those of [`Summary::new`]; `Io`; `Cancelled`.
    pub fn summarise(&self, piece: u64, memory: usize, run: &mut Run) -> Result<Summary> {
        let _quiet = quiet_errors();
        Ok(self.piece(piece)?.summarise(memory, run)?.0)
    }

    /// One exact step of a model over a piece (from 0).
    ///
    /// # Errors
    /// `InvalidArgument` when there is no such piece, or the model has other bands; `Io`;
    /// `Cancelled`.
    pub fn refine(&self, piece: u64, model: &Model, run: &mut Run) -> Result<Refinement> {
        model.check_bands(self.scenes[0].n_bands())?;
        let _quiet = quiet_errors();
        self.piece(piece)?.step(model, run)
    }

    /// The centres that k-means starts from with the seeds of a layer, as in a job: the means of
    /// the scenes' valid pixels under each seed. Blocks without seeds are not read.
    ///
    /// # Errors
    /// `Io` for a file that cannot be read; `Option` for an unknown field; `InvalidData` for a
    /// layer without seeds, or a seed without a valid pixel; `Cancelled`.
    pub fn seeds(&self, layer: &Path, field: Option<&str>, run: &mut Run) -> Result<Init> {
        let _quiet = quiet_errors();
        centers(layer, field, &self.scenes, run)
    }

    /// Stores in a model of the scenes what they say about its bands: names, nodata, scale and
    /// offset, and which bands colour its classes.
    ///
    /// # Errors
    /// `InvalidArgument` when the model has other bands.
    pub fn describe(&self, model: &mut Model) -> Result<()> {
        model.check_bands(self.scenes[0].n_bands())?;
        describe_bands(model, &self.scenes)
    }

    fn piece(&self, number: u64) -> Result<Pixels<'_>> {
        match usize::try_from(number).ok().and_then(|number| self.pieces.get(number)) {
            Some(piece) => Ok(Pixels::of_piece(&self.scenes, piece)),
            None => invalid_argument(format!(
                "piece {number} was asked for: the scenes have {}, from 0",
                self.pieces.len()
            )),
        }
    }
}

/// The units of a scene, grouped into pieces of at least `pixels` pixels.
fn cut(scene: usize, units: &[Unit], pixels: u64) -> Vec<Piece> {
    let (mut pieces, mut first, mut gathered) = (Vec::new(), 0, 0);
    for (index, unit) in units.iter().enumerate() {
        gathered += unit.window().n_pixels() as u64;
        if gathered >= pixels || index + 1 == units.len() {
            pieces.push(Piece { scene, units: first..index + 1 });
            (first, gathered) = (index + 1, 0);
        }
    }
    pieces
}

/// The host's own handler of GDAL's errors stays.
fn quiet_errors() -> Option<Quiet> {
    library().ok().map(|_| quiet())
}
