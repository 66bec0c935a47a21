//! Asking the processor for memory before it is needed.

/// Brings the line of the cache that holds an element nearer; an index beyond the slice is let be.
/// A hint, with no effect but on time.
#[inline(always)]
pub fn prefetch<T>(slice: &[T], index: usize) {
    if index < slice.len() {
        #[cfg(target_arch = "x86_64")]
        // SAFETY: a prefetch reads nothing that a program can see, and the address lies within the
        // slice.
        unsafe {
            use std::arch::x86_64::{_mm_prefetch, _MM_HINT_T0};
            _mm_prefetch::<_MM_HINT_T0>(slice.as_ptr().add(index).cast());
        }
    }
}
