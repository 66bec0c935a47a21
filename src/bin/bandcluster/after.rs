//! What is done with a map once its labels are there.

use std::path::{Path, PathBuf};

use bandcluster::gdal::Filters;
use bandcluster::kernel::Majority;
use bandcluster::{Error, Result};
use clap::Args;

use super::args::number;

/// What to make of the map.
#[derive(Args)]
pub struct AfterArgs {
    /// Give every pixel the class that is most frequent in the N x N pixels around it; N is odd, such as 3
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    majority: Option<i64>,
    /// Give patches smaller than N pixels the class of their largest neighbour (after --majority, if both are asked for)
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    sieve: Option<i64>,
    /// Polygons of the map's patches to write, with value, name, area and colour: .gpkg, .geojson, .fgb, .shp
    #[arg(long, value_name = "CLASSES.gpkg")]
    polygons: Option<PathBuf>,
}

/// What to make of the map, checked.
#[derive(Clone, Copy, Default)]
pub struct After<'a> {
    pub filters: Filters,
    pub polygons: Option<&'a Path>,
}

impl AfterArgs {
    /// The options, checked.
    pub fn options(&self) -> Result<After<'_>> {
        let majority = self.majority.map(|window| match u32::try_from(window) {
            Ok(window) => Majority::new(window),
            Err(_) => {
                Err(Error::InvalidArgument(format!("--majority is {window}: give an odd number, such as 3")))
            }
        });
        let sieve = self.sieve.map(|size| number("--sieve", size, i64::from(i32::MAX)));
        let filters = Filters { majority: majority.transpose()?, sieve: sieve.transpose()? };
        Ok(After { filters, polygons: self.polygons() })
    }

    /// The file of the polygons.
    pub fn polygons(&self) -> Option<&Path> {
        self.polygons.as_deref()
    }
}
