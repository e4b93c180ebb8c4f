//! A program that links only if the classifier cannot panic: its panic handler calls a function that
//! exists nowhere.
#![no_std]
#![no_main]

use core::hint::black_box;

use hdc_embedded::{Classifier, Model};

#[cortex_m_rt::entry]
fn main() -> ! {
    let mut scratch = [0_u32; 64];
    let bytes: &[u8] = black_box(&[]);
    if let Ok(model) = Model::open(bytes)
        && let Ok(mut classifier) = Classifier::new(model, black_box(&mut scratch[..]))
    {
        let sample: &[i16] = black_box(&[]);
        if let Ok(found) = black_box(classifier.classify(sample)) {
            let _ = black_box((classifier.model().accepts(&found), classifier.model().confidence(&found)));
        }
        let label = classifier.model().label(black_box(0));
        let _ = black_box(label);
    }
    loop {
        core::hint::spin_loop();
    }
}

#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    unsafe extern "C" {
        fn the_classifier_can_panic() -> !;
    }
    // SAFETY: never run, the function does not exist: if this is reachable, the program does not link.
    unsafe { the_classifier_can_panic() }
}
