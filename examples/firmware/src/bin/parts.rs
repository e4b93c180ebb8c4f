//! Counts the instructions of each part of a time step for the model in flash: the spatial encoding, the
//! n-gram, its addition to the window, and the search among the classes; and the RAM and the stack they take.
//!
//! `cargo xtask chip` builds and runs this for several models and targets.
#![no_std]
#![no_main]

#[path = "../stack.rs"]
mod stack;
#[path = "../timer.rs"]
mod timer;

use core::hint::black_box;

use hdc_core::{Bundle, Input, Ngrams};
use hdc_embedded::{EncodeError, Model};
use semihosting::{println, process};
use timer::Timer;

static MODEL: &[u8] = hdc_embedded::include_model!(env!("HDC_MODEL"));

/// Working memory, in words.
static mut MEMORY: [u32; 14 * 1024] = [0; 14 * 1024];

/// Time steps that are averaged over: the additions to a bundle differ from step to step.
const STEPS: u16 = 64;

#[cortex_m_rt::entry]
fn main() -> ! {
    if run().is_none() {
        println!("error: the model does not open, or MEMORY is too small");
        process::exit(1);
    }
    process::exit(0)
}

fn run() -> Option<()> {
    let model = Model::open(MODEL).ok()?;
    let encoder = model.encoders().next()?;
    let Input::Steps(ngram_of) = encoder.input else { return None };
    let (words, channels) = (encoder.words, encoder.channels);
    // SAFETY: `main` runs once and this is the only place that names the array.
    let memory = unsafe { &mut *(&raw mut MEMORY) };
    let (levels, memory) = memory.split_at_mut_checked(channels)?;
    let (ring, memory) = memory.split_at_mut_checked(Ngrams::storage(ngram_of, words))?;
    let (query, memory) = memory.split_at_mut_checked(words)?;
    let counters = memory.get_mut(..Bundle::storage(usize::from(STEPS), words))?;
    let mut row = [0_i16; 64];
    let row = row.get_mut(..channels)?;

    let mut ngrams = Ngrams::new(ngram_of, words, ring);
    let mut bundle = Bundle::new(&mut *counters, words);
    let (mut spatial, mut ngram, mut add, mut search) = (0, 0, 0, 0);
    for step in 0..STEPS {
        for (channel, value) in row.iter_mut().enumerate() {
            *value = ((usize::from(step) * 37 + channel * 91) % 256) as i16;
        }
        let mut inside = 0;
        let timer = Timer::start();
        let gram = ngrams.push(|target| {
            // The timer of the outer count goes on from where it was stopped.
            let before = timer.instructions();
            encoder.spatial.encode_into(black_box(&*row), levels, target)?;
            inside = timer.instructions() - before;
            Ok::<(), EncodeError>(())
        });
        let all = timer.instructions();
        if let Some(gram) = gram.ok()? {
            query.copy_from_slice(gram);
        }
        spatial += inside;
        ngram += all - inside;
        let timer = Timer::start();
        bundle.add(black_box(query)).ok()?;
        add += timer.instructions();
        let timer = Timer::start();
        black_box(model.classes().nearest(black_box(query)));
        search += timer.instructions();
    }
    let steps = u64::from(STEPS);
    println!("spatial {} instructions", spatial / steps);
    println!("n-gram {} instructions", ngram / steps);
    println!("bundle {} instructions", add / steps);
    println!("search {} instructions", search / steps);

    println!("spatial-ram {} bytes", 4 * encoder.spatial.scratch_words(channels, words));
    println!("n-gram-ram {} bytes", 4 * Ngrams::storage(ngram_of, words));
    println!("bundle-ram {} bytes", 4 * Bundle::storage(usize::from(STEPS), words));
    println!("search-ram {} bytes", 4 * words);
    let encode = || _ = black_box(encoder.spatial.encode_into(black_box(&*row), levels, query));
    println!("spatial-stack {} bytes", stack::used_by(encode));
    let push = || _ = black_box(ngrams.push(|_| Ok::<(), ()>(())).map(|gram| gram.is_some()));
    println!("n-gram-stack {} bytes", stack::used_by(push));
    let mut bundle = Bundle::new(counters, words);
    println!("bundle-stack {} bytes", stack::used_by(|| _ = black_box(bundle.add(black_box(query)))));
    println!("search-stack {} bytes", stack::used_by(|| _ = black_box(model.classes().nearest(black_box(query)))));
    Some(())
}

#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    println!("error: panic");
    process::exit(101)
}
