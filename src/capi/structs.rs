//! Plain structs that cross the boundary: each begins with its size, so that fields can be appended.

use super::guard::borrow;
use crate::error::{invalid_argument, Result};

/// A struct whose first field is `struct_size: u32`.
///
/// # Safety
/// The type is `repr(C)`, and its first field is that.
pub(super) unsafe trait Sized32: Sized {
    /// The struct's name in C.
    const NAME: &'static str;

    /// The struct as its `_init` function leaves it, its size set.
    fn initial() -> Self;
}

/// The size of a struct as its first field holds it.
pub(super) const fn size_of_struct<T>() -> u32 {
    size_of::<T>() as u32
}

/// A struct argument whose size is the one this version knows. (A later version takes the sizes of earlier ones too,
/// with the appended fields at their defaults.)
///
/// # Errors
/// `InvalidArgument` when it is NULL or of another size.
///
/// # Safety
/// A pointer that is not NULL points to readable memory of the size that its first field tells, for `'a`.
pub(super) unsafe fn read<'a, T: Sized32>(pointer: *const T) -> Result<&'a T> {
    // SAFETY: the first field is a u32, and a struct of any version has it.
    let size = unsafe { *borrow(pointer.cast::<u32>(), T::NAME)? };
    check_size::<T>(size)?;
    // SAFETY: it is as large as it should be.
    unsafe { borrow(pointer, T::NAME) }
}

/// Writes a struct's defaults.
///
/// # Errors
/// `InvalidArgument` when the pointer is NULL or the caller's size is not this version's.
///
/// # Safety
/// A pointer that is not NULL points to `size` writable bytes, aligned for the struct.
pub(super) unsafe fn init<T: Sized32>(pointer: *mut T, size: u32) -> Result<()> {
    if pointer.is_null() {
        return invalid_argument(format!("{} is NULL", T::NAME));
    }
    check_size::<T>(size)?;
    // SAFETY: the pointer is not NULL, and there is room.
    unsafe { pointer.write(T::initial()) };
    Ok(())
}

fn check_size<T: Sized32>(size: u32) -> Result<()> {
    if size == size_of_struct::<T>() {
        return Ok(());
    }
    let (name, known) = (T::NAME, size_of_struct::<T>());
    invalid_argument(format!(
        "the struct_size of {name} is {size}, this library's is {known}: use {name}_init, and this library's header"
    ))
}
