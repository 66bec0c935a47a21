//! Versions of one function for the vector instructions of several processors.

/// Also compiles a function for wide vectors, and calls the version that suits the processor:
/// `#[apply(vectors)]`. All versions give the same bits. AVX-512 is used only if the compiler
/// supports it: then build.rs sets `avx512`.
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
