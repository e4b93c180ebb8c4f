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

    /// The value times `2^exponent`, rounded to the nearest integer and kept within 16 bits; `None` for NaN and
    /// infinities. Integers are as they are.
    fn fixed(self, exponent: i32) -> Option<i16>;
}

impl Value for i16 {
    const FLOAT: bool = false;

    #[inline]
    fn key(self) -> Option<i32> {
        Some(i32::from(self))
    }

    #[inline]
    fn fixed(self, _exponent: i32) -> Option<i16> {
        Some(self)
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

    fn fixed(self, exponent: i32) -> Option<i16> {
        let bits = self.to_bits();
        let (power, fraction) = (bits >> 23 & 0xff, bits & 0x007f_ffff);
        if power == 0xff {
            return None;
        }
        // The value is the 24-bit mantissa times 2^(power - 150); half of the last place is added before the shift.
        let mantissa = u64::from(if power == 0 { fraction } else { fraction | 0x0080_0000 });
        let shift = power.max(1).cast_signed() - 150 + exponent.clamp(-512, 512);
        let magnitude = match shift {
            0.. => mantissa << shift.min(16),
            -40..0 => (mantissa + (1 << (-shift - 1))) >> -shift,
            _ => 0,
        };
        let magnitude = i32::try_from(magnitude).unwrap_or(i32::MAX);
        let signed = if bits >> 31 == 0 { magnitude } else { -magnitude };
        Some(signed.clamp(i16::MIN.into(), i16::MAX.into()) as i16)
    }
}

#[cfg(all(test, feature = "float"))]
mod tests {
    use super::*;

    #[test]
    fn fixed_point_is_rounded_and_kept_within_sixteen_bits() {
        for exponent in [-3, 0, 1, 7, 12] {
            for value in [0.0_f32, -0.0, 0.49, 0.5, -0.5, 1.25, -3.999, 127.4, -1e3, 1e9, -1e9, 1e-30, f32::MAX] {
                let expected = (f64::from(value) * f64::from(exponent).exp2()).round().clamp(-32768.0, 32767.0);
                assert_eq!(value.fixed(exponent), Some(expected as i16), "{value} 2^{exponent}");
            }
        }
        assert_eq!((f32::NAN.fixed(0), f32::INFINITY.fixed(0), 5_i16.fixed(3)), (None, None, Some(5)));
    }

    #[test]
    fn keys_order_as_the_values_do() {
        let ordered = [f32::MIN, -2.0, -1.5, -f32::MIN_POSITIVE, -1e-45, 0.0, 1e-45, 1.0, 1.5, f32::MAX];
        assert!(ordered.windows(2).all(|pair| pair[0].key() < pair[1].key()));
        assert_eq!((-0.0_f32).key(), 0.0_f32.key());
        assert!([f32::NAN, f32::INFINITY, f32::NEG_INFINITY].iter().all(|value| value.key().is_none()));
    }
}
