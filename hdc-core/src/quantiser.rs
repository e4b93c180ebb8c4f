use crate::{Value, kernel};

/// Maps the number of each channel to one of M levels by `M - 1` rising thresholds a channel.
///
/// The level is the number of thresholds that the value reaches: `|{ i : value >= threshold_i }|`, in
/// `0..M`; values beyond the outermost thresholds are clipped. Thresholds are [keys](Value::key): sensor
/// counts for `i16`, the ordered bits for `f32`. Storage: `C x (M - 1)` words holding `i32`.
#[derive(Clone, Copy, Debug)]
pub struct Quantiser<S> {
    thresholds: S,
    levels: usize,
}

impl<S: AsRef<[u32]>> Quantiser<S> {
    /// A quantiser to `levels` levels from `thresholds`, `C x (levels - 1)`, rising in each channel.
    pub const fn new(thresholds: S, levels: usize) -> Self {
        Self { thresholds, levels }
    }

    /// The number of levels M.
    pub const fn levels(&self) -> usize {
        self.levels
    }

    /// All thresholds, `C x (M - 1)`.
    pub fn all(&self) -> &[u32] {
        self.thresholds.as_ref()
    }

    /// The thresholds of `channel`; none if there is no such channel.
    pub fn thresholds(&self, channel: usize) -> &[u32] {
        let cuts = self.levels.saturating_sub(1);
        self.thresholds.as_ref().get(channel * cuts..(channel + 1) * cuts).unwrap_or(&[])
    }

    /// The level of `value` in `channel`; `None` if it is NaN or infinite. Costs `log2(M)` comparisons.
    #[inline]
    pub fn level<V: Value>(&self, channel: usize, value: V) -> Option<usize> {
        Some(self.level_of(channel, value.key()?))
    }

    /// The level of the value with this [key](Value::key) in `channel`.
    #[inline]
    pub fn level_of(&self, channel: usize, key: i32) -> usize {
        self.thresholds(channel).partition_point(|threshold| threshold.cast_signed() <= key)
    }

    /// Each of `keys`, one a channel, becomes its level.
    pub(crate) fn quantise(&self, keys: &mut [u32]) {
        kernel::quantise(self.all(), self.levels.saturating_sub(1), keys);
    }

    /// The same for rows of `channels` keys.
    pub(crate) fn quantise_rows(&self, channels: usize, keys: &mut [u32]) {
        kernel::quantise_rows(self.all(), self.levels.saturating_sub(1), channels, keys);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_level_is_the_number_of_thresholds_reached() {
        let quantiser = Quantiser::new([-5, 0, 7, 10, 20, 30_i32].map(i32::cast_unsigned), 4);
        let levels = |channel, values: [i16; 4]| values.map(|value| quantiser.level(channel, value).unwrap());
        assert_eq!(levels(0, [-6, -5, 6, 7]), [0, 1, 2, 3]);
        assert_eq!(levels(1, [i16::MIN, 10, 29, i16::MAX]), [0, 1, 2, 3]);
    }
}
