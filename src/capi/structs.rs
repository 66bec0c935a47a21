//! Plain structs that cross the boundary: each begins with its size, so that fields can be
//! appended.
//!
//! A caller may have been compiled with an older header, whose structs are shorter, or with a newer
//! one, whose structs are longer. Both work: fields that an older caller does not have get their
//! defaults, and fields that only a newer caller has must be 0.

use super::guard::borrow;
use crate::error::{invalid_argument, Result};

/// No version of a struct is larger: a `struct_size` above this was never set.
const LARGEST: u32 = 4096;

/// A struct whose first four bytes are `struct_size: u32`.
///
/// # Safety
/// The type is `repr(C)`, begins so, and any bytes are a value of it.
pub(super) unsafe trait Sized32: Copy {
    /// The struct's name in C.
    const NAME: &'static str;

    /// The size of the shortest struct that is taken: its fields have always been there.
    const FIRST: u32 = size_of_struct::<Self>();

    /// The struct with its defaults, its size set.
    fn initial() -> Self;
}

/// The size of a struct as its first field holds it.
pub(super) const fn size_of_struct<T>() -> u32 {
    size_of::<T>() as u32
}

/// A struct argument as this version knows it, whichever version the caller has.
///
/// # Errors
/// `InvalidArgument` when it is NULL, of a size that no version has, or sets fields that this
/// version does not know.
///
/// # Safety A pointer that is not NULL points to readable memory of the size in its first field.
pub(super) unsafe fn read<T: Sized32>(pointer: *const T) -> Result<T> {
    // SAFETY: the first field is a u32, and a struct of any version has it.
    let size = unsafe { *borrow(pointer.cast::<u32>(), T::NAME)? };
    check_size::<T>(size)?;
    // SAFETY: the caller promises as many bytes.
    let given = unsafe { std::slice::from_raw_parts(pointer.cast::<u8>(), size as usize) };
    let (known, unknown) = given.split_at(given.len().min(size_of::<T>()));
    if unknown.iter().any(|byte| *byte != 0) {
        let (name, known) = (T::NAME, known.len());
        return invalid_argument(format!(
            "{name} has {size} bytes, of which this library knows {known}, and a field behind \
             these is set: leave it 0, or use a newer library"
        ));
    }
    let mut value = T::initial();
    // SAFETY: `known` is no longer than the struct, and any bytes are a value of it.
    unsafe { (&raw mut value).cast::<u8>().copy_from_nonoverlapping(known.as_ptr(), known.len()) };
    Ok(value)
}

/// Fills a struct that its `_init` function has prepared, up to the last field of the caller's
/// version.
///
/// # Errors
/// As [`read`].
///
/// # Safety
/// As [`read`], and the memory is writable.
pub(super) unsafe fn write<T: Sized32>(pointer: *mut T, value: &T) -> Result<()> {
    // SAFETY: the caller's promise, here and below.
    unsafe { read(pointer)? };
    // SAFETY: as above.
    let size = unsafe { *pointer.cast::<u32>() };
    // SAFETY: as above.
    unsafe { copy(pointer, value, size) };
    Ok(())
}

/// Writes a struct's defaults, and 0 into the fields that this version does not know.
///
/// # Errors
/// `InvalidArgument` when the pointer is NULL or the size is one that no version has.
///
/// # Safety
/// A pointer that is not NULL points to `size` writable bytes, aligned for the struct.
pub(super) unsafe fn init<T: Sized32>(pointer: *mut T, size: u32) -> Result<()> {
    if pointer.is_null() {
        return invalid_argument(format!("{} is NULL", T::NAME));
    }
    check_size::<T>(size)?;
    // SAFETY: there is room for `size` bytes.
    unsafe {
        pointer.cast::<u8>().write_bytes(0, size as usize);
        copy(pointer, &T::initial(), size);
    }
    Ok(())
}

/// Copies what both structs have, the caller's of `size` bytes and this version's. The size stays.
///
/// # Safety
/// There are `size` writable bytes, aligned for the struct.
unsafe fn copy<T: Sized32>(pointer: *mut T, value: &T, size: u32) {
    let both = (size as usize).min(size_of::<T>());
    // SAFETY: both have at least this length.
    unsafe {
        pointer.cast::<u8>().copy_from_nonoverlapping((&raw const *value).cast::<u8>(), both);
        pointer.cast::<u32>().write(size);
    }
}

fn check_size<T: Sized32>(size: u32) -> Result<()> {
    // The size of a struct is a multiple of its alignment: other sizes would cut a field in two.
    if (T::FIRST..=LARGEST).contains(&size) && size as usize % align_of::<T>() == 0 {
        return Ok(());
    }
    let (name, known) = (T::NAME, size_of_struct::<T>());
    invalid_argument(format!(
        "the struct_size of {name} is {size}, this library's is {known}: fill the struct with \
         {name}_init, which is given sizeof({name})"
    ))
}
