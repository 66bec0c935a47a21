//! Merging classes, and aligning them to those of another model.

use std::ffi::c_char;

use super::guard::{borrow, give, guard, output, string};
use super::library::bandcluster_status;
use super::model::bandcluster_model;
use crate::error::{invalid_argument, Result};
use crate::model::{Group, Model};

/// Makes a model in which classes of `model` are merged and named. A pixel gets the class that its
/// class in `model` has become.
///
/// `groups` has for each label of `model`, label 1 first, the group of its class: 1 to `n_names`,
/// or 0 for a class that stays as it is. `length` is the number of labels
/// (`bandcluster_model_n_labels`). If classes have radii, the last label is that of unclassified
/// pixels, and its group is 0. `names` are the names of the groups. A group of a single class is
/// only named. Classes are renumbered, largest first, unless classes are only named. `values`, if
/// not NULL, gets the new value of each old label (`length` values); they can be used to renumber a
/// map of the old labels. Counts, means and deviations are those of all pixels of the parts. A
/// merged class has the natural colour of its mean, or the colour of its largest part if colours
/// were chosen. Noise cannot be merged. The model must have converged. The caller frees `merged`
/// with `bandcluster_model_free`.
#[no_mangle]
pub unsafe extern "C" fn bandcluster_model_merge(
    model: *const bandcluster_model,
    groups: *const u32,
    length: u64,
    names: *const *const c_char,
    n_names: u32,
    values: *mut u32,
    merged: *mut *mut bandcluster_model,
) -> bandcluster_status {
    guard(|| {
        // SAFETY: the caller's promise, here and below.
        let (output, model) =
            unsafe { (output(merged, "merged")?, borrow(model, "model")?.model()) };
        check_length(model, length)?;
        // SAFETY: as above.
        unsafe { borrow(groups, "groups")? };
        // SAFETY: as above.
        let of_label = unsafe { std::slice::from_raw_parts(groups, model.n_labels()) };
        let (of_class, unclassified) = of_label.split_at(model.n_classes());
        if unclassified.iter().any(|group| *group != 0) {
            return invalid_argument(
                "unclassified pixels belong to no class: they cannot be in a group",
            );
        }
        if let Some(group) = of_class.iter().find(|group| **group > n_names) {
            return invalid_argument(format!(
                "a class is in group {group}: there are {n_names} names of groups"
            ));
        }
        let group = |number: u32| -> Result<Group> {
            // SAFETY: as above.
            unsafe { borrow(names, "names")? };
            // SAFETY: as above.
            let name = unsafe { string(*names.add(number as usize - 1), "a name")? };
            let values =
                (1..).zip(of_class).filter(|(_, group)| **group == number).map(|(value, _)| value);
            Ok(Group { name: name.into(), values: values.collect() })
        };
        let groups = (1..=n_names).map(group).collect::<Result<Vec<_>>>()?;
        let merged = model.merged(&groups)?;
        // SAFETY: as above.
        unsafe { copy_if_wanted(&merged.values, values) };
        give(output, bandcluster_model::new(merged.model));
        Ok(())
    })
}

/// Makes a model of the classes of `model`, numbered, named and coloured after those of `like`, a
/// model of the same bands. So maps of a new fit keep the legend of the old one.
///
/// Classes are paired so that the sum of the squared distances of their means is smallest, in the
/// scaling of `like`. New classes follow after those of `like`, largest first, named `class N
/// (new)`. Classes of `like` that are not found stay, without pixels. `values`, if not NULL, gets
/// the new value of each label of `model`, label 1 first. `distances`, if not NULL, gets the
/// distance of its class's mean from that of its counterpart, in (scaled) band units, or NaN if it
/// has none. `length` is the number of labels of `model` (`bandcluster_model_n_labels`). The caller
/// frees `aligned` with `bandcluster_model_free`. Refine `model` first: if numbers change, the
/// points of `aligned` no longer move.
#[no_mangle]
pub unsafe extern "C" fn bandcluster_model_align(
    model: *const bandcluster_model,
    like: *const bandcluster_model,
    values: *mut u32,
    distances: *mut f64,
    length: u64,
    aligned: *mut *mut bandcluster_model,
) -> bandcluster_status {
    guard(|| {
        // SAFETY: the caller's promise, here and below.
        let (output, model) =
            unsafe { (output(aligned, "aligned")?, borrow(model, "model")?.model()) };
        // SAFETY: as above.
        let like = unsafe { borrow(like, "like")? }.model();
        check_length(model, length)?;
        let aligned = model.aligned(like)?;
        let matched = |value: &u32| aligned.matches.get(*value as usize - 1);
        let distance =
            |value: &u32| matched(value).and_then(|matched| matched.distance).unwrap_or(f64::NAN);
        let each: Vec<f64> = aligned.values.iter().map(distance).collect();
        // SAFETY: as above.
        unsafe { copy_if_wanted(&aligned.values, values) };
        // SAFETY: as above.
        unsafe { copy_if_wanted(&each, distances) };
        give(output, bandcluster_model::new(aligned.model));
        Ok(())
    })
}

fn check_length(model: &Model, length: u64) -> Result<()> {
    if length == model.n_labels() as u64 {
        return Ok(());
    }
    invalid_argument(format!("length is {length}: the model gives {} labels", model.n_labels()))
}

/// Copies values to the caller's buffer, if there is one.
///
/// # Safety
/// `buffer` is NULL or has room for the values.
unsafe fn copy_if_wanted<T: Copy>(values: &[T], buffer: *mut T) {
    if !buffer.is_null() {
        // SAFETY: there is room.
        unsafe { buffer.copy_from_nonoverlapping(values.as_ptr(), values.len()) };
    }
}
