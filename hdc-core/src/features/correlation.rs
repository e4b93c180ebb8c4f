//! How two channels go together.

use super::{add_product, root};
use crate::Value;

/// Bits of the fraction of a correlation.
const FRACTION: u32 = 14;

/// The correlation of the channels `first` and `second` of `numbers`, `channels` a step, with their exponents of two; see
/// [`Feature::Correlation`](super::Feature::Correlation). Returns the index of a number that is not finite.
///
/// A loop for each sum: a chip has too few registers for all of them at once.
pub(super) fn correlation<V: Value>(
    numbers: &[V],
    (first, exponent): (usize, i32),
    (second, second_exponent): (usize, i32),
    channels: usize,
) -> Result<i32, usize> {
    let steps = numbers.len().checked_div(channels).unwrap_or(0);
    let (x, y) = (sums(numbers, first, channels, exponent)?, sums(numbers, second, channels, second_exponent)?);
    let mut products = 0_i64;
    for row in numbers.chunks_exact(channels.max(1)) {
        if let (Some(x), Some(y)) = (row.get(first), row.get(second)) {
            // Both are finite, as their sums are there.
            let (x, y) = (x.fixed(exponent).unwrap_or(0), y.fixed(second_exponent).unwrap_or(0));
            products = add_product(products, x.into(), y.into());
        }
    }
    Ok(of_sums(i64::try_from(steps).unwrap_or(0), x, y, products))
}

/// The sum of a channel and that of its squares. Up to 32,767 samples of `i16` do not overflow.
#[inline(never)]
fn sums<V: Value>(numbers: &[V], channel: usize, channels: usize, exponent: i32) -> Result<(i32, i64), usize> {
    let (mut sum, mut squares) = (0_i32, 0_i64);
    for (step, row) in numbers.chunks_exact(channels.max(1)).enumerate() {
        if let Some(number) = row.get(channel) {
            let number = i32::from(number.fixed(exponent).ok_or(step * channels + channel)?);
            sum = sum.wrapping_add(number);
            squares = add_product(squares, number, number);
        }
    }
    Ok((sum, squares))
}

/// `1 + cov(x, y) / sqrt(var(x) var(y))` in 2^-14, rounded towards 1, from the sums of n samples and of their squares and
/// products; 1 if a channel is constant.
#[inline(never)]
fn of_sums(n: i64, (x, xx): (i32, i64), (y, yy): (i32, i64), xy: i64) -> i32 {
    // `n^2` times the moments: at most 2^60, as n is below 2^15 and squares are at most 2^30.
    let moment = |sum: i64, a: i32, b: i32| n.wrapping_mul(sum).wrapping_sub(i64::from(a).wrapping_mul(b.into()));
    let covariance = moment(xy, x, y);
    let (x, y) = (moment(xx, x, x).cast_unsigned(), moment(yy, y, y).cast_unsigned());
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

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: i32 = 1 << FRACTION;

    fn of(pairs: &[(i16, i16)]) -> i32 {
        let numbers: Vec<i16> = pairs.iter().flat_map(|&(x, y)| [x, y]).collect();
        correlation(&numbers, (0, 0), (1, 0), 2).unwrap()
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
