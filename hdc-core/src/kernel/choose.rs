//! Which loops run: chosen once on std, by `cfg` without.

/// A set of loops for one kind of machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Backend {
    /// One word at a time, on every machine.
    Portable,
    /// x86-64 with AVX2: eight words at a time.
    Avx2,
    /// x86-64 with AVX-512 and its population count: sixteen words at a time.
    Avx512,
    /// aarch64: four words at a time.
    Neon,
}

/// In a function of its own.
#[cfg(target_arch = "x86_64")]
#[cold]
#[inline(never)]
pub(super) fn apart<R>(work: impl FnOnce() -> R) -> R {
    work()
}

/// The backend in use, once something has asked for it: one load, where each of nine features would be one.
#[cfg(all(target_arch = "x86_64", feature = "std", not(hdc_backend = "portable")))]
static CHOSEN: std::sync::OnceLock<Backend> = std::sync::OnceLock::new();

/// The backend in use if that is known already, else the portable one.
#[cfg(target_arch = "x86_64")]
#[inline]
pub(super) fn chosen() -> Backend {
    #[cfg(all(feature = "std", not(hdc_backend = "portable")))]
    return CHOSEN.get().copied().unwrap_or(Backend::Portable);
    #[cfg(not(all(feature = "std", not(hdc_backend = "portable"))))]
    backend()
}

/// The backend in use on this machine.
#[inline]
pub fn backend() -> Backend {
    #[cfg(hdc_backend = "portable")]
    return Backend::Portable;
    #[cfg(all(target_arch = "aarch64", not(hdc_backend = "portable")))]
    return Backend::Neon;
    #[cfg(all(target_arch = "x86_64", feature = "std", not(hdc_backend = "portable")))]
    return *CHOSEN.get_or_init(x86_backend);
    #[cfg(all(target_arch = "x86_64", not(feature = "std"), not(hdc_backend = "portable")))]
    return x86_backend();
    #[cfg(not(any(target_arch = "aarch64", target_arch = "x86_64", hdc_backend = "portable")))]
    Backend::Portable
}

/// Whether the machine has all these features.
#[cfg(all(target_arch = "x86_64", not(hdc_backend = "portable")))]
macro_rules! has {
    ($($feature:tt)*) => {{
        #[cfg(feature = "std")]
        let has = true $(&& std::is_x86_feature_detected!($feature))*;
        #[cfg(not(feature = "std"))]
        let has = true $(&& cfg!(target_feature = $feature))*;
        has
    }};
}

#[cfg(all(target_arch = "x86_64", not(hdc_backend = "portable")))]
fn x86_backend() -> Backend {
    let avx2 = has!("avx2" "popcnt" "bmi1" "bmi2");
    let avx512 = avx2 && has!("avx512f" "avx512bw" "avx512vl" "avx512vpopcntdq");
    if avx512 && !cfg!(hdc_backend = "avx2") {
        Backend::Avx512
    } else if avx2 {
        Backend::Avx2
    } else {
        Backend::Portable
    }
}
