//! Virtual rasters, written to files.

use std::path::{Path, PathBuf};

use schemars::JsonSchema;
use serde::Serialize;

use super::labelling::commit;
use super::options::RunOptions;
use super::output_names::Names;
use super::record::{Cost, Record};
use crate::error::{invalid_option, Result};
use crate::gdal::{scene_name, Staged, VirtualRaster};
use crate::progress::Run;

/// The outcome of `open_product` and `stack`.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Stacked {
    /// The files that the virtual raster reads: keep them where they are.
    pub inputs: Vec<String>,
    /// The virtual raster.
    pub output: String,
    /// The names of its bands.
    pub bands: Vec<String>,
    /// Columns.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// What the user should know.
    pub warnings: Vec<crate::assess::Warning>,
    #[serde(flatten)]
    #[allow(missing_docs)]
    pub cost: Cost,
}

/// Checks the output name of a virtual raster.
pub(super) fn check_name(inputs: &[PathBuf], output: &Path, run: &RunOptions) -> Result<()> {
    let is_virtual =
        output.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("vrt"));
    if !is_virtual {
        let shown = output.display();
        return invalid_option("output", format!(" is {shown}: give a name that ends in .vrt"));
    }
    Names { inputs: inputs.to_vec(), raster: Some(output), ..Names::default() }.check(run)
}

/// Writes a virtual raster.
pub(super) fn write(
    record: Record,
    inputs: &[PathBuf],
    raster: VirtualRaster,
    output: &Path,
    (options, run): (&RunOptions, &mut Run),
) -> Result<Stacked> {
    let names = Names { raster: Some(output), ..Names::default() };
    let file = Staged::with_bytes(output, raster.xml.as_bytes())?;
    commit(vec![file], run, || names.check_free(options))?;
    Ok(Stacked {
        inputs: inputs.iter().map(|input| scene_name(std::slice::from_ref(input))).collect(),
        output: output.display().to_string(),
        bands: raster.bands,
        width: raster.size.0,
        height: raster.size.1,
        warnings: Vec::new(),
        cost: record.cost(),
    })
}
