//! The report on a model and its map.

use std::ffi::c_char;

use super::drift::bandcluster_drift;
use super::guard::{borrow, guard, list, optional_string, path, string};
use super::library::bandcluster_status;
use super::model::bandcluster_model;
use super::picture::bandcluster_picture;
use super::structs::{init, read, size_of_struct, Sized32};
use crate::error::{invalid_argument, Result};
use crate::model::Model;
use crate::report::{report_page, Picture, Report};

/// What a report shows besides its model. Every field may be left out.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct bandcluster_report {
    /// `sizeof(bandcluster_report)`; set by `bandcluster_report_init`.
    pub struct_size: u32,
    /// 1: the classes were found in another scene, and given to this one; 0: they were found in it.
    pub predicted: u32,
    /// The name of the scene, or NULL; several names have ", " between them.
    pub title: *const c_char,
    /// The command that repeats it all, or NULL.
    pub command: *const c_char,
    /// The model's file, or NULL.
    pub model_file: *const c_char,
    /// What excluded pixels besides their values, such as a mask's file, or NULL.
    pub mask: *const c_char,
    /// NULL, or `n_warnings` sentences about what may make the result wrong.
    pub warnings: *const *const c_char,
    /// NULL, or `n_pictures` pictures.
    pub pictures: *const *const bandcluster_picture,
    /// Number of warnings.
    pub n_warnings: u32,
    /// Number of pictures.
    pub n_pictures: u32,
    /// Number of counts: the number of classes plus 1, or plus 2 if unclassified pixels are counted
    /// too.
    pub n_counts: u32,
    /// 0.
    pub reserved: u32,
    /// Pixels of each label: label 0 (not valid) is first. NULL: those that the pictures counted
    /// or, without pictures, those of the fit.
    pub counts: *const u64,
    /// The area of each class in hectares, or NULL.
    pub hectares: *const f64,
    /// Nodata of each band of the scene, NaN for a band that has none. NULL: the model's.
    pub nodata: *const f64,
    /// The georeference of the scene as text, or NULL: its size, pixels and reference system, and
    /// how areas are measured.
    pub place: *const c_char,
    /// How far the scene is from the training pixels of the model, or NULL.
    pub drift: *const bandcluster_drift,
}

// SAFETY: `repr(C)` with `struct_size` first.
unsafe impl Sized32 for bandcluster_report {
    const NAME: &'static str = "bandcluster_report";

    fn initial() -> Self {
        bandcluster_report {
            struct_size: size_of_struct::<Self>(),
            predicted: 0,
            title: std::ptr::null(),
            command: std::ptr::null(),
            model_file: std::ptr::null(),
            mask: std::ptr::null(),
            warnings: std::ptr::null(),
            pictures: std::ptr::null(),
            n_warnings: 0,
            n_pictures: 0,
            n_counts: 0,
            reserved: 0,
            counts: std::ptr::null(),
            hectares: std::ptr::null(),
            nodata: std::ptr::null(),
            place: std::ptr::null(),
            drift: std::ptr::null(),
        }
    }
}

/// Fills in the defaults: a report on the model alone. Pass `sizeof(bandcluster_report)`.
#[no_mangle]
pub unsafe extern "C" fn bandcluster_report_init(
    report: *mut bandcluster_report,
    struct_size: u32,
) -> bandcluster_status {
    // SAFETY: the caller's promise.
    guard(|| unsafe { init(report, struct_size) })
}

/// Writes a page about a model and its map: pictures, classes, spectral signatures, separability, a
/// dendrogram and the merges it suggests, settings. HTML that needs no other file. The file appears
/// only when complete.
#[no_mangle]
pub unsafe extern "C" fn bandcluster_report_save(
    model: *const bandcluster_model,
    report: *const bandcluster_report,
    path: *const c_char,
) -> bandcluster_status {
    guard(|| {
        // SAFETY: the caller's promise, here and below.
        let (model, told, path) =
            unsafe { (borrow(model, "model")?.model(), read(report)?, self::path(path, "path")?) };
        // SAFETY: as above.
        let page = unsafe { page(model, &told)? };
        crate::file::write(&path, page.as_bytes())
    })
}

/// The page that the struct asks for.
///
/// # Safety
/// What the struct points to is as its documentation says.
unsafe fn page(model: &Model, told: &bandcluster_report) -> Result<String> {
    if told.reserved != 0 {
        return invalid_argument(
            "the reserved field of bandcluster_report is not 0: fill the struct with \
             bandcluster_report_init",
        );
    }
    if told.predicted > 1 {
        return invalid_argument(format!("predicted is {}: give 0 or 1", told.predicted));
    }
    // SAFETY: the caller's promise, here and below.
    let warnings = unsafe { counted_list(told.warnings, told.n_warnings, "warnings")? };
    let warnings: Vec<String> = warnings
        .iter()
        // SAFETY: as above.
        .map(|warning| unsafe { string(*warning, "a warning") }.map(str::to_string))
        .collect::<Result<_>>()?;
    // SAFETY: as above.
    let pictures = unsafe { counted_list(told.pictures, told.n_pictures, "pictures")? };
    let pictures: Vec<&bandcluster_picture> = pictures
        .iter()
        // SAFETY: as above.
        .map(|picture| unsafe { borrow(*picture, "a picture") })
        .collect::<Result<_>>()?;
    // SAFETY: as above.
    let counts = match unsafe { counted_list(told.counts, told.n_counts, "counts")? } {
        [] => counted(model, &pictures)?,
        counts if (model.n_classes() + 1..=model.n_labels() + 1).contains(&counts.len()) => {
            Some(counts.to_vec())
        }
        counts => {
            let (found, wanted) = (counts.len(), model.n_classes() + 1);
            return invalid_argument(format!(
                "{found} counts of labels are given: {wanted} are wanted"
            ));
        }
    };
    // SAFETY: as above.
    let nodata = unsafe { list(told.nodata, model.n_bands()) };
    let nodata: Option<Vec<Option<f64>>> = nodata
        .map(|values| values.iter().map(|value| (!value.is_nan()).then_some(*value)).collect());
    let drawn =
        |picture: &&bandcluster_picture| Picture::new(&picture.name, &picture.thumbnail, model);
    let drawn: Vec<Picture> = pictures.iter().map(drawn).collect::<Result<_>>()?;
    Ok(report_page(
        model,
        &Report {
            // SAFETY: as above.
            title: unsafe { optional_string(told.title, "title")? }.unwrap_or("a scene"),
            counts: counts.as_deref(),
            // SAFETY: as above.
            georeference: unsafe { optional_string(told.place, "place")? },
            pictures: &drawn,
            // SAFETY: as above.
            hectares: unsafe { list(told.hectares, model.n_classes()) },
            warnings: &warnings,
            // SAFETY: as above.
            drift: unsafe { told.drift.as_ref() }.map(|drift| &drift.drift),
            // SAFETY: as above.
            command: unsafe { optional_string(told.command, "command")? },
            merge_command: None,
            // SAFETY: as above.
            model_file: unsafe { optional_string(told.model_file, "model_file")? },
            // SAFETY: as above.
            mask: unsafe { optional_string(told.mask, "mask")? },
            nodata: nodata.as_deref(),
            predicted: told.predicted == 1,
        },
    ))
}

/// The sum of the pictures' counts; `None` without pictures.
fn counted(model: &Model, pictures: &[&bandcluster_picture]) -> Result<Option<Vec<u64>>> {
    let mut counts = vec![0; model.n_labels() + 1];
    for picture in pictures {
        if picture.counts.len() != counts.len() {
            return invalid_argument(format!(
                "a picture was made for a model of {} labels, but this one gives {}",
                picture.counts.len() - 1,
                model.n_labels()
            ));
        }
        counts.iter_mut().zip(&picture.counts).for_each(|(sum, count)| *sum += count);
    }
    Ok((!pictures.is_empty()).then_some(counts))
}

/// A list with its length.
///
/// # Errors
/// `InvalidArgument` when it is NULL, but its length is not 0.
///
/// # Safety
/// As [`list`].
unsafe fn counted_list<'a, T>(pointer: *const T, length: u32, name: &str) -> Result<&'a [T]> {
    // SAFETY: the caller's promise.
    match unsafe { list(pointer, length as usize) } {
        None if length > 0 => invalid_argument(format!("{name} is NULL, but n_{name} is {length}")),
        found => Ok(found.unwrap_or_default()),
    }
}
