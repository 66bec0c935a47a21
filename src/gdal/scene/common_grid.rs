//! The common grid to which files of different resolutions are resampled, through virtual rasters.

use super::georeference;
use super::inventory::Entry;
use super::source::{MaskKind, Source};
use super::subset::Subset;
use crate::error::{invalid_data, invalid_option, Result};
use crate::gdal::blocks::Blocks;
use crate::gdal::{ffi, problem};

/// The minimum share of the finest file's ground that all files must cover.
const LEAST_SHARED: f64 = 0.5;

/// By how much two equal resolutions may differ: writers round.
const SAME: f64 = 1e-6;

/// Rows and columns with their corner: a north-up grid.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Grid {
    size: (usize, usize),
    /// Upper left corner.
    corner: (f64, f64),
    /// Width and height of a pixel.
    pixel: (f64, f64),
}

/// Left, bottom, right and top.
type Extent = [f64; 4];

/// Resamples files to a common grid: that of the finest file, or one of `resolution` (units of the
/// reference system) from the same corner, over the ground that all files cover. Files that are on
/// this grid already stay. The others are replaced by virtual rasters, and `bands`, which are in
/// these files, are updated. Bands with `nodata` (one entry for each) are resampled without it.
/// Bands of classes are not averaged, and do not count for the resolution. Returns the blocks to
/// read: those of the first band that is stored on the grid.
///
/// # Errors
/// `InvalidData` for files that do not fit together; `Option` for an invalid resolution.
pub(in crate::gdal) fn resample(
    sources: &mut Vec<Source>,
    bands: &mut [Entry],
    nodata: &[Option<f64>],
    resolution: Option<f64>,
) -> Result<Blocks> {
    let Some(grid) = common_grid(sources, bands, resolution)? else {
        return Ok(bands[0].band.blocks.clone());
    };
    let mut stored = None;
    for file in 0..sources.len() {
        let own = Grid::of(&sources[file])?;
        if own.is(&grid) {
            let band = bands.iter().find(|entry| entry.file == file && !entry.is_classes());
            stored = stored.or(band.map(|entry| entry.band.blocks.clone()));
            continue;
        }
        let groups = groups(file, bands, nodata);
        let resampled =
            groups.iter().map(|group| grid.resampled(&sources[file], &own, group, bands));
        let resampled = resampled.collect::<Result<Vec<_>>>()?;
        for (number, (group, source)) in groups.iter().zip(resampled).enumerate() {
            let place = if number == 0 { file } else { sources.len() };
            group.move_to(&source, place, bands)?;
            if number == 0 {
                sources[file] = source;
            } else {
                sources.push(source);
            }
        }
    }
    Ok(stored.unwrap_or_else(|| bands[0].band.blocks.clone()))
}

/// Bands of one file that are resampled in the same way. A band with a nodata value is a group of
/// its own: with several such bands, gdalwarp gives values to pixels that would have none with a
/// single band.
struct Group {
    /// The chosen bands in the group, by index.
    members: Vec<usize>,
    nodata: Option<f64>,
    are_classes: bool,
}

/// The groups of the chosen bands of a file.
fn groups(file: usize, bands: &[Entry], nodata: &[Option<f64>]) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    let is_alone = |member: usize, nodata: Option<f64>| {
        nodata.is_some() || bands[member].band.mask == MaskKind::Own
    };
    for (member, entry) in bands.iter().enumerate().filter(|(_, entry)| entry.file == file) {
        // A value that no sample can have is not passed to gdalwarp, which would take the nearest
        // possible value.
        let is_sample = |value: &f64| match value.is_nan() {
            true => entry.band.sample_type.is_float(),
            false => entry.band.nodata_range(*value).is_some(),
        };
        let (nodata, are_classes) = (nodata[member].filter(is_sample), entry.is_classes());
        let fits = |group: &&mut Group| {
            group.are_classes == are_classes && !is_alone(group.members[0], group.nodata)
        };
        match groups.iter_mut().find(fits).filter(|_| !is_alone(member, nodata)) {
            Some(group) => group.members.push(member),
            None => groups.push(Group { members: vec![member], nodata, are_classes }),
        }
    }
    groups
}

impl Group {
    /// The bands by their numbers in their file, and the alpha bands that are not data.
    fn subset<'s>(&self, source: &'s Source, bands: &[Entry]) -> Subset<'s> {
        let file = bands[self.members[0]].file;
        let is_data = |alpha: &usize| {
            bands.iter().any(|entry| entry.file == file && entry.band.index == *alpha)
        };
        Subset {
            source,
            bands: self.members.iter().map(|member| bands[*member].band.index).collect(),
            alphas: source.alphas().filter(|alpha| !is_data(alpha)).collect(),
        }
    }

    /// Updates the bands: they are now those of a resampled file, in this order.
    fn move_to(&self, resampled: &Source, file: usize, bands: &mut [Entry]) -> Result<()> {
        // The blocks are those in which the warper computes: the file's blocks have other pixels.
        let size = resampled.dataset.rasterband(1).map(|band| band.block_size());
        let size = size.map_err(|error| cannot_be_resampled(resampled, &error))?;
        for (place, member) in self.members.iter().enumerate() {
            let entry = &mut bands[*member];
            (entry.file, entry.band.index) = (file, place + 1);
            entry.band.blocks = Blocks { size, parts: Vec::new() };
            entry.band.mask = resampled.bands[place].mask;
        }
        Ok(())
    }
}

fn cannot_be_resampled(source: &Source, error: &gdal::errors::GdalError) -> crate::Error {
    problem::io(&source.name(), "cannot be resampled", error)
}

/// The common grid of all files; `None` if they fit as they are.
fn common_grid(
    sources: &[Source],
    bands: &[Entry],
    resolution: Option<f64>,
) -> Result<Option<Grid>> {
    let role = "the bands of a scene";
    let reference = &sources[georeference::reference(sources)];
    let fit = sources.iter().try_for_each(|other| georeference::check_same(reference, other, role));
    let placed = sources.iter().all(|source| georeference::transform(&source.dataset).is_some());
    // Files of one resolution that do not fit belong to different scenes: nothing is resampled.
    if resolution.is_none() && (fit.is_ok() || !placed || of_one_resolution(sources)) {
        return fit.map(|()| None);
    }
    sources.iter().try_for_each(|other| georeference::check_system(reference, other, role))?;
    let finest = finest(sources, bands)?;
    let base = match resolution {
        None => finest,
        Some(resolution) => finest.at(resolution)?,
    };
    if fit.is_ok() && base.is(&finest) {
        return Ok(None);
    }
    let mut shared = finest.extent();
    for source in sources {
        let own = Grid::of(source)?.extent();
        shared = intersection(&shared, &own);
        if area(&shared) < LEAST_SHARED * area(&finest.extent()) {
            return invalid_data(format!(
                "{} shows less than half of the ground of the other files: {role} must lie on the \
                 same ground (compare them with gdalinfo)",
                source.name()
            ));
        }
    }
    base.within(&shared).map(Some)
}

/// Whether the pixels of all files have one size.
fn of_one_resolution(sources: &[Source]) -> bool {
    let width = |source: &Source| {
        georeference::transform(&source.dataset).map_or(0.0, |transform| transform[1])
    };
    let first = width(&sources[0]);
    sources.iter().all(|source| (width(source) - first).abs() <= SAME * first.abs())
}

/// The grid of the file with the smallest pixels; the first one if several are equal.
fn finest(sources: &[Source], bands: &[Entry]) -> Result<Grid> {
    let mut finest: Option<Grid> = None;
    for (file, source) in sources.iter().enumerate() {
        let own = Grid::of(source)?;
        let counts = bands.iter().any(|entry| entry.file == file && !entry.is_classes());
        if counts && finest.is_none_or(|finest| own.pixel.0 < finest.pixel.0 * (1.0 - SAME)) {
            finest = Some(own);
        }
    }
    finest.map_or_else(|| Grid::of(&sources[0]), Ok)
}

impl Grid {
    fn of(source: &Source) -> Result<Grid> {
        match georeference::transform(&source.dataset) {
            Some([x, width, 0.0, y, 0.0, height]) if width > 0.0 && height < 0.0 => {
                Ok(Grid { size: source.size, corner: (x, y), pixel: (width, -height) })
            }
            Some(_) => invalid_data(format!(
                "{} is not north-up and cannot be resampled here: bring it to a north-up grid \
                 first (gdalwarp)",
                source.name()
            )),
            None => invalid_data(format!(
                "{} has no georeference and cannot be resampled: georeference it first \
                 (gdal_translate -a_ullr)",
                source.name()
            )),
        }
    }

    fn extent(&self) -> Extent {
        let (width, height) =
            (self.size.0 as f64 * self.pixel.0, self.size.1 as f64 * self.pixel.1);
        [self.corner.0, self.corner.1 - height, self.corner.0 + width, self.corner.1]
    }

    /// The grid from the same corner with pixels of another size.
    fn at(&self, resolution: f64) -> Result<Grid> {
        let [left, bottom, right, top] = self.extent();
        let count = |length: f64| (length / resolution - SAME).ceil();
        let (columns, rows) = (count(right - left), count(top - bottom));
        let most = f64::from(i32::MAX);
        if !(resolution > 0.0 && columns <= most && rows <= most) || right - left < resolution / 2.0
        {
            return invalid_option(
                "resolution",
                format!(
                    " is {resolution}: give the size of a pixel in units of the reference system, \
                     such as {}",
                    self.pixel.0
                ),
            );
        }
        Ok(Grid {
            size: (columns as usize, rows as usize),
            pixel: (resolution, resolution),
            ..*self
        })
    }

    /// The part of the grid whose pixels have their centres inside an extent.
    fn within(&self, [left, bottom, right, top]: &Extent) -> Result<Grid> {
        let part = |from: f64, to: f64, n: usize| {
            let first = (from - 0.5 - SAME).ceil().max(0.0);
            let end = (to - 0.5 + SAME).floor().min(n as f64 - 1.0) + 1.0;
            (first, (end - first).max(0.0) as usize)
        };
        let (x, columns) = part(
            (left - self.corner.0) / self.pixel.0,
            (right - self.corner.0) / self.pixel.0,
            self.size.0,
        );
        let (y, rows) = part(
            (self.corner.1 - top) / self.pixel.1,
            (self.corner.1 - bottom) / self.pixel.1,
            self.size.1,
        );
        if columns == 0 || rows == 0 {
            return invalid_data(
                "the bands of the scene share no ground: give files of the same place (compare \
                 them with gdalinfo)",
            );
        }
        let corner = (self.corner.0 + x * self.pixel.0, self.corner.1 - y * self.pixel.1);
        Ok(Grid { size: (columns, rows), corner, ..*self })
    }

    /// Whether two grids have the same pixels.
    fn is(&self, other: &Grid) -> bool {
        let apart = georeference::corners_apart(&self.transform(), &other.transform(), self.size);
        self.size == other.size && apart <= georeference::TOLERANCE
    }

    fn transform(&self) -> [f64; 6] {
        [self.corner.0, self.pixel.0, 0.0, self.corner.1, 0.0, -self.pixel.1]
    }

    /// A group of a file's bands, resampled to the grid.
    fn resampled(
        &self,
        source: &Source,
        own: &Grid,
        group: &Group,
        bands: &[Entry],
    ) -> Result<Source> {
        let method = match group.are_classes {
            true => "near",
            false if own.pixel.0 < self.pixel.0 * (1.0 - SAME) => "average",
            false => "bilinear",
        };
        let subset = group.subset(source, bands).open()?;
        let arguments = self.arguments(&subset, method, group.nodata);
        let xml = ffi::warped_xml(&subset.dataset, &arguments, &self.transform())
            .map_err(|error| cannot_be_resampled(source, &error))?;
        let mut resampled = Source::named(xml.as_ref(), source.name())?;
        resampled.in_turn |= source.in_turn;
        Ok(resampled)
    }

    /// The arguments of gdalwarp. Coordinates are exact (`-et 0`: nothing is approximated), and no
    /// overview is used, so that averages are averages of the pixels themselves.
    fn arguments(&self, source: &Source, method: &str, nodata: Option<f64>) -> Vec<String> {
        let [left, bottom, right, top] = self.extent();
        let mut arguments: Vec<String> =
            ["-of", "VRT", "-et", "0", "-ovr", "NONE", "-r", method].map(String::from).to_vec();
        arguments.push("-te".into());
        arguments.extend([left, bottom, right, top].map(|edge| edge.to_string()));
        arguments.extend(["-ts".into(), self.size.0.to_string(), self.size.1.to_string()]);
        if let Some(value) = nodata {
            arguments.extend([
                "-srcnodata".into(),
                value.to_string(),
                "-dstnodata".into(),
                value.to_string(),
            ]);
        }
        if source.is_masked() {
            // A mask, like an alpha band, is passed on as an alpha band.
            arguments.push("-dstalpha".into());
        }
        arguments
    }
}

fn intersection(a: &Extent, b: &Extent) -> Extent {
    [a[0].max(b[0]), a[1].max(b[1]), a[2].min(b[2]), a[3].min(b[3])]
}

fn area(extent: &Extent) -> f64 {
    (extent[2] - extent[0]).max(0.0) * (extent[3] - extent[1]).max(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEN: Grid = Grid { size: (832, 832), corner: (440730.0, 4179460.0), pixel: (10.0, 10.0) };

    #[test]
    fn a_coarser_grid_begins_at_the_same_corner_and_ends_behind_the_last_pixel() {
        let grid = TEN.at(60.0).unwrap();
        assert_eq!((grid.size, grid.corner), ((139, 139), TEN.corner));
        assert_eq!(TEN.at(10.0).unwrap(), TEN);
        for bad in [0.0, -10.0, f64::NAN, f64::INFINITY, 1e-9, 1e9] {
            assert!(TEN.at(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn pixels_with_their_centres_outside_are_left_out() {
        // A coarse file whose pixels begin half a fine pixel later, as Landsat's do.
        let part = TEN.within(&[440735.0, 4171140.0, 449050.0, 4179455.0]).unwrap();
        assert_eq!((part.size, part.corner), ((832, 832), TEN.corner));
        let part = TEN.within(&[440736.0, 4171140.0, 449030.0, 4179460.0]).unwrap();
        assert_eq!((part.size, part.corner), ((829, 832), (440740.0, 4179460.0)));
        assert!(TEN.within(&[0.0, 0.0, 10.0, 10.0]).is_err());
    }
}
