//! Models.

use std::ffi::{c_char, CString};
use std::sync::OnceLock;

use super::guard::{borrow, borrow_mut, free, get, give, guard, output, path, string};
use super::library::bandcluster_status;
use crate::error::{invalid_argument, Error, Result};
use crate::model::{Band, Color, Model};
use crate::wording::plain;

/// Classes with their centres. Any number of threads may read it at once, as long as none changes
/// it.
pub struct bandcluster_model {
    model: Model,
    /// Texts handed out, kept until the model changes.
    json: OnceLock<CString>,
    names: OnceLock<Vec<CString>>,
}

impl bandcluster_model {
    pub(super) fn new(model: Model) -> bandcluster_model {
        bandcluster_model { model, json: OnceLock::new(), names: OnceLock::new() }
    }

    pub(super) fn model(&self) -> &Model {
        &self.model
    }

    /// The model, to change it: texts handed out before are no longer valid.
    pub(super) fn model_mut(&mut self) -> &mut Model {
        (self.json, self.names) = (OnceLock::new(), OnceLock::new());
        &mut self.model
    }

    /// A band, counted from 1, to change it.
    fn band_mut(&mut self, band: u32) -> Result<&mut Band> {
        let n_bands = self.model.n_bands();
        match (band as usize).checked_sub(1).filter(|index| *index < n_bands) {
            Some(index) => Ok(&mut self.model_mut().bands[index]),
            None => invalid_argument(format!(
                "there is no band {band}: the model's bands are 1 to {n_bands}"
            )),
        }
    }
}

/// Reads a model from a file. The caller frees it with `bandcluster_model_free`.
#[no_mangle]
pub unsafe extern "C" fn bandcluster_model_load(
    path: *const c_char,
    model: *mut *mut bandcluster_model,
) -> bandcluster_status {
    guard(|| {
        // SAFETY: the caller's promise, here and below.
        let model = unsafe { output(model, "model")? };
        // SAFETY: as above.
        let loaded = Model::load(&unsafe { self::path(path, "path")? })?;
        give(model, bandcluster_model::new(loaded));
        Ok(())
    })
}

/// Writes a model to a file, which appears only when complete.
#[no_mangle]
pub unsafe extern "C" fn bandcluster_model_save(
    model: *const bandcluster_model,
    path: *const c_char,
) -> bandcluster_status {
    guard(|| {
        // SAFETY: the caller's promise, here and below.
        let model = unsafe { borrow(model, "model")? };
        // SAFETY: as above.
        model.model.save(&unsafe { self::path(path, "path")? })
    })
}

/// Reads a model from `length` bytes of JSON text (what a model file holds). The caller frees it.
#[no_mangle]
pub unsafe extern "C" fn bandcluster_model_from_json(
    json: *const c_char,
    length: u64,
    model: *mut *mut bandcluster_model,
) -> bandcluster_status {
    guard(|| {
        // SAFETY: the caller's promise, here and below.
        let model = unsafe { output(model, "model")? };
        // SAFETY: as above.
        unsafe { borrow(json, "json")? };
        let Some(length) =
            usize::try_from(length).ok().filter(|length| *length <= isize::MAX as usize)
        else {
            return invalid_argument(format!(
                "a text of {length} bytes is larger than memory can be"
            ));
        };
        // SAFETY: as above.
        let bytes = unsafe { std::slice::from_raw_parts(json.cast::<u8>(), length) };
        let Ok(text) = std::str::from_utf8(bytes) else {
            return Err(Error::InvalidModel("this is not a model (not text)".into()));
        };
        give(model, bandcluster_model::new(Model::from_json(text)?));
        Ok(())
    })
}

/// The model as JSON text. It belongs to the model, and is valid until the model changes or is
/// freed.
#[no_mangle]
pub unsafe extern "C" fn bandcluster_model_json(
    model: *const bandcluster_model,
    json: *mut *const c_char,
) -> bandcluster_status {
    guard(|| {
        // SAFETY: the caller's promise, here and below.
        let (json, model) = unsafe { (borrow_mut(json, "json")?, borrow(model, "model")?) };
        *json = model
            .json
            .get_or_init(|| CString::new(model.model.to_json()).unwrap_or_default())
            .as_ptr();
        Ok(())
    })
}

/// Frees a model. NULL is ignored.
#[no_mangle]
pub unsafe extern "C" fn bandcluster_model_free(model: *mut bandcluster_model) {
    // SAFETY: the caller's promise.
    unsafe { free(model) }
}

/// Number of classes; 0 for NULL.
#[no_mangle]
pub unsafe extern "C" fn bandcluster_model_n_clusters(model: *const bandcluster_model) -> u32 {
    get(model, 0, |model| model.model.n_classes() as u32)
}

/// Number of bands; 0 for NULL.
#[no_mangle]
pub unsafe extern "C" fn bandcluster_model_n_bands(model: *const bandcluster_model) -> u32 {
    get(model, 0, |model| model.model.n_bands() as u32)
}

/// Iterations of Lloyd's algorithm: those of the last run on the cells, and the steps on the
/// pixels. For affinity propagation, rounds of messages. 0 for NULL.
#[no_mangle]
pub unsafe extern "C" fn bandcluster_model_n_iter(model: *const bandcluster_model) -> u32 {
    get(model, 0, |model| model.model.n_iter())
}

/// 1 if the centres are a fixed point on the pixels, within the tolerance, or refinement ended
/// after `max_iter` passes; 0 if the model needs refinement, and for NULL.
#[no_mangle]
pub unsafe extern "C" fn bandcluster_model_converged(model: *const bandcluster_model) -> u32 {
    get(model, 0, |model| u32::from(model.model.converged()))
}

/// Sum over all training pixels of the squared distance from the centre of their class, in squared
/// (scaled) band units: squares of samples, or of standard deviations if bands are scaled, or of
/// chords of the unit sphere if the metric is the spectral angle. NaN for NULL.
#[no_mangle]
pub unsafe extern "C" fn bandcluster_model_inertia(model: *const bandcluster_model) -> f64 {
    get(model, f64::NAN, |model| model.model.inertia())
}

/// Copies the centres, class after class, each band after band, in band units; `length` must be the
/// number of classes times that of bands.
#[no_mangle]
pub unsafe extern "C" fn bandcluster_model_centers(
    model: *const bandcluster_model,
    centers: *mut f64,
    length: u64,
) -> bandcluster_status {
    guard(|| {
        // SAFETY: the caller's promise, here and below.
        let model = &unsafe { borrow(model, "model")? }.model;
        let values: Vec<f64> = model.centers().iter().copied().collect();
        // SAFETY: as above.
        unsafe { copy_out(&values, centers, length, "centers") }
    })
}

/// Copies the number of training pixels of each class; `length` must be the number of classes.
#[no_mangle]
pub unsafe extern "C" fn bandcluster_model_counts(
    model: *const bandcluster_model,
    counts: *mut u64,
    length: u64,
) -> bandcluster_status {
    guard(|| {
        // SAFETY: the caller's promise, here and below.
        let model = &unsafe { borrow(model, "model")? }.model;
        let values: Vec<u64> = model.classes.iter().map(|class| class.count).collect();
        // SAFETY: as above.
        unsafe { copy_out(&values, counts, length, "counts") }
    })
}

/// Copies values to the caller's buffer, which must have exactly their length.
///
/// # Safety
/// `buffer` is NULL or has room for `length` values.
pub(super) unsafe fn copy_out<T: Copy>(
    values: &[T],
    buffer: *mut T,
    length: u64,
    name: &str,
) -> Result<()> {
    if length != values.len() as u64 {
        return invalid_argument(format!(
            "{name} has room for {length} numbers: {} are wanted",
            values.len()
        ));
    }
    if buffer.is_null() {
        return invalid_argument(format!("{name} is NULL"));
    }
    // SAFETY: there is room for as many values as there are.
    unsafe { buffer.copy_from_nonoverlapping(values.as_ptr(), values.len()) };
    Ok(())
}

/// The name of the class with label `value` (1 to k; k + 1 for unclassified pixels if classes have
/// radii). It belongs to the model, and is valid until the model changes or is freed.
#[no_mangle]
pub unsafe extern "C" fn bandcluster_model_class_name(
    model: *const bandcluster_model,
    value: u32,
    name: *mut *const c_char,
) -> bandcluster_status {
    guard(|| {
        // SAFETY: the caller's promise, here and below.
        let (name, model) = unsafe { (borrow_mut(name, "name")?, borrow(model, "model")?) };
        model.model.label_shown(value)?;
        let to_c = |text: &str| CString::new(text).unwrap_or_default();
        let names = model
            .names
            .get_or_init(|| model.model.legend().iter().map(|class| to_c(&class.name)).collect());
        *name = names[value as usize - 1].as_ptr();
        Ok(())
    })
}

/// Names the class with label `value` (1 to k).
#[no_mangle]
pub unsafe extern "C" fn bandcluster_model_set_class_name(
    model: *mut bandcluster_model,
    value: u32,
    name: *const c_char,
) -> bandcluster_status {
    guard(|| {
        // SAFETY: the caller's promise, here and below.
        let model = unsafe { borrow_mut(model, "model")? };
        // SAFETY: as above.
        model.model_mut().set_name(value, unsafe { string(name, "name")? })
    })
}

/// The colour of the class with label `value` (1 to k; k + 1 for unclassified pixels if classes
/// have radii), as 0xRRGGBB.
#[no_mangle]
pub unsafe extern "C" fn bandcluster_model_class_color(
    model: *const bandcluster_model,
    value: u32,
    color: *mut u32,
) -> bandcluster_status {
    guard(|| {
        // SAFETY: the caller's promise, here and below.
        let color = unsafe { borrow_mut(color, "color")? };
        // SAFETY: as above.
        let Color { r, g, b } = unsafe { borrow(model, "model")? }.model.label_shown(value)?.color;
        *color = u32::from_be_bytes([0, r, g, b]);
        Ok(())
    })
}

/// Colours the class with label `value` (1 to k), as 0xRRGGBB.
#[no_mangle]
pub unsafe extern "C" fn bandcluster_model_set_class_color(
    model: *mut bandcluster_model,
    value: u32,
    color: u32,
) -> bandcluster_status {
    guard(|| {
        // SAFETY: the caller's promise.
        let model = unsafe { borrow_mut(model, "model")? };
        let [0, r, g, b] = color.to_be_bytes() else {
            return invalid_argument(format!("{color:#x} is not a colour: give 0xRRGGBB"));
        };
        model.model_mut().set_color(value, Color { r, g, b })
    })
}

/// Sets the name of a band (1 to n_bands) and its nodata value (NaN: none). Both are kept in the
/// model file.
#[no_mangle]
pub unsafe extern "C" fn bandcluster_model_set_band(
    model: *mut bandcluster_model,
    band: u32,
    name: *const c_char,
    nodata: f64,
) -> bandcluster_status {
    guard(|| {
        // SAFETY: the caller's promise, here and below.
        let (model, name) = unsafe { (borrow_mut(model, "model")?, string(name, "name")?) };
        let band = model.band_mut(band)?;
        (band.name, band.nodata) = (plain(name), Some(nodata).filter(|nodata| !nodata.is_nan()));
        Ok(())
    })
}

/// Sets what the samples of a band (1 to n_bands) mean, such as reflectance: sample x `scale` +
/// `offset`. A scene with another `offset` or `scale` can then be converted to the samples of the
/// model before it is labelled. Give 1 and 0 if nothing is known.
#[no_mangle]
pub unsafe extern "C" fn bandcluster_model_set_band_scaling(
    model: *mut bandcluster_model,
    band: u32,
    scale: f64,
    offset: f64,
) -> bandcluster_status {
    guard(|| {
        // SAFETY: the caller's promise.
        let band = unsafe { borrow_mut(model, "model")? }.band_mut(band)?;
        if !(scale.is_finite() && scale != 0.0 && offset.is_finite()) {
            return invalid_argument(format!(
                "scale is {scale} and offset {offset}: give finite numbers, and a scale that is \
                 not 0"
            ));
        }
        (band.scale, band.offset) = (scale, offset);
        Ok(())
    })
}

/// Colours every class by the mean of its pixels through the 5-95 % stretch of three bands (1 to
/// n_bands). A model from a fit already has such colours: of its bands 1, 2, 3 if there are three,
/// of 3, 2, 1 if there are more, and grey if there are fewer.
#[no_mangle]
pub unsafe extern "C" fn bandcluster_model_natural_colors(
    model: *mut bandcluster_model,
    red: u32,
    green: u32,
    blue: u32,
) -> bandcluster_status {
    guard(|| {
        // SAFETY: the caller's promise.
        let model = unsafe { borrow_mut(model, "model")? };
        if [red, green, blue].contains(&0) {
            return invalid_argument("band 0 was asked for a colour: bands are counted from 1");
        }
        model.model_mut().natural_colors([red, green, blue].map(|band| band as usize - 1))
    })
}
