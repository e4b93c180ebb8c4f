use std::ops::Range;

use pulp::{Arch, Simd, WithSimd};

use super::vectors::{load, store};

/// Adam (Kingma & Ba 2015) for one block of parameters, with decoupled weight decay.
#[derive(Clone, Debug)]
pub(crate) struct Adam {
    first: Vec<f32>,
    second: Vec<f32>,
}

/// What all blocks share in one step.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Step {
    rate: f32,
    /// What the moments are multiplied by, since they start at 0.
    first: f32,
    second: f32,
    decay: f32,
}

const BETA_1: f32 = 0.9;
const BETA_2: f32 = 0.999;

impl Step {
    /// Step `number`, from 0, of a run at learning rate `rate`.
    pub(crate) fn new(number: usize, rate: f32, decay: f32) -> Self {
        let scale = |beta: f32| (1.0 - libm::pow(beta.into(), (number + 1) as f64)).recip() as f32;
        Self { rate, first: scale(BETA_1), second: scale(BETA_2), decay }
    }
}

impl Adam {
    pub(crate) fn new(parameters: usize) -> Self {
        Self { first: vec![0.0; parameters], second: vec![0.0; parameters] }
    }

    /// Moves `parameters` against `gradient`.
    pub(crate) fn step(&mut self, step: Step, parameters: &mut [f32], gradient: &[f32]) {
        Arch::new().dispatch(Whole { adam: self, step, parameters, gradient });
    }

    /// The same for the parameters `some` alone.
    #[inline(always)]
    pub(super) fn step_some<S: Simd>(
        &mut self,
        simd: S,
        step: Step,
        parameters: &mut [f32],
        some: Range<usize>,
        gradient: &[f32],
    ) {
        let [rate, to_first, to_second, decay] =
            [step.rate, step.first, step.second, step.decay].map(|x| simd.splat_f32s(x));
        let [keep_first, new_first] = [BETA_1, 1.0 - BETA_1].map(|x| simd.splat_f32s(x));
        let [keep_second, new_second] = [BETA_2, 1.0 - BETA_2].map(|x| simd.splat_f32s(x));
        let least = simd.splat_f32s(1e-8);
        let parameters = parameters[some.clone()].chunks_mut(S::F32_LANES);
        let first = self.first[some.clone()].chunks_mut(S::F32_LANES);
        let second = self.second[some].chunks_mut(S::F32_LANES);
        for (((parameters, gradient), own_first), own_second) in
            parameters.zip(gradient.chunks(S::F32_LANES)).zip(first).zip(second)
        {
            let (gradient, parameter) = (load(simd, gradient), load(simd, parameters));
            let kept = simd.mul_f32s(keep_first, load(simd, own_first));
            let first = simd.add_f32s(kept, simd.mul_f32s(new_first, gradient));
            let kept = simd.mul_f32s(keep_second, load(simd, own_second));
            let second = simd.add_f32s(kept, simd.mul_f32s(simd.mul_f32s(new_second, gradient), gradient));
            store(simd, own_first, first);
            store(simd, own_second, second);
            let root = simd.add_f32s(simd.sqrt_f32s(simd.mul_f32s(second, to_second)), least);
            let move_by = simd.div_f32s(simd.mul_f32s(first, to_first), root);
            let move_by = simd.mul_f32s(rate, simd.add_f32s(move_by, simd.mul_f32s(decay, parameter)));
            store(simd, parameters, simd.sub_f32s(parameter, move_by));
        }
    }
}

/// A step of all parameters.
struct Whole<'a> {
    adam: &'a mut Adam,
    step: Step,
    parameters: &'a mut [f32],
    gradient: &'a [f32],
}

impl WithSimd for Whole<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let all = 0..self.parameters.len();
        self.adam.step_some(simd, self.step, self.parameters, all, self.gradient);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Kingma & Ba's algorithm 1, a number at a time.
    #[test]
    fn a_step_is_that_of_the_paper() {
        let start: Vec<f32> = (0..37_i16).map(|at| f32::from(at) / 7.0 - 2.0).collect();
        let (mut parameters, mut adam) = (start.clone(), Adam::new(37));
        let mut expected: Vec<(f64, f64, f64)> = start.iter().map(|&x| (x.into(), 0.0, 0.0)).collect();
        let (rate, decay) = (0.01, 0.1);
        for number in 0..5 {
            let gradient: Vec<f32> = (0..37_i16).map(|at| f32::from(at * 3 % 11) - 4.5 + number as f32).collect();
            adam.step(Step::new(number, 0.01, 0.1), &mut parameters, &gradient);
            let time = i32::try_from(number).unwrap() + 1;
            for ((parameter, first, second), &gradient) in expected.iter_mut().zip(&gradient) {
                let gradient = f64::from(gradient);
                *first = 0.9 * *first + 0.1 * gradient;
                *second = 0.999 * *second + 0.001 * gradient * gradient;
                let (mean, square) = (*first / (1.0 - 0.9_f64.powi(time)), *second / (1.0 - 0.999_f64.powi(time)));
                *parameter -= rate * (mean / (square.sqrt() + 1e-8) + decay * *parameter);
            }
        }
        for (found, (expected, ..)) in parameters.iter().zip(expected) {
            assert!((f64::from(*found) - expected).abs() < 1e-4, "{found} {expected}");
        }
    }
}
