//! Ground control points and reference systems.

use gdal::cpl::CslStringList;
use gdal::errors::Result;
use gdal::spatial_ref::SpatialRef;
use gdal::Dataset;

use super::status::check;

/// Copies the ground control points of a file, with their reference system, to another, if there
/// are any.
pub(crate) fn copy_gcps(from: &Dataset, to: &mut Dataset) -> Result<()> {
    let source = from.c_dataset();
    // SAFETY: both handles are open. The points and their system belong to the source, which
    // outlives the call, and are copied by it.
    unsafe {
        match gdal_sys::GDALGetGCPCount(source) {
            0 => Ok(()),
            n => check(gdal_sys::GDALSetGCPs2(
                to.c_dataset(),
                n,
                gdal_sys::GDALGetGCPs(source),
                gdal_sys::GDALGetGCPSpatialRef(source),
            )),
        }
    }
}

/// How many ground control points a file has.
pub(crate) fn gcp_count(dataset: &Dataset) -> i32 {
    // SAFETY: the handle is open as long as `dataset` lives.
    unsafe { gdal_sys::GDALGetGCPCount(dataset.c_dataset()) }
}

/// A reference system without its heights.
pub(crate) fn horizontal(system: &SpatialRef) -> SpatialRef {
    let flat = system.clone();
    // SAFETY: the handle belongs to `flat`, which is nobody else's; heights that cannot be removed
    // stay.
    unsafe {
        gdal_sys::OSRStripVertical(flat.to_c_hsrs());
        gdal_sys::OSRDemoteTo2D(flat.to_c_hsrs(), std::ptr::null());
    }
    flat
}

/// Whether two reference systems are equivalent without their heights, whatever the order of their
/// axes.
pub(crate) fn is_same_horizontal(a: &SpatialRef, b: &SpatialRef) -> bool {
    let options: CslStringList = [
        "IGNORE_DATA_AXIS_TO_SRS_AXIS_MAPPING=YES",
        "CRITERION=EQUIVALENT_EXCEPT_AXIS_ORDER_GEOGCRS",
    ]
    .into_iter()
    .collect();
    let (a, b) = (horizontal(a), horizontal(b));
    // SAFETY: handles and list live longer than the call, which only reads them.
    unsafe { gdal_sys::OSRIsSameEx(a.to_c_hsrs(), b.to_c_hsrs(), options.as_ptr().cast()) == 1 }
}
