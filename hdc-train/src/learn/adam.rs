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
    /// Corrections of the moments for their start at 0.
    first: f32,
    second: f32,
    decay: f32,
}

const BETA_1: f32 = 0.9;
const BETA_2: f32 = 0.999;

impl Step {
    /// Step `number`, from 0, of a run at learning rate `rate`.
    pub(crate) fn new(number: usize, rate: f32, decay: f32) -> Self {
        let power = |beta: f32| (0..=number.min(20_000)).fold(1.0_f32, |power, _| power * beta);
        Self { rate, first: 1.0 - power(BETA_1), second: 1.0 - power(BETA_2), decay }
    }
}

impl Adam {
    pub(crate) fn new(parameters: usize) -> Self {
        Self { first: vec![0.0; parameters], second: vec![0.0; parameters] }
    }

    /// Moves `parameters` against `gradient`.
    pub(crate) fn step(&mut self, step: Step, parameters: &mut [f32], gradient: &[f32]) {
        let moments = self.first.iter_mut().zip(&mut self.second);
        for ((parameter, &gradient), (first, second)) in parameters.iter_mut().zip(gradient).zip(moments) {
            *first = BETA_1 * *first + (1.0 - BETA_1) * gradient;
            *second = BETA_2 * *second + (1.0 - BETA_2) * gradient * gradient;
            let root = (*second / step.second).sqrt() + 1e-8;
            *parameter -= step.rate * (*first / step.first / root + step.decay * *parameter);
        }
    }
}
