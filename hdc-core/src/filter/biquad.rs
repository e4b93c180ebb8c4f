use super::{ONE, settle};

/// A section of second order of a recursive filter, in direct form I:
/// `y_t = b0 x_t + b1 x_{t-1} + b2 x_{t-2} - a1 y_{t-1} - a2 y_{t-2}`.
///
/// Coefficients are integers of 1 / 2^30. A section of a front end is stable, and lets a constant either pass unchanged or
/// not at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Biquad {
    /// b0, b1, b2.
    pub b: [i32; 3],
    /// a1, a2.
    pub a: [i32; 2],
}

impl Biquad {
    /// Words that a section takes in a model: b0, b1, b2, a1, a2.
    pub const WORDS: usize = 5;

    /// The section of these words.
    #[inline]
    pub fn from_words(words: &[u32; Self::WORDS]) -> Self {
        let [b0, b1, b2, a1, a2] = words.map(u32::cast_signed);
        Self { b: [b0, b1, b2], a: [a1, a2] }
    }

    /// Its words.
    pub fn to_words(self) -> [u32; Self::WORDS] {
        let ([b0, b1, b2], [a1, a2]) = (self.b, self.a);
        [b0, b1, b2, a1, a2].map(i32::cast_unsigned)
    }

    /// Whether a front end can have it: both poles lie within the unit circle, and a constant passes unchanged or not at
    /// all.
    pub fn is_sound(self) -> bool {
        let [a1, a2] = self.a.map(i64::from);
        // The stability triangle.
        let stable = a2.abs() < ONE && a1.abs() < ONE + a2;
        stable && (self.gain() == 0 || self.gain() == ONE + a1 + a2)
    }

    /// What a constant `x` becomes in the end.
    pub(super) fn steady(self, x: i32) -> i32 {
        if self.gain() == 0 { 0 } else { x }
    }

    /// The numerator at frequency 0.
    fn gain(self) -> i64 {
        self.b.iter().map(|&b| i64::from(b)).sum()
    }

    /// The next output. `before` are the inputs x_{t-1}, x_{t-2}, `after` the outputs y_{t-1}, y_{t-2}.
    #[inline]
    pub(super) fn step(self, x: i32, before: [i32; 2], after: [i32; 2], rest: &mut i32) -> i32 {
        let product = |coefficient: i32, sample: i32| i64::from(coefficient) * i64::from(sample);
        let ([b0, b1, b2], [a1, a2]) = (self.b, self.a);
        let forward = product(b0, x) + product(b1, before[0]) + product(b2, before[1]);
        settle(forward - product(a1, after[0]) - product(a2, after[1]), rest)
    }
}
