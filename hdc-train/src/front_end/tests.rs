use std::f64::consts::PI;

use super::*;
use crate::dataset::Shape;

const RATE: f64 = 1000.0;

/// Windows of one channel.
fn windows(steps: usize, values: Vec<i16>) -> Dataset {
    let labels = vec![0; values.len() / steps];
    Dataset::new("x", Shape { steps, channels: 1 }, Values::I16(values), vec!["a".into()], labels).unwrap()
}

fn sine(frequency: f64, amplitude: f64, steps: usize) -> Vec<i16> {
    (0..steps).map(|step| (amplitude * (2.0 * PI * frequency * step as f64 / RATE).sin()).round() as i16).collect()
}

/// What is left of the amplitude of a sine, after eight seconds.
fn response(front_end: &FrontEnd, frequency: f64) -> f64 {
    let (amplitude, steps) = (8000.0, 10_000);
    let data = windows(steps, sine(frequency, amplitude, steps));
    let (fitted, filtered) = front_end.fit(&data).unwrap();
    let Values::I16(values) = filtered.values() else { panic!("counts") };
    // Two seconds are whole periods of multiples of half a Hz.
    let squares: f64 = values[8000..].iter().map(|&value| f64::from(value).powi(2)).sum();
    (squares / 2000.0 * 2.0).sqrt() / amplitude / f64::from(1 << fitted.front_end.gain)
}

/// The gain of the analogue filter at the frequency that the bilinear transform makes of `frequency`.
fn analogue(section: Section, frequency: f64) -> f64 {
    let u = (PI * frequency / RATE).tan() / (PI * section.frequency() / RATE).tan();
    match section {
        Section::LowPass(_) => (1.0 + u.powi(4)).sqrt().recip(),
        Section::HighPass(_) => (1.0 + u.powi(-4)).sqrt().recip(),
        Section::Notch(_, quality) => (1.0 - u * u).abs() / ((1.0 - u * u).powi(2) + (u / quality).powi(2)).sqrt(),
    }
}

#[test]
fn filters_respond_as_their_analogue_models() {
    let cutoffs = [0.5, 2.0, 20.0, 50.0, 123.0, 450.0, 499.0];
    let low = cutoffs.map(Section::LowPass);
    let high = cutoffs.map(Section::HighPass);
    let notches = [(2.0, 0.5), (50.0, 10.0), (50.0, 30.0), (60.0, 50.0), (300.0, 1.0)];
    let notches = notches.map(|(frequency, quality)| Section::Notch(frequency, quality));
    for section in low.into_iter().chain(high).chain(notches) {
        let front_end = FrontEnd { sections: vec![section], ..FrontEnd::new(RATE) };
        for frequency in [0.5, 1.0, 5.0, 20.0, 49.0, 50.0, 120.0, 333.0, 480.0] {
            let (got, expected) = (response(&front_end, frequency), analogue(section, frequency));
            assert!((got - expected).abs() < 5e-4, "{section} at {frequency} Hz: {got}, {expected}");
        }
    }
}

#[test]
fn filters_multiply() {
    let sections = vec![Section::HighPass(20.0), Section::Notch(50.0, 5.0), Section::LowPass(200.0)];
    let front_end = FrontEnd::new(RATE).high_pass(20.0).notch(50.0, 5.0).low_pass(200.0);
    assert_eq!(front_end.sections, sections);
    for frequency in [10.0, 45.0, 100.0, 300.0] {
        let expected: f64 = sections.iter().map(|&section| analogue(section, frequency)).product();
        let got = response(&front_end, frequency);
        assert!((got - expected).abs() < 5e-4, "{frequency} Hz: {got}, {expected}");
    }
}

#[test]
fn every_design_is_sound() {
    for part in 1..1000 {
        let frequency = f64::from(part) * RATE / 2000.0;
        let notch = |quality| Section::Notch(frequency, quality);
        for section in
            [Section::LowPass(frequency), Section::HighPass(frequency), notch(0.1), notch(1.0), notch(1000.0)]
        {
            let biquad = section.design(RATE);
            assert!(biquad.is_sound(), "{section}: {biquad:?}");
            let gain: i64 = biquad.b.iter().map(|&b| i64::from(b)).sum();
            assert_eq!(gain == 0, matches!(section, Section::HighPass(_)), "{section}: {biquad:?}");
        }
    }
}

#[test]
fn the_envelope_of_a_sine_is_its_mean_magnitude() {
    let data = windows(2000, [sine(50.0, 1000.0, 2000), sine(50.0, 250.0, 2000)].concat());
    let front_end = FrontEnd::new(RATE).high_pass(5.0).envelope(0.1).decimate(10);
    let (fitted, filtered) = front_end.fit(&data).unwrap();
    assert_eq!((filtered.shape().steps, filtered.len(), filtered.labels()), (200, 2, data.labels()));
    let scale = f64::from(1 << fitted.front_end.gain);
    for (sample, amplitude) in [(0, 1000.0), (1, 250.0)] {
        let Sample::I16(steps) = filtered.sample(sample) else { panic!("counts") };
        // From the middle on; a time constant of ten half periods leaves a ripple of a few percent.
        let mean = 2.0 / PI * amplitude;
        assert!(steps[100..].iter().all(|&step| (f64::from(step) / scale - mean).abs() < 0.06 * mean), "{steps:?}");
    }
}

#[test]
fn the_gain_leaves_room_for_twice_the_amplitude() {
    for (amplitude, expected) in [(1_i16, 12), (3, 12), (4, 11), (500, 5), (9000, 0), (30_000, 0)] {
        let data = windows(1000, sine(50.0, amplitude.into(), 1000));
        let (fitted, filtered) = FrontEnd::new(RATE).fit(&data).unwrap();
        assert_eq!(fitted.front_end.gain, expected, "{amplitude}");
        let Values::I16(values) = filtered.values() else { panic!("counts") };
        assert_eq!(values.iter().max(), Some(&(amplitude << expected)));
    }
}

#[test]
fn what_cannot_be_filtered_is_refused() {
    let data = windows(100, vec![7; 200]);
    let error = |front_end: FrontEnd| front_end.fit(&data).unwrap_err();
    let at = || FrontEnd::new(RATE);
    for rate in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        assert!(matches!(error(FrontEnd::new(rate)), FrontEndError::Rate { .. }));
    }
    for frequency in [0.0, 0.49, 500.0, 600.0, f64::NAN] {
        assert!(matches!(error(at().low_pass(frequency)), FrontEndError::Frequency { most: 500.0, .. }));
        assert!(matches!(error(at().high_pass(frequency)), FrontEndError::Frequency { least: 0.5, .. }));
    }
    assert!(error(at().notch(500.0, 1.0)).to_string().contains("up to but not including 500 Hz"));
    assert!(matches!(error(at().notch(50.0, 0.0)), FrontEndError::Quality { got: 0.0 }));
    for seconds in [0.0, 0.0004, 1e9, f64::NAN] {
        assert!(matches!(error(at().envelope(seconds)), FrontEndError::Envelope { .. }));
    }
    for steps in [0, 101] {
        assert_eq!(error(at().decimate(steps)), FrontEndError::Decimation { got: steps, steps: 100 });
    }
    assert_eq!(at().fit(&windows(1, vec![1, 2])).unwrap_err(), FrontEndError::Rows);
    let names = || vec!["a".to_string()];
    let real = Dataset::new("x", Shape { steps: 2, channels: 1 }, Values::F32(vec![0.5; 2]), names(), vec![0]).unwrap();
    assert_eq!(at().fit(&real).unwrap_err(), FrontEndError::Real);
    let texts = Dataset::sequences("x", 1, Values::I16(vec![1; 5]), &[2, 3], names(), vec![0, 0]).unwrap();
    assert_eq!(at().fit(&texts).unwrap_err(), FrontEndError::Sequences);
    let (fitted, _) = at().fit(&data).unwrap();
    assert_eq!(fitted.apply(&windows(99, vec![7; 99])), Err(FrontEndError::Steps { expected: 100, got: 99 }));
}
