mod sealed {
    pub trait Sealed {}
    impl Sealed for i16 {}
    #[cfg(feature = "float")]
    impl Sealed for f32 {}
}

/// A number that a sensor delivers: `i16`, and `f32` with the feature `float`.
///
/// Every number is compared through an integer that orders like it, so that all thresholds are integers
/// and no floating-point instruction runs.
pub trait Value: Copy + sealed::Sealed {
    /// Whether the model must have been trained on real values.
    const FLOAT: bool;

    /// An integer that orders as the value does; `None` for NaN and infinities.
    fn key(self) -> Option<i32>;
}

impl Value for i16 {
    const FLOAT: bool = false;

    #[inline]
    fn key(self) -> Option<i32> {
        Some(i32::from(self))
    }
}

/// The key of a real number is its bits, with the order of the negative ones reversed.
#[cfg(feature = "float")]
impl Value for f32 {
    const FLOAT: bool = true;

    #[inline]
    fn key(self) -> Option<i32> {
        let bits = self.to_bits().cast_signed();
        match bits & 0x7fff_ffff {
            0x7f80_0000.. => None,
            0 => Some(0), // -0.0 equals 0.0
            magnitude => Some(if bits < 0 { -magnitude } else { magnitude }),
        }
    }
}

#[cfg(all(test, feature = "float"))]
mod tests {
    use super::*;

    #[test]
    fn keys_order_as_the_values_do() {
        let ordered = [f32::MIN, -2.0, -1.5, -f32::MIN_POSITIVE, -1e-45, 0.0, 1e-45, 1.0, 1.5, f32::MAX];
        assert!(ordered.windows(2).all(|pair| pair[0].key() < pair[1].key()));
        assert_eq!((-0.0_f32).key(), 0.0_f32.key());
        assert!([f32::NAN, f32::INFINITY, f32::NEG_INFINITY].iter().all(|value| value.key().is_none()));
    }
}
