//! The front end against real numbers, and what it promises at its limits.

use hdc_core::{Biquad, FrontEnd};
use proptest::prelude::*;

const ONE: f64 = (1_u64 << 30) as f64;

/// A section with poles of this radius and angle: a constant passes (`pass`) or not, the numerator differs from equal parts by `b`.
fn section(radius: f64, angle: f64, b: [f64; 2], pass: bool) -> Biquad {
    let fixed = |value: f64| (value * ONE).round() as i32;
    let a = [fixed(-2.0 * radius * angle.cos()), fixed(radius * radius)];
    let sum = if pass { (1 << 30) + i64::from(a[0]) + i64::from(a[1]) } else { 0 };
    let [b0, b1] = b.map(|b| fixed(b) + (sum / 3) as i32);
    let b2 = i32::try_from(sum - i64::from(b0) - i64::from(b1)).unwrap();
    Biquad { b: [b0, b1, b2], a }
}

fn words(sections: &[Biquad]) -> Vec<u32> {
    sections.iter().flat_map(|section| section.to_words()).collect()
}

fn front_end(sections: Vec<u32>) -> FrontEnd<Vec<u32>> {
    FrontEnd { channels: 1, sections, envelope: 0, decimation: 1, gain: 0 }
}

/// What becomes of `samples`, time-major.
fn run(front_end: &FrontEnd<Vec<u32>>, samples: &[i16]) -> Vec<i16> {
    let channels = front_end.channels;
    let mut filter = front_end.start(vec![0xdead_beef; front_end.state_words()]);
    let (mut kept, mut row) = (Vec::new(), vec![0; channels]);
    for step in samples.chunks_exact(channels) {
        if filter.push(step, &mut row) {
            kept.extend(&row);
        }
    }
    kept
}

/// The recursion in real numbers, from its steady state.
fn real(section: Biquad, samples: &[f64]) -> Vec<f64> {
    let (b, a) = (section.b.map(|b| f64::from(b) / ONE), section.a.map(|a| f64::from(a) / ONE));
    let gain = b.iter().sum::<f64>() / (1.0 + a[0] + a[1]);
    let (mut x, mut y) = ([samples[0]; 2], [gain * samples[0]; 2]);
    let step = |&sample: &f64| {
        let next = b[0] * sample + b[1] * x[0] + b[2] * x[1] - a[0] * y[0] - a[1] * y[1];
        (x, y) = ([sample, x[0]], [next, y[0]]);
        next
    };
    samples.iter().map(step).collect()
}

/// The sum of the magnitudes of the response to one impulse of `b` before the poles of `section`.
fn most(section: Biquad, b: [f64; 3]) -> f64 {
    let a = section.a.map(|a| f64::from(a) / ONE);
    let (mut y, mut sum) = ([0.0; 2], 0.0);
    for step in 0..20_000 {
        let next = b.get(step).unwrap_or(&0.0) - a[0] * y[0] - a[1] * y[1];
        y = [next, y[0]];
        sum += next.abs();
    }
    sum
}

proptest! {
    /// What is cut off is half a unit of the last place around its mean, and reaches the output through `1 - z^-1` and
    /// the poles: the error is at most that.
    #[test]
    fn a_section_is_as_exact_as_it_says(
        (radius, angle) in (0.0..0.999_f64, 0.0..std::f64::consts::PI),
        b in prop::array::uniform2(-0.3..0.3_f64),
        pass in any::<bool>(),
        gain in 0..4_u32,
        samples in prop::collection::vec(-2000..2000_i16, 1..400),
    ) {
        let section = section(radius, angle, b, pass);
        prop_assume!(section.is_sound());
        let largest = most(section, section.b.map(|b| f64::from(b) / ONE));
        prop_assume!(largest * 2000.0 < 16_000.0);
        let scale = f64::from(1 << gain);
        let bound = most(section, [1.0, -1.0, 0.0]) / 2.0 / 4096.0 * scale + 0.5 + 1e-6;
        let got = run(&FrontEnd { gain, ..front_end(words(&[section])) }, &samples);
        let expected = real(section, &samples.iter().map(|&sample| f64::from(sample)).collect::<Vec<_>>());
        for (got, expected) in got.iter().zip(expected) {
            let expected = (expected * scale).clamp(-32_768.0, 32_767.0);
            prop_assert!((f64::from(*got) - expected).abs() <= bound, "{got} {expected} +- {bound}");
        }
    }

    /// A constant passes unchanged or not at all, from the first step on.
    #[test]
    fn a_constant_makes_no_jump(
        (radius, angle) in (0.0..0.9999_f64, 0.0..std::f64::consts::PI),
        b in prop::array::uniform2(-0.3..0.3_f64),
        passes in prop::array::uniform3(any::<bool>()),
        sample in any::<i16>(),
    ) {
        let sections = passes.map(|pass| section(radius, angle, b, pass));
        prop_assume!(sections.iter().all(|section| section.is_sound()));
        let expected = if passes == [true; 3] { sample } else { 0 };
        prop_assert_eq!(run(&front_end(words(&sections)), &[sample; 50]), [expected; 50]);
    }

    /// Whatever the words are.
    #[test]
    fn no_sum_overflows(
        sections in prop::collection::vec(any::<u32>(), 0..17),
        samples in prop::collection::vec(prop::sample::select(vec![i16::MIN, i16::MAX, 0]), 1..200),
        (envelope, decimation, gain) in (any::<u32>(), any::<u32>(), any::<u32>()),
    ) {
        let front_end = FrontEnd { channels: 1, sections, envelope, decimation, gain };
        run(&front_end, &samples);
    }

    /// After the loudest input, silence: no oscillation is left.
    #[test]
    fn what_saturated_dies_down(
        (radius, angle) in (0.5..0.99_f64, 0.0..std::f64::consts::PI),
        loud in prop::collection::vec(prop::sample::select(vec![i16::MIN, i16::MAX]), 100),
    ) {
        let section = section(radius, angle, [0.3, -0.3], false);
        prop_assume!(section.is_sound());
        let samples = [loud, vec![0; 4000]].concat();
        let got = run(&front_end(words(&[section])), &samples);
        prop_assert!(got[4000..].iter().all(|y| y.abs() <= 1));
    }

    #[test]
    fn the_envelope_is_a_mean_and_then_an_exponential_one(
        samples in prop::collection::vec(any::<i16>(), 1..300),
        envelope in 1..100_u32,
    ) {
        let got = run(&FrontEnd { envelope, ..front_end(Vec::new()) }, &samples);
        let mut mean = 0.0;
        for (step, (&sample, got)) in samples.iter().zip(got).enumerate() {
            mean += (f64::from(sample).abs() - mean) / (step as f64 + 1.0).min(envelope.into());
            prop_assert!((f64::from(got) - mean.min(32_767.0)).abs() <= 0.51, "step {step}: {got} {mean}");
        }
    }

    /// Channels do not know of each other, and every d-th step is kept.
    #[test]
    fn channels_are_apart_and_steps_are_left_out(
        samples in prop::collection::vec(-9000..9000_i16, 30..90),
        (envelope, decimation) in (0..9_u32, 1..7_u32),
    ) {
        let sections = words(&[section(0.9, 0.1, [0.3, -0.3], false), section(0.5, 1.0, [0.1, 0.2], true)]);
        let three = FrontEnd { channels: 3, sections, envelope, decimation, gain: 1 };
        let samples = &samples[..samples.len() / 3 * 3];
        let got = run(&three, samples);
        prop_assert_eq!(got.len(), 3 * three.steps(samples.len() / 3));
        for channel in 0..3 {
            let own: Vec<i16> = samples.iter().skip(channel).step_by(3).copied().collect();
            let every = run(&FrontEnd { channels: 1, decimation: 1, ..three.clone() }, &own);
            let kept: Vec<i16> = every.chunks_exact(decimation as usize).map(|steps| steps[steps.len() - 1]).collect();
            prop_assert_eq!(got.iter().skip(channel).step_by(3).copied().collect::<Vec<_>>(), kept);
        }
    }
}

#[test]
fn a_reset_filter_begins_anew() {
    let sections = words(&[section(0.95, 0.3, [0.3, -0.2], true)]);
    let front_end = FrontEnd { envelope: 5, decimation: 3, ..front_end(sections) };
    let mut filter = front_end.start(vec![0; front_end.state_words()]);
    let mut take = |samples: [i16; 10], reset: bool| {
        if reset {
            filter.reset();
        }
        let (mut kept, mut row) = (Vec::new(), [0]);
        for sample in samples {
            if filter.push(&[sample], &mut row) {
                kept.extend(row);
            }
        }
        kept
    };
    let samples = [5, 900, -700, 3, 80, -90, 1000, 0, 7, 300];
    let first = take(samples, false);
    assert_eq!(first.len(), 3);
    assert_ne!(take(samples, false), first);
    assert_eq!(take(samples, true), first);
}

#[test]
fn sections_that_are_unstable_or_change_a_constant_are_not_sound() {
    let sound = section(0.9, 0.5, [0.3, 0.1], true);
    assert!(sound.is_sound() && Biquad::from_words(&sound.to_words()) == sound);
    let [b0, b1, b2] = sound.b;
    assert!(!Biquad { b: [b0, b1, b2 + 1], ..sound }.is_sound());
    for a in [[i32::MIN, 1 << 30], [0, 1 << 30], [0, -(1 << 30)], [1 << 30, 0], [-(1 << 30), 0], [i32::MAX, i32::MIN]] {
        assert!(!Biquad { b: [0, 0, 0], a }.is_sound(), "{a:?}");
    }
}
