use super::stream::Filter;
use super::{Biquad, FRACTION};
use crate::Value;

/// A signal front end: a cascade of biquads for each channel, then, if wanted, rectification and an envelope, then
/// decimation. It makes T / d steps of C channels of T.
///
/// Samples are `i16`, before and after; `T x C -> T / d x C`. The envelope of N steps is the mean of the magnitudes so far
/// until there are N of them, then an exponential mean: `y_t = y_{t-1} + (|x_t| - y_{t-1}) / min(t, N)`. Results are
/// multiplied by `2^gain` before they are rounded, so that the levels of a weak signal are not lost.
///
/// It begins anew with every window, as if its first sample had been there forever: a constant part makes no jump. So what
/// is encoded depends on the window alone. A section needs time to forget where it began: a high-pass at f Hz about
/// 1 / (4 f) seconds, a notch at f Hz with quality Q about Q / (3 f).
///
/// The words of `sections` are those of [`Biquad`]s, one after the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FrontEnd<S> {
    /// Channels C.
    pub channels: usize,
    /// The biquads, five words each.
    pub sections: S,
    /// N, the time constant of the envelope in steps; 0 for none.
    pub envelope: u32,
    /// d: every d-th step is kept, at least 1.
    pub decimation: u32,
    /// Exponent of two by which results are multiplied, 0 to 12.
    pub gain: u32,
}

impl FrontEnd<()> {
    /// The largest gain: all bits of a result that there are.
    pub const MOST_GAIN: u32 = FRACTION;
}

impl<S: AsRef<[u32]>> FrontEnd<S> {
    /// The sections of each channel.
    pub fn biquads(&self) -> impl Iterator<Item = Biquad> {
        self.sections.as_ref().as_chunks().0.iter().map(Biquad::from_words)
    }

    /// The steps that are made of `steps` steps.
    pub fn steps(&self, steps: usize) -> usize {
        steps.checked_div(self.decimation as usize).unwrap_or(0)
    }

    /// Words of state: of each channel two samples, three words a section, two of the envelope.
    pub fn state_words(&self) -> usize {
        self.channel_words().saturating_mul(self.channels)
    }

    pub(super) fn channel_words(&self) -> usize {
        let sections = self.sections.as_ref().len() / Biquad::WORDS;
        2 + 3 * sections + if self.envelope > 0 { 2 } else { 0 }
    }

    /// Writes what becomes of `window` (`T x C`, time-major) to `filtered` (`T / d x C`). A sample that is real counts as
    /// the integer next to it.
    pub fn filter_into<V: Value>(&self, window: &[V], state: &mut [u32], filtered: &mut [i16]) {
        let channels = self.channels.max(1);
        let mut filter = self.start(state);
        let mut targets = filtered.chunks_exact_mut(channels);
        let Some(mut target) = targets.next() else { return };
        for step in window.chunks_exact(channels) {
            if filter.push_samples(step.iter().map(|sample| sample.fixed(0).unwrap_or(0)), target) {
                match targets.next() {
                    Some(next) => target = next,
                    None => return,
                }
            }
        }
    }

    /// A stream of steps from here on, whose state is in `state`, of at least [`state_words`](Self::state_words) words,
    /// which is overwritten.
    pub fn start<B: AsMut<[u32]>>(&self, state: B) -> Filter<&[u32], B> {
        let Self { channels, envelope, decimation, gain, .. } = *self;
        Filter::new(FrontEnd { channels, sections: self.sections.as_ref(), envelope, decimation, gain }, state)
    }
}
