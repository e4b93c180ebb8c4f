//! Classifies recorded windows with a model in flash and prints class, distance, margin, confidence and acceptance of
//! each, the instructions of one inference, and the RAM it took.
//!
//! `cargo xtask demo` trains the model, writes the windows, builds and runs this and compares every line
//! with the host.
#![no_std]
#![no_main]

mod stack;
mod timer;

use core::hint::black_box;

use hdc_embedded::{Classifier, EncodeError, Model, Nearest};
use semihosting::{print, println, process};

static MODEL: &[u8] = hdc_embedded::include_model!(env!("HDC_MODEL"));
static WINDOWS: &[u8] = include_bytes!(env!("HDC_WINDOWS"));

/// Working memory of the classifier, in words; the model says how many it needs.
const SCRATCH: usize = 12288;
/// The longest window, in numbers.
const SAMPLE: usize = 4096;

#[cortex_m_rt::entry]
fn main() -> ! {
    match run() {
        Ok(()) => process::exit(0),
        Err(error) => {
            println!("error: {}", error);
            process::exit(1)
        }
    }
}

fn run() -> Result<(), &'static str> {
    let timer = timer::Timer::start();
    let model = Model::open(MODEL).map_err(|_| "the model cannot be opened")?;
    println!("open {} instructions", timer.instructions());
    let scratch_words = model.scratch_words();
    let len = model.sample_len();
    static mut SCRATCH_WORDS: [u32; SCRATCH] = [0; SCRATCH];
    // SAFETY: `main` runs once and this is the only place that names the array.
    let scratch = unsafe { &mut *(&raw mut SCRATCH_WORDS) };
    let mut classifier = Classifier::new(model, &mut scratch[..]).map_err(|_| "SCRATCH is too small")?;
    static mut SAMPLE_VALUES: [i16; SAMPLE] = [0; SAMPLE];
    // SAFETY: as above.
    let sample = unsafe { &mut *(&raw mut SAMPLE_VALUES) }.get_mut(..len).ok_or("SAMPLE is too small")?;

    let mut most = 0;
    let mut stack = 0;
    for (index, window) in WINDOWS.chunks_exact(2 * len).enumerate() {
        for (value, bytes) in sample.iter_mut().zip(window.chunks_exact(2)) {
            *value = i16::from_le_bytes([bytes[0], bytes[1]]);
        }
        let timer = timer::Timer::start();
        let nearest = classify(&mut classifier, black_box(sample)).map_err(|_| "a window does not fit the model")?;
        most = most.max(timer.instructions());
        if index == 0 {
            // Before anything is formatted for printing, which takes more stack than the classifier.
            stack = stack::high_water();
        }
        let confidence = classifier.model().confidence(&nearest).unwrap_or(0);
        let accepted = u8::from(classifier.model().accepts(&nearest));
        let Nearest { class, distance, margin } = nearest;
        println!("{} {} {} {} {} {}", index, class, distance, margin, confidence, accepted);
    }
    println!("inference {} instructions", most);
    println!("scratch {} bytes", scratch_words * 4);
    print!("stack {} bytes\n", stack);
    Ok(())
}

#[inline(never)]
fn classify(classifier: &mut Classifier<'static, &mut [u32]>, sample: &[i16]) -> Result<Nearest, EncodeError> {
    classifier.classify(sample)
}

#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    println!("error: panic");
    process::exit(101)
}
