//! The calls into libgdal that the `gdal` crate has no wrapper for, and the memory they write to.
//! The only `unsafe` of this room.

use std::ffi::{c_char, c_int, c_void, CStr};
use std::marker::PhantomData;
use std::path::Path;

use gdal::cpl::CslStringList;
use gdal::errors::Result;
use gdal::vector::Geometry;
use gdal::{Dataset, Driver, Metadata};
use gdal_sys::{CPLErr, GDALRWFlag};

mod attribute_table;
mod files;
mod georeference;
mod status;

pub(crate) use attribute_table::{
    attribute_table, category_names, set_attribute_table, set_category_names, AttributeTable,
    Column, Values,
};
pub(crate) use files::{file_list, is_there, read_file, stamp};
pub(crate) use georeference::{copy_gcps, gcp_count, horizontal, is_same_horizontal};
pub(crate) use status::last_message;

use self::status::{check, last_error};
use super::blocks::Window;
use crate::raster::{LabelType, LabelsMut, Layout, Raster};

/// Sets the size of GDAL's cache of decoded blocks, shared by all files of the process.
pub(super) fn set_cache_bytes(bytes: usize) {
    let bytes = i64::try_from(bytes).unwrap_or(i64::MAX);
    // SAFETY: the call takes a number and may be made at any time.
    unsafe { gdal_sys::GDALSetCacheMax64(bytes) };
}

/// The bytes of decoded blocks in GDAL's cache.
pub(super) fn cache_used() -> usize {
    // SAFETY: the call may be made at any time.
    usize::try_from(unsafe { gdal_sys::GDALGetCacheUsed64() }).unwrap_or(0)
}

/// Removes the least recently used block from GDAL's cache, unless all are in use. Returns whether
/// one was removed.
pub(super) fn drop_oldest_block() -> bool {
    // SAFETY: the call may be made at any time; GDAL leaves alone blocks that a thread is using.
    unsafe { gdal_sys::GDALFlushCacheBlock() != 0 }
}

/// Reads a window of several bands (1-based, any order) in one call, so that a block that holds
/// them all is decoded once. `samples` is filled band after band, row after row, without gaps.
pub(super) fn read_bands(
    dataset: &Dataset,
    bands: &[i32],
    window: Window,
    data_type: u32,
    samples: &mut [u8],
) -> Result<()> {
    let mut bands = bands.to_vec();
    let n_samples = bands.len() * window.n_pixels();
    assert_eq!(
        n_samples * data_type_bytes(data_type),
        samples.len(),
        "the buffer is not the window's"
    );
    let (width, height) = (window.width as i32, window.height as i32);
    // SAFETY: the handle is open as long as `dataset` lives; the buffer has room for every sample,
    // as asserted, and is ours; spacings of 0 mean without gaps; GDAL itself checks window and
    // bands against the file.
    check(unsafe {
        gdal_sys::GDALDatasetRasterIOEx(
            dataset.c_dataset(),
            GDALRWFlag::GF_Read,
            window.x as i32,
            window.y as i32,
            width,
            height,
            samples.as_mut_ptr().cast(),
            width,
            height,
            data_type,
            bands.len() as i32,
            bands.as_mut_ptr(),
            0,
            0,
            0,
            std::ptr::null_mut(),
        )
    })
}

/// Writes a whole block of the first band without GDAL's cache: GDAL's threads compress it at once.
/// `values`, of `bytes` each, are as many as a block of the file has, also at the edges.
pub(super) fn write_block(
    dataset: &mut Dataset,
    (column, row): (usize, usize),
    bytes: usize,
    values: &[u8],
) -> Result<()> {
    let band = dataset.rasterband(1)?;
    let (width, height) = band.block_size();
    assert_eq!(width * height * bytes, values.len(), "the buffer is not the block's");
    // SAFETY: the band lives as long as its dataset; `values` holds every value of the block, and a
    // write only reads them, though C says `void *`.
    check(unsafe {
        let values = values.as_ptr().cast_mut().cast();
        gdal_sys::GDALWriteBlock(band.c_rasterband(), column as i32, row as i32, values)
    })
}

/// The values at some paths of an XML text, such as `DstRect.xOff`.
pub(super) fn xml_values<const N: usize>(xml: &str, paths: [&str; N]) -> [Option<String>; N] {
    let text = |text: &str| std::ffi::CString::new(text).unwrap_or_default();
    // SAFETY: strings end with a zero and outlive the calls; the tree (null for what is no XML)
    // belongs to the caller, and values live until it is destroyed below.
    unsafe {
        let tree = gdal_sys::CPLParseXMLString(text(xml).as_ptr());
        let values = paths.map(|path| {
            if tree.is_null() {
                return None;
            }
            let value = gdal_sys::CPLGetXMLValue(tree, text(path).as_ptr(), std::ptr::null());
            (!value.is_null()).then(|| CStr::from_ptr(value).to_string_lossy().into_owned())
        });
        gdal_sys::CPLDestroyXMLNode(tree);
        values
    }
}

/// A file resampled as gdalwarp's arguments say, as the text of a virtual raster: nothing is
/// computed yet. `transform` is that of the result: gdalwarp rounds its own.
pub(super) fn warped_xml(
    dataset: &Dataset,
    arguments: &[String],
    transform: &[f64; 6],
) -> Result<String> {
    let mut list = CslStringList::new();
    arguments.iter().try_for_each(|argument| list.add_string(argument))?;
    // SAFETY: options are made from a list that GDAL copies, and freed after the call; the source
    // is open and outlives it; a virtual raster without a name is kept in memory, and owned by the
    // dataset made of it.
    let mut warped = unsafe {
        let options = gdal_sys::GDALWarpAppOptionsNew(list.as_ptr(), std::ptr::null_mut());
        let mut sources = [dataset.c_dataset()];
        let none = std::ptr::null_mut();
        let made = gdal_sys::GDALWarp(
            c"".as_ptr(),
            none,
            1,
            sources.as_mut_ptr(),
            options,
            std::ptr::null_mut(),
        );
        gdal_sys::GDALWarpAppOptionsFree(options);
        if made.is_null() {
            return Err(last_error(CPLErr::CE_Failure));
        }
        Dataset::from_c_dataset(made)
    };
    warped.set_geo_transform(transform)?;
    Ok(warped.metadata_domain("xml:VRT").unwrap_or_default().join("\n"))
}

/// Cuts the sides of a geometry into pieces of at most this length.
pub(super) fn segmentize(geometry: &mut Geometry, most: f64) {
    // SAFETY: the geometry lives as long as its owner, and is borrowed alone.
    unsafe { gdal_sys::OGR_G_Segmentize(geometry.c_geometry(), most) };
}

/// A geometry with lines instead of its arcs.
pub(super) fn without_arcs(geometry: &Geometry) -> Result<Geometry> {
    // SAFETY: the geometry lives as long as its owner. The linear one is new: it is lent to
    // `linear`, which does not own it, and destroyed after its last use.
    unsafe {
        if gdal_sys::OGR_G_HasCurveGeometry(geometry.c_geometry(), 1) == 0 {
            return Ok(geometry.clone());
        }
        let made =
            gdal_sys::OGR_G_GetLinearGeometry(geometry.c_geometry(), 0.0, std::ptr::null_mut());
        if made.is_null() {
            return Err(last_error(CPLErr::CE_Failure));
        }
        let linear = Geometry::lazy_feature_geometry();
        linear.set_c_geometry(made);
        let bytes = linear.wkb();
        drop(linear);
        gdal_sys::OGR_G_DestroyGeometry(made);
        Geometry::from_wkb(&bytes?)
    }
}

/// A handler of errors on this thread, until it is dropped. It stays on its thread.
pub(super) struct Pushed<'f>(PhantomData<(&'f mut Vec<String>, *const ())>);

/// GDAL prints nothing on this thread.
pub(super) fn push_quiet_handler() -> Pushed<'static> {
    // SAFETY: the handler is GDAL's own, and needs no data.
    unsafe {
        gdal_sys::CPLPushErrorHandlerEx(Some(gdal_sys::CPLQuietErrorHandler), std::ptr::null_mut());
    }
    Pushed(PhantomData)
}

/// Failures on this thread go to a list; with `warnings`, warnings too.
pub(super) fn push_handler(list: &mut Vec<String>, warnings: bool) -> Pushed<'_> {
    let keep = if warnings { keep_warning } else { keep_failure };
    // SAFETY: the list is borrowed until the handler is taken away.
    unsafe { gdal_sys::CPLPushErrorHandlerEx(Some(keep), std::ptr::from_mut(list).cast()) };
    Pushed(PhantomData)
}

impl Drop for Pushed<'_> {
    fn drop(&mut self) {
        // SAFETY: it was pushed on this thread, and handlers pushed later were dropped before.
        unsafe { gdal_sys::CPLPopErrorHandler() };
    }
}

unsafe extern "C" fn keep_failure(class: CPLErr::Type, number: i32, message: *const c_char) {
    if class == CPLErr::CE_Failure || class == CPLErr::CE_Fatal {
        // SAFETY: as GDAL calls it.
        unsafe { keep_warning(CPLErr::CE_Warning, number, message) };
    }
}

unsafe extern "C" fn keep_warning(class: CPLErr::Type, _number: i32, message: *const c_char) {
    if class != CPLErr::CE_Debug {
        // SAFETY: GDAL passes a C string, and has the list that `push_handler` handed in.
        unsafe {
            let list = gdal_sys::CPLGetErrorHandlerUserData().cast::<Vec<String>>();
            (*list).push(CStr::from_ptr(message).to_string_lossy().into_owned());
        }
    }
}

/// GDAL prints nothing on any thread of this process.
pub(super) fn silence_process() {
    // SAFETY: the handler is GDAL's own.
    unsafe { gdal_sys::CPLSetErrorHandler(Some(gdal_sys::CPLQuietErrorHandler)) };
}

/// A view of labels in bytes, row after row, and of their confidence (four bytes each) if it is
/// wanted.
pub(super) fn labels_over<'a>(
    bytes: &'a mut [u8],
    confidence: Option<&'a mut [u8]>,
    label_type: LabelType,
    width: usize,
    height: usize,
) -> crate::Result<LabelsMut<'a>> {
    let layout = Layout::packed(width, height, label_type.size())?;
    assert_eq!(width * height * label_type.size(), bytes.len(), "the buffer is not the window's");
    // SAFETY: the bytes are borrowed as long as the view lives, and are as many as the layout
    // reaches.
    let labels = unsafe { LabelsMut::from_raw(bytes.as_mut_ptr(), label_type, layout)? };
    let Some(confidence) = confidence else { return Ok(labels) };
    assert_eq!(
        width * height * size_of::<f32>(),
        confidence.len(),
        "the buffer is not the window's"
    );
    let layout = Layout::packed(width, height, size_of::<f32>())?;
    // SAFETY: as above.
    unsafe { labels.with_raw_confidence(confidence.as_mut_ptr(), layout) }
}

/// Labels in bytes, row after row, as an image for reading.
pub(super) fn labels_in(
    bytes: &[u8],
    label_type: LabelType,
    width: usize,
    height: usize,
) -> crate::Result<Raster<'_>> {
    let layout = Layout::packed(width, height, label_type.size())?;
    assert_eq!(width * height * label_type.size(), bytes.len(), "the buffer is not the window's");
    // SAFETY: the bytes are borrowed as long as the view lives, and are as many as the layout
    // reaches.
    unsafe { Raster::from_raw(vec![bytes.as_ptr()], label_type.sample_type(), layout) }
}

/// Receives how far GDAL has come; `false` stops it.
pub(super) type Tell<'a> = dyn FnMut(f64) -> bool + 'a;

/// Patches of the first band that are smaller than `size` pixels (4-connected) take the label of
/// their largest neighbour, in the first band of another file. Nodata is neither a patch nor a
/// neighbour.
pub(super) fn sieve(
    from: &Dataset,
    to: &mut Dataset,
    size: i32,
    mut tell: &mut Tell,
) -> Result<()> {
    let (from, to) = (from.rasterband(1)?, to.rasterband(1)?);
    let data: *mut &mut Tell = &mut tell;
    // SAFETY: the bands live as long as their datasets, which are borrowed; the mask belongs to its
    // band; `relay` gets what `data` points to, which outlives the call.
    check(unsafe {
        let band = from.c_rasterband();
        let (mask, target) = (gdal_sys::GDALGetMaskBand(band), to.c_rasterband());
        let none = std::ptr::null_mut();
        gdal_sys::GDALSieveFilter(band, mask, target, size, 4, none, Some(relay), data.cast())
    })
}

/// Writes a copy of a file in a driver's format, with its creation options.
pub(super) fn create_copy(
    driver: &Driver,
    from: &Dataset,
    path: &Path,
    options: &CslStringList,
    mut tell: &mut Tell,
) -> Result<Dataset> {
    let name = std::ffi::CString::new(path.to_string_lossy().as_bytes())?;
    let data: *mut &mut Tell = &mut tell;
    // SAFETY: driver, source and list live as long as they are borrowed; the copy is owned by the
    // dataset made of it; `relay` as in `sieve`.
    unsafe {
        let (driver, source) = (driver.c_driver(), from.c_dataset());
        let made = gdal_sys::GDALCreateCopy(
            driver,
            name.as_ptr(),
            source,
            0,
            options.as_ptr(),
            Some(relay),
            data.cast(),
        );
        if made.is_null() {
            return Err(last_error(CPLErr::CE_Failure));
        }
        Ok(Dataset::from_c_dataset(made))
    }
}

/// GDAL's progress function: passes its fraction on.
unsafe extern "C" fn relay(fraction: f64, _message: *const c_char, data: *mut c_void) -> c_int {
    // SAFETY: `sieve` and `create_copy` hand in what lives as long as their calls. (A panic ends
    // the program here.)
    let tell = unsafe { &mut *data.cast::<&mut Tell>() };
    c_int::from(tell(fraction))
}

/// Bytes of a sample of one of GDAL's data types.
fn data_type_bytes(data_type: u32) -> usize {
    // SAFETY: the call takes a number, and returns 0 for an unknown one.
    unsafe { gdal_sys::GDALGetDataTypeSizeBytes(data_type) as usize }
}
