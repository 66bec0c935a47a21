//! The filters and polygons of a finished map.

use std::path::Path;

use super::options::{named, number, MapOptions};
use crate::error::{invalid_option, Result};
use crate::gdal::Filters;
use crate::kernel::Majority;

/// The filters and the name of the polygons, checked.
#[derive(Clone, Copy, Default)]
pub(super) struct Postprocessing<'a> {
    pub filters: Filters,
    pub polygons: Option<&'a Path>,
}

impl MapOptions {
    /// The filters and the name of the polygons, checked.
    pub(super) fn postprocessing(&self) -> Result<Postprocessing<'_>> {
        let majority = self.majority.map(|window| match u32::try_from(window) {
            Ok(window) => named("majority", Majority::new(window)),
            Err(_) => {
                invalid_option("majority", format!(" is {window}: give an odd number, such as 3"))
            }
        });
        let sieve = self.sieve.map(|size| number("sieve", size, i64::from(i32::MAX)));
        let filters = Filters { majority: majority.transpose()?, sieve: sieve.transpose()? };
        Ok(Postprocessing { filters, polygons: self.polygons.as_deref() })
    }
}
