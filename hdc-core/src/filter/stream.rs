use super::{Biquad, FRACTION, FrontEnd, HALF, ONE, settle};

/// A [`FrontEnd`] that runs: its state, over the caller's memory.
#[derive(Clone, Debug)]
pub struct Filter<S, B> {
    front_end: FrontEnd<S>,
    /// Of each channel the last two inputs; of each section its last two outputs, which are the next one's inputs, and
    /// what was cut off; of the envelope its last output and what was cut off.
    state: B,
    /// Steps so far, up to those of the envelope, or one.
    steps: u32,
    /// Steps since the last one that was kept.
    since: u32,
}

impl<S: AsRef<[u32]>, B: AsMut<[u32]>> Filter<S, B> {
    pub(super) fn new(front_end: FrontEnd<S>, state: B) -> Self {
        Self { front_end, state, steps: 0, since: 0 }
    }

    /// Forgets everything: the next step is the first.
    pub fn reset(&mut self) {
        (self.steps, self.since) = (0, 0);
    }

    /// Takes a time step, one sample a channel, and returns whether it is one that is kept: then it is in `target`.
    /// Costs about 50 instructions a section and channel on a Cortex-M4 (`cargo xtask chip`).
    pub fn push(&mut self, step: &[i16], target: &mut [i16]) -> bool {
        self.push_samples(step.iter().copied(), target)
    }

    pub(crate) fn push_samples(&mut self, step: impl Iterator<Item = i16>, target: &mut [i16]) -> bool {
        let FrontEnd { envelope, decimation, gain, .. } = self.front_end;
        let (biquads, []) = self.front_end.sections.as_ref().as_chunks() else { return false };
        let first = self.steps == 0;
        self.steps = envelope.max(1).min(self.steps.saturating_add(1));
        self.since = self.since.saturating_add(1);
        let kept = self.since >= decimation;
        if kept {
            self.since = 0;
        }
        // At first the mean of all steps so far.
        let share = (ONE as u32).checked_div(self.steps).unwrap_or(0);
        let shift = FRACTION.saturating_sub(gain);
        let channels = bytemuck::cast_slice_mut(self.state.as_mut());
        let channels = channels.chunks_exact_mut(self.front_end.channel_words());
        for ((sample, state), target) in step.zip(channels).zip(target) {
            let sample = i32::from(sample) << FRACTION;
            if first {
                begin(biquads, sample, state);
            }
            let (mut result, last) = cascade(biquads, sample, state);
            if let [mean, rest] = last {
                let change = i64::from(result.abs() - *mean) * i64::from(share);
                *mean = settle((i64::from(*mean) * ONE) + change, rest);
                result = *mean;
            }
            if kept {
                let rounded = (result + ((1 << shift) >> 1)) >> shift;
                *target = rounded.clamp(i16::MIN.into(), i16::MAX.into()) as i16;
            }
        }
        kept
    }
}

/// The state of a channel whose first sample has been there forever.
fn begin(biquads: &[[u32; Biquad::WORDS]], sample: i32, state: &mut [i32]) {
    let Some((input, mut state)) = state.split_first_chunk_mut::<2>() else { return };
    let mut steady = sample;
    *input = [steady; 2];
    for words in biquads {
        let Some((section, next)) = state.split_first_chunk_mut::<3>() else { return };
        steady = Biquad::from_words(words).steady(steady);
        *section = [steady, steady, HALF];
        state = next;
    }
    if let [mean, rest] = state {
        (*mean, *rest) = (0, HALF);
    }
}

/// The next output of the cascade, and what of the state is not of it.
#[inline]
fn cascade<'a>(biquads: &[[u32; Biquad::WORDS]], sample: i32, state: &'a mut [i32]) -> (i32, &'a mut [i32]) {
    let Some(([newer, older], mut state)) = state.split_first_chunk_mut::<2>() else { return (sample, &mut []) };
    let (mut x, mut newer, mut older) = (sample, newer, older);
    for words in biquads {
        let Some(([newest, oldest, rest], next)) = state.split_first_chunk_mut::<3>() else { return (x, &mut []) };
        let y = Biquad::from_words(words).step(x, [*newer, *older], [*newest, *oldest], rest);
        (*older, *newer) = (*newer, x);
        (x, newer, older, state) = (y, newest, oldest, next);
    }
    (*older, *newer) = (*newer, x);
    (x, state)
}
