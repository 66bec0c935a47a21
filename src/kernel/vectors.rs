//! Versions of one function for several processors' vectors.

/// Compiles a function for wide vectors, too, and calls the version that suits the processor:
/// `#[apply(vectors)]`. All versions give the same bits. AVX-512 only where the compiler has it:
/// build.rs sets `avx512` then.
macro_rules! vectors {
    ($($function:tt)*) => {
        #[cfg_attr(avx512, multiversion::multiversion(targets(
            "x86_64+avx512f+avx512vl+avx512dq+avx512bw",
            "x86_64+avx2+fma",
            "aarch64+neon"
        )))]
        #[cfg_attr(not(avx512), multiversion::multiversion(targets(
            "x86_64+avx2+fma",
            "aarch64+neon"
        )))]
        $($function)*
    };
}

pub(crate) use vectors;
