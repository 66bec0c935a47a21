//! Which pixels of a scene are valid, besides nodata values: the files' own masks and alpha bands,
//! a given mask, the scene classification, an area of interest.

use std::path::PathBuf;

use gdal::Dataset;

use super::aoi::AreaOfInterest;
use super::inventory::Entry;
use super::source::{open_dataset, MaskKind, Source};
use crate::error::Result;
use crate::gdal::blocks::Window;
use crate::gdal::problem;
use crate::product::SCL_LEFT_OUT;

/// The masks of a scene. A pair of numbers is a file of the scene and a band in that file.
#[derive(Debug, Clone)]
pub(in crate::gdal) struct Masks {
    /// Bands whose masks to apply.
    own: Vec<(usize, usize)>,
    alphas: Vec<(usize, usize)>,
    /// A raster with the scene's pixels: pixels where it is 0, or not valid itself, are left out.
    pub(in crate::gdal) file: Option<PathBuf>,
    /// The scene classification.
    pub(in crate::gdal) scl: Option<(usize, usize)>,
    pub(in crate::gdal) aoi: Option<AreaOfInterest>,
}

impl Masks {
    /// The masks of the chosen bands, and of the files they are in.
    pub(in crate::gdal) fn new(sources: &[Source], chosen: &[Entry]) -> Masks {
        Masks {
            own: own(chosen),
            alphas: alphas(sources, chosen),
            file: None,
            scl: None,
            aoi: None,
        }
    }

    /// Whether there is no mask, so that all pixels are valid.
    pub(in crate::gdal) fn is_empty(&self) -> bool {
        let Masks { own, alphas, file, scl, aoi } = self;
        own.is_empty() && alphas.is_empty() && file.is_none() && scl.is_none() && aoi.is_none()
    }
}

/// One per file if its bands share a mask.
fn own(chosen: &[Entry]) -> Vec<(usize, usize)> {
    let mut masks: Vec<(usize, usize)> = Vec::new();
    for Entry { file, band, .. } in chosen {
        let shared = band.mask == MaskKind::Shared && masks.iter().any(|(other, _)| other == file);
        if band.mask != MaskKind::None && !shared {
            masks.push((*file, band.index));
        }
    }
    masks
}

/// The alpha bands of the chosen bands' files, as masks: file and band.
pub(in crate::gdal) fn alphas(sources: &[Source], chosen: &[Entry]) -> Vec<(usize, usize)> {
    let used = |file: usize| chosen.iter().any(|entry| entry.file == file);
    // An alpha band that is chosen as data is data.
    let is_data = |place: &(usize, usize)| chosen.iter().any(|entry| entry.place() == *place);
    let of_file = |(file, source): (usize, &Source)| -> Vec<(usize, usize)> {
        source
            .alphas()
            .map(|band| (file, band))
            .filter(|place| used(file) && !is_data(place))
            .collect()
    };
    sources.iter().enumerate().flat_map(of_file).collect()
}

/// Reads the masks of a scene: its own open files.
pub(in crate::gdal) struct MaskReader<'s> {
    masks: &'s Masks,
    file: Option<Dataset>,
}

impl<'s> MaskReader<'s> {
    /// Opens what the masks need besides the scene's files.
    pub(in crate::gdal) fn open(masks: &'s Masks) -> Result<MaskReader<'s>> {
        Ok(MaskReader { masks, file: masks.file.as_deref().map(open_dataset).transpose()? })
    }

    /// Fills `valid` from all masks: 0 where any of them leaves a pixel out. Returns whether any
    /// pixel is left. `names` are those of the scene's files.
    pub(in crate::gdal) fn read(
        &self,
        files: &[Dataset],
        names: &[String],
        window: Window,
        valid: &mut [u8],
    ) -> Result<bool> {
        valid.fill(1);
        if let Some(aoi) = &self.masks.aoi {
            if !aoi.burn(window, valid)? {
                return Ok(false);
            }
        }
        for (file, band) in &self.masks.own {
            read_band_mask(&files[*file], *band, window, valid)
                .map_err(|error| damaged(&names[*file], &error))?;
        }
        for (file, band) in &self.masks.alphas {
            // A nodata value does not apply to an alpha band.
            read_values(&files[*file], *band, window, valid)
                .map_err(|error| damaged(&names[*file], &error))?;
        }
        if let (Some(dataset), Some(path)) = (&self.file, &self.masks.file) {
            let mut read = || {
                read_values(dataset, 1, window, valid)?;
                // Pixels that are not valid in the raster itself are left out, whatever their
                // value.
                read_band_mask(dataset, 1, window, valid)
            };
            read().map_err(|error| damaged(&path.display().to_string(), &error))?;
        }
        if let Some((file, band)) = self.masks.scl {
            read_scl(&files[file], band, window, valid)
                .map_err(|error| damaged(&names[file], &error))?;
        }
        Ok(valid.contains(&1))
    }
}

fn read_band_mask(
    dataset: &Dataset,
    band: usize,
    window: Window,
    valid: &mut [u8],
) -> gdal::errors::Result<()> {
    let mut mask = vec![0u8; valid.len()];
    let (at, size) = offset_and_size(window);
    dataset.rasterband(band)?.open_mask_band()?.read_into_slice(at, size, size, &mut mask, None)?;
    valid.iter_mut().zip(&mask).for_each(|(ok, mask)| *ok &= u8::from(*mask != 0));
    Ok(())
}

fn read_scl(
    dataset: &Dataset,
    band: usize,
    window: Window,
    valid: &mut [u8],
) -> gdal::errors::Result<()> {
    let mut classes = vec![0u8; valid.len()];
    let (at, size) = offset_and_size(window);
    dataset.rasterband(band)?.read_into_slice(at, size, size, &mut classes, None)?;
    valid
        .iter_mut()
        .zip(&classes)
        .for_each(|(ok, class)| *ok &= u8::from(!SCL_LEFT_OUT.contains(class)));
    Ok(())
}

/// Reads a mask that is a band of values, as floats, since 256 and 0.3 are not 0 either.
fn read_values(
    dataset: &Dataset,
    band: usize,
    window: Window,
    valid: &mut [u8],
) -> gdal::errors::Result<()> {
    let mut mask = vec![0f64; valid.len()];
    let (at, size) = offset_and_size(window);
    dataset.rasterband(band)?.read_into_slice(at, size, size, &mut mask, None)?;
    let keep = |mask: f64| mask != 0.0 && !mask.is_nan();
    valid.iter_mut().zip(&mask).for_each(|(ok, mask)| *ok &= u8::from(keep(*mask)));
    Ok(())
}

fn offset_and_size(window: Window) -> ((isize, isize), (usize, usize)) {
    ((window.x as isize, window.y as isize), (window.width, window.height))
}

/// The error for a file whose pixels cannot be read.
pub(in crate::gdal) fn damaged(name: &str, error: &gdal::errors::GdalError) -> crate::Error {
    let what = "its pixels cannot be read, the file may be truncated or damaged; copy it again";
    problem::io(name, what, error)
}
