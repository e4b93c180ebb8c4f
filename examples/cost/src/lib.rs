//! The classifier as a program of a chip uses it, over a model and samples that the emulator puts into memory.
#![cfg(target_os = "none")]
#![no_std]

pub mod counter;
pub mod stack;

use core::mem::size_of;

use hdc_embedded::{Classifier, Model, Nearest};

/// The numbers of the samples that this program is built for.
#[cfg(feature = "float")]
pub type Number = f32;
/// The numbers of the samples that this program is built for.
#[cfg(not(feature = "float"))]
pub type Number = i16;

/// The most words of working memory.
const SCRATCH: usize = 512 * 1024;

/// What the emulator loads: bytes of the model and of the samples, and then both, each from a multiple of 16 on.
#[derive(Clone, Copy)]
pub struct Input {
    /// A model file.
    pub model: &'static [u8],
    /// Samples, one after the other.
    pub samples: &'static [Number],
}

impl Input {
    /// Where it is loaded to: RAM of the board that the program does not use otherwise.
    const ADDRESS: usize = if cfg!(target_arch = "arm") { 0x2100_0000 } else { 0x8400_0000 };

    /// The input that is in memory.
    pub fn here() -> Self {
        let at = Self::ADDRESS as *const u32;
        // SAFETY: the emulator has written it there before the start, with these two lengths at first, and nothing
        // writes to it.
        unsafe {
            let (model, samples) = (at.read_volatile() as usize, at.add(1).read_volatile() as usize);
            let first = at.cast::<u8>().add(16);
            let second = first.add(model.next_multiple_of(16));
            Self {
                model: core::slice::from_raw_parts(first, model),
                samples: core::slice::from_raw_parts(second.cast(), samples / size_of::<Number>()),
            }
        }
    }
}

/// A classifier with the model and all working memory.
#[inline(never)]
pub fn open(model: &'static [u8]) -> Option<Classifier<'static, &'static mut [u32]>> {
    static mut WORDS: [u32; SCRATCH] = [0; SCRATCH];
    let model = Model::open(model).ok()?;
    // SAFETY: programs open one model at a time and have one thread.
    let words = unsafe { &mut *(&raw mut WORDS) };
    Classifier::new(model, &mut words[..]).ok()
}

/// Classifies one sample.
#[inline(never)]
pub fn classify(classifier: &mut Classifier<'static, &'static mut [u32]>, sample: &[Number]) -> Option<Nearest> {
    classifier.classify(sample).ok()
}

#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    semihosting::process::exit(101)
}
