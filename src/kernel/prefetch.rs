//! Asking the processor for memory before it is needed.

/// Fetches the cache line that holds an element; an index beyond the slice is ignored. A hint that
/// affects only the time.
#[inline(always)]
pub fn prefetch<T>(slice: &[T], index: usize) {
    if index < slice.len() {
        #[cfg(target_arch = "x86_64")]
        // SAFETY: a prefetch has no visible effect, and the address lies within the slice.
        unsafe {
            use std::arch::x86_64::{_mm_prefetch, _MM_HINT_T0};
            _mm_prefetch::<_MM_HINT_T0>(slice.as_ptr().add(index).cast());
        }
    }
}
