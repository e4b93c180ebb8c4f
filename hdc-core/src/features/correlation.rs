//! How two channels go together.

use super::root;
use crate::Value;

/// Bits of the fraction of a correlation.
const FRACTION: u32 = 14;

/// Sums over the samples of two channels. Up to 32,767 samples of `i16` do not overflow.
#[derive(Clone, Copy, Debug, Default)]
struct Pair {
    samples: i64,
    x: i64,
    y: i64,
    xx: i64,
    yy: i64,
    xy: i64,
}

impl Pair {
    #[inline(always)]
    fn push(&mut self, x: i16, y: i16) {
        let (x, y) = (i32::from(x), i32::from(y));
        self.samples += 1;
        self.x += i64::from(x);
        self.y += i64::from(y);
        self.xx += i64::from(x.wrapping_mul(x));
        self.yy += i64::from(y.wrapping_mul(y));
        self.xy += i64::from(x.wrapping_mul(y));
    }

    /// `1 + cov(x, y) / sqrt(var(x) var(y))` in 2^-14, rounded towards 1; 1 if a channel is constant.
    fn value(&self) -> i32 {
        // `n^2` times the moments: at most 2^60, as n is below 2^15 and squares are at most 2^30.
        let moment = |sum: i64, a: i64, b: i64| self.samples.wrapping_mul(sum).wrapping_sub(a.wrapping_mul(b));
        let covariance = moment(self.xy, self.x, self.y);
        let (x, y) = (moment(self.xx, self.x, self.x).cast_unsigned(), moment(self.yy, self.y, self.y).cast_unsigned());
        if x == 0 || y == 0 {
            return 1 << FRACTION;
        }
        // Roots of at least 30 bits, so that what they are rounded by does not matter.
        let shift = |moment: u64| moment.leading_zeros().saturating_sub(2) / 2;
        let deviation = |moment: u64| u64::from(root(moment << (2 * shift(moment))).unsigned_abs());
        let most = deviation(x).wrapping_mul(deviation(y)) >> FRACTION;
        // At most the product of the deviations (Cauchy and Schwarz), but for the rounding.
        let size = (covariance.unsigned_abs() << (shift(x) + shift(y))).checked_div(most).unwrap_or(0);
        let size = size.min(1 << FRACTION) as i32;
        (1 << FRACTION) + if covariance < 0 { -size } else { size }
    }
}

/// The correlation of the numbers from `first` and from `second` on, `stride` apart, with their exponents of two; see
/// [`Feature::Correlation`](super::Feature::Correlation). Returns the index of a number that is not finite.
#[inline(never)]
pub(super) fn correlation<V: Value>(
    numbers: &[V],
    (first, exponent): (usize, i32),
    (second, second_exponent): (usize, i32),
    stride: usize,
) -> Result<i32, usize> {
    let mut pair = Pair::default();
    let (mut at, mut other) = (first, second);
    while let (Some(x), Some(y)) = (numbers.get(at), numbers.get(other)) {
        pair.push(x.fixed(exponent).ok_or(at)?, y.fixed(second_exponent).ok_or(other)?);
        (at, other) = (at + stride, other + stride);
    }
    Ok(pair.value())
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: i32 = 1 << FRACTION;

    fn of(pairs: &[(i16, i16)]) -> i32 {
        let mut pair = Pair::default();
        pairs.iter().for_each(|&(x, y)| pair.push(x, y));
        pair.value()
    }

    #[test]
    fn correlations_are_what_their_name_says() {
        assert_eq!(of(&[(1, 2), (5, 10), (3, 6)]), 2 * ONE);
        assert_eq!(of(&[(1, -2), (5, -10), (3, -6)]), 0);
        assert_eq!(of(&[(1, 1), (-1, 1), (1, -1), (-1, -1)]), ONE);
        // Deviations (-1, 0, 1) and (0, -1, 1): r = 1 / 2.
        assert_eq!(of(&[(0, 1), (1, 0), (2, 2)]), ONE + ONE / 2);
        // A channel that does not move goes with nothing, and neither does one sample.
        assert_eq!(of(&[(3, 1), (3, 2), (3, 9)]), ONE);
        assert_eq!(of(&[(3, 1)]), ONE);
        assert_eq!(of(&[]), ONE);
    }

    #[test]
    fn the_longest_and_loudest_window_does_not_overflow() {
        let most = super::super::Measure::MOST_SAMPLES;
        let turns: Vec<(i16, i16)> = (0..most).map(|step| [i16::MIN, i16::MAX][step % 2]).map(|x| (x, !x)).collect();
        assert!((0..4).contains(&of(&turns)));
        assert_eq!(of(&vec![(i16::MIN, i16::MIN); most]), ONE);
    }

    #[test]
    fn correlations_are_those_of_real_numbers() {
        for seed in 1..40_i64 {
            // Small and large numbers, of an even spread.
            let noise = |step: i64| ((step * seed * 2_654_435_761 + step * step * 40_503) >> 7) % 1_000;
            let size = 1 << (seed % 6);
            let pairs: Vec<(i16, i16)> = (0..50 + seed)
                .map(|step| ((noise(step) * size) as i16, ((noise(step) + seed * noise(step + 99)) * size / 40) as i16))
                .collect();
            let n = pairs.len() as f64;
            let mean = |of: &dyn Fn(&(i16, i16)) -> f64| pairs.iter().map(of).sum::<f64>() / n;
            let (x, y) = (mean(&|p| p.0.into()), mean(&|p| p.1.into()));
            let (dx, dy) = (|p: &(i16, i16)| f64::from(p.0) - x, |p: &(i16, i16)| f64::from(p.1) - y);
            let (xx, yy) = (mean(&|p| dx(p) * dx(p)), mean(&|p| dy(p) * dy(p)));
            let r = mean(&|p| dx(p) * dy(p)) / (xx * yy).sqrt();
            assert!((f64::from(of(&pairs)) / f64::from(ONE) - 1.0 - r).abs() < 1e-3, "{seed}");
        }
    }
}
