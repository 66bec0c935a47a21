//! Pixels and labels as C passes them.

use std::ffi::c_void;

use super::guard::guard;
use super::library::bandcluster_status;
use super::structs::{init, read, size_of_struct, Sized32};
use crate::error::{invalid_argument, Result};
use crate::raster::{LabelType, LabelsMut, Layout, Mask, Raster, SampleType};

/// Samples or labels of type `uint8_t`.
pub const BANDCLUSTER_UINT8: u32 = 1;
/// Samples of type `int8_t`.
pub const BANDCLUSTER_INT8: u32 = 2;
/// Samples or labels of type `uint16_t`.
pub const BANDCLUSTER_UINT16: u32 = 3;
/// Samples of type `int16_t`.
pub const BANDCLUSTER_INT16: u32 = 4;
/// Samples of type `uint32_t`.
pub const BANDCLUSTER_UINT32: u32 = 5;
/// Samples of type `int32_t`.
pub const BANDCLUSTER_INT32: u32 = 6;
/// Samples of type `float`.
pub const BANDCLUSTER_FLOAT32: u32 = 7;
/// Samples of type `double`.
pub const BANDCLUSTER_FLOAT64: u32 = 8;

/// The pixels of an image, or of a block of one, in the caller's memory. Pointers and strides can
/// describe any interleaving: band-sequential (BSQ), by line (BIL), by pixel (BIP), each band in a
/// buffer of its own, rows from the bottom up.
///
/// A pixel is valid when no band is its nodata, no band is NaN or infinite (or, for doubles, beyond
/// 1e150, where squares overflow), and the mask does not exclude it. Other pixels are left out of a
/// fit and get label 0.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct bandcluster_raster {
    /// `sizeof(bandcluster_raster)`; set by `bandcluster_raster_init`.
    pub struct_size: u32,
    /// Number of bands, at least 1.
    pub n_bands: u32,
    /// `n_bands` pointers, each to a band's first sample (row 0, column 0). Samples need not be
    /// aligned.
    pub bands: *const *const c_void,
    /// Pixels in a row, at least 1.
    pub width: u64,
    /// Rows, at least 1.
    pub height: u64,
    /// Bytes from a pixel to the next in its row, in every band; 0: packed, the size of a sample.
    /// May be negative.
    pub pixel_stride: i64,
    /// Bytes from a row to the next, in every band; 0: packed, `width` times the pixel stride. May
    /// be negative.
    pub line_stride: i64,
    /// The type of every sample: `BANDCLUSTER_UINT8` to `BANDCLUSTER_FLOAT64`.
    pub sample_type: u32,
    /// 0.
    pub reserved: u32,
    /// NULL, or `n_bands` nodata values; NaN for a band that has none. Integers are compared
    /// exactly. Floats are compared as GDAL's mask bands do: within some units of their last place
    /// (doubles: within 4.8e-7 of the value), so that a value written with few digits is found.
    pub nodata: *const f64,
    /// NULL, or a byte for each pixel: 0 leaves it out.
    pub mask: *const u8,
    /// Bytes from a pixel's mask to the next in its row; 0: 1.
    pub mask_pixel_stride: i64,
    /// Bytes from a row of the mask to the next; 0: `width` times its pixel stride.
    pub mask_line_stride: i64,
}

/// Where predict writes labels, in the caller's memory: 0 for pixels that are not valid, 1 to k for
/// classes, k + 1 for unclassified pixels (if classes have radii).
#[repr(C)]
#[derive(Clone, Copy)]
pub struct bandcluster_labels {
    /// `sizeof(bandcluster_labels)`; set by `bandcluster_labels_init`.
    pub struct_size: u32,
    /// `BANDCLUSTER_UINT8` (up to 255 classes) or `BANDCLUSTER_UINT16`.
    pub label_type: u32,
    /// The label of the first pixel. Must not overlap the raster; no two labels may share a byte.
    pub data: *mut c_void,
    /// Pixels in a row: the raster's.
    pub width: u64,
    /// Rows: the raster's.
    pub height: u64,
    /// Bytes from a label to the next in its row; 0: packed. May be negative.
    pub pixel_stride: i64,
    /// Bytes from a row of labels to the next; 0: packed. May be negative.
    pub line_stride: i64,
    /// NULL, or the confidence of the first pixel's label, a `float` for each label: 0 to 1, NaN if
    /// a pixel is not valid. `bandcluster_predict` says what it means.
    pub confidence: *mut f32,
    /// Bytes from a confidence to the next in its row; 0: packed. May be negative.
    pub confidence_pixel_stride: i64,
    /// Bytes from a row of confidences to the next; 0: packed. May be negative.
    pub confidence_line_stride: i64,
}

// SAFETY: `repr(C)` with `struct_size` first.
unsafe impl Sized32 for bandcluster_raster {
    const NAME: &'static str = "bandcluster_raster";

    fn initial() -> Self {
        bandcluster_raster {
            struct_size: size_of_struct::<Self>(),
            n_bands: 0,
            bands: std::ptr::null(),
            width: 0,
            height: 0,
            pixel_stride: 0,
            line_stride: 0,
            sample_type: 0,
            reserved: 0,
            nodata: std::ptr::null(),
            mask: std::ptr::null(),
            mask_pixel_stride: 0,
            mask_line_stride: 0,
        }
    }
}

// SAFETY: `repr(C)` with `struct_size` first.
unsafe impl Sized32 for bandcluster_labels {
    const NAME: &'static str = "bandcluster_labels";

    fn initial() -> Self {
        bandcluster_labels {
            struct_size: size_of_struct::<Self>(),
            label_type: BANDCLUSTER_UINT8,
            data: std::ptr::null_mut(),
            width: 0,
            height: 0,
            pixel_stride: 0,
            line_stride: 0,
            confidence: std::ptr::null_mut(),
            confidence_pixel_stride: 0,
            confidence_line_stride: 0,
        }
    }
}

/// Fills in the defaults: no pixels, packed strides, no nodata, no mask. Pass
/// `sizeof(bandcluster_raster)`.
#[no_mangle]
pub unsafe extern "C" fn bandcluster_raster_init(
    raster: *mut bandcluster_raster,
    struct_size: u32,
) -> bandcluster_status {
    // SAFETY: the caller's promise.
    guard(|| unsafe { init(raster, struct_size) })
}

/// Fills in the defaults: 8-bit labels, packed strides. Pass `sizeof(bandcluster_labels)`.
#[no_mangle]
pub unsafe extern "C" fn bandcluster_labels_init(
    labels: *mut bandcluster_labels,
    struct_size: u32,
) -> bandcluster_status {
    // SAFETY: the caller's promise.
    guard(|| unsafe { init(labels, struct_size) })
}

/// The type that a number stands for.
pub(super) fn sample_type(code: u32) -> Result<SampleType> {
    Ok(match code {
        BANDCLUSTER_UINT8 => SampleType::U8,
        BANDCLUSTER_INT8 => SampleType::I8,
        BANDCLUSTER_UINT16 => SampleType::U16,
        BANDCLUSTER_INT16 => SampleType::I16,
        BANDCLUSTER_UINT32 => SampleType::U32,
        BANDCLUSTER_INT32 => SampleType::I32,
        BANDCLUSTER_FLOAT32 => SampleType::F32,
        BANDCLUSTER_FLOAT64 => SampleType::F64,
        _ => {
            return invalid_argument(format!(
                "sample type {code} is unknown: use BANDCLUSTER_UINT8 (1) to BANDCLUSTER_FLOAT64 \
                 (8)"
            ))
        }
    })
}

/// The number that stands for a type.
pub(super) fn sample_type_code(sample_type: SampleType) -> u32 {
    match sample_type {
        SampleType::U8 => BANDCLUSTER_UINT8,
        SampleType::I8 => BANDCLUSTER_INT8,
        SampleType::U16 => BANDCLUSTER_UINT16,
        SampleType::I16 => BANDCLUSTER_INT16,
        SampleType::U32 => BANDCLUSTER_UINT32,
        SampleType::I32 => BANDCLUSTER_INT32,
        SampleType::F32 => BANDCLUSTER_FLOAT32,
        SampleType::F64 => BANDCLUSTER_FLOAT64,
    }
}

/// The view that the struct describes.
///
/// # Safety
/// The pointer is NULL, or the struct and all the memory it describes are as its documentation
/// says, for `'a`.
pub(super) unsafe fn raster<'a>(raster: *const bandcluster_raster) -> Result<Raster<'a>> {
    // SAFETY: the caller's promise.
    let raster = unsafe { read(raster)? };
    if raster.reserved != 0 {
        return invalid_argument(
            "the reserved field of bandcluster_raster is not 0: fill the struct with \
             bandcluster_raster_init",
        );
    }
    let sample_type = sample_type(raster.sample_type)?;
    if raster.n_bands > 0 && raster.bands.is_null() {
        return invalid_argument(
            "the bands of bandcluster_raster are NULL: give a pointer per band",
        );
    }
    let n_bands = raster.n_bands as usize;
    let size = (raster.width, raster.height);
    let layout = layout(size, (raster.pixel_stride, raster.line_stride), sample_type.size())?;
    let bands = match n_bands {
        0 => Vec::new(),
        // SAFETY: the caller promises `n_bands` pointers, and they are not NULL.
        _ => unsafe { std::slice::from_raw_parts(raster.bands.cast::<*const u8>(), n_bands) }
            .to_vec(),
    };
    // SAFETY: the caller promises that the layout's samples are readable.
    let mut view = unsafe { Raster::from_raw(bands, sample_type, layout)? };
    if !raster.nodata.is_null() {
        // SAFETY: the caller promises `n_bands` numbers.
        let nodata = unsafe { std::slice::from_raw_parts(raster.nodata, n_bands) };
        view = view.with_nodata(nodata.iter().copied().map(Some).collect())?;
    }
    if !raster.mask.is_null() {
        let layout = self::layout(size, (raster.mask_pixel_stride, raster.mask_line_stride), 1)?;
        // SAFETY: the caller promises a byte per pixel at these strides.
        view = view.with_mask(unsafe { Mask::from_raw(raster.mask, layout)? })?;
    }
    Ok(view)
}

/// The view that the struct describes.
///
/// # Safety
/// As [`raster`], and nobody else accesses the labels for `'a`.
pub(super) unsafe fn labels<'a>(labels: *const bandcluster_labels) -> Result<LabelsMut<'a>> {
    // SAFETY: the caller's promise.
    let labels = unsafe { read(labels)? };
    let label_type = label_type(labels.label_type)?;
    let size = (labels.width, labels.height);
    let layout = layout(size, (labels.pixel_stride, labels.line_stride), label_type.size())?;
    // SAFETY: the caller promises that the layout's labels are writable and its alone.
    let view = unsafe { LabelsMut::from_raw(labels.data.cast(), label_type, layout)? };
    if labels.confidence.is_null() {
        return Ok(view);
    }
    let strides = (labels.confidence_pixel_stride, labels.confidence_line_stride);
    let layout = self::layout(size, strides, size_of::<f32>())?;
    // SAFETY: as above.
    unsafe { view.with_raw_confidence(labels.confidence.cast(), layout) }
}

/// Labels that are only read, as an image of one band of `u8` or `u16`.
///
/// # Safety
/// As [`raster`].
pub(super) unsafe fn labels_as_raster<'a>(labels: *const bandcluster_labels) -> Result<Raster<'a>> {
    // SAFETY: the caller's promise.
    let labels = unsafe { read(labels)? };
    let label_type = label_type(labels.label_type)?;
    if labels.data.is_null() {
        return invalid_argument("the pointer to the labels is NULL");
    }
    let layout = layout(
        (labels.width, labels.height),
        (labels.pixel_stride, labels.line_stride),
        label_type.size(),
    )?;
    // SAFETY: the caller promises that the layout's labels are readable.
    unsafe {
        Raster::from_raw(vec![labels.data.cast_const().cast()], label_type.sample_type(), layout)
    }
}

/// The type that a number stands for.
fn label_type(code: u32) -> Result<LabelType> {
    match code {
        BANDCLUSTER_UINT8 => Ok(LabelType::U8),
        BANDCLUSTER_UINT16 => Ok(LabelType::U16),
        other => invalid_argument(format!(
            "label type {other} is unknown: use BANDCLUSTER_UINT8 (1) or BANDCLUSTER_UINT16 (3)"
        )),
    }
}

/// A layout, with strides of 0 resolved.
fn layout((width, height): (u64, u64), (pixel, line): (i64, i64), size: usize) -> Result<Layout> {
    let number = |value: u64| usize::try_from(value).ok();
    let (Some(width), Some(height)) = (number(width), number(height)) else {
        return invalid_argument(format!(
            "an image of {width} x {height} pixels is larger than memory can be"
        ));
    };
    let pixel_stride = if pixel == 0 { size as isize } else { pixel as isize };
    let line_stride = match line {
        0 => {
            Layout::packed(width, height, pixel_stride.unsigned_abs())?.line_stride
                * pixel_stride.signum()
        }
        line => line as isize,
    };
    Ok(Layout { width, height, pixel_stride, line_stride })
}
