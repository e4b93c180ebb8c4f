//! Classifies samples and prints the instructions of each, the bytes of working memory, and those of stack.
#![no_std]
#![no_main]

use core::hint::black_box;

use cost::Input;
use cost::counter::Counter;
use cost::stack;
use semihosting::{println, process};

#[cfg_attr(target_arch = "arm", cortex_m_rt::entry)]
#[cfg_attr(target_arch = "riscv32", riscv_rt::entry)]
fn main() -> ! {
    process::exit(if run().is_some() { 0 } else { 1 })
}

fn run() -> Option<()> {
    let Input { model, samples } = Input::here();
    let mut classifier = cost::open(model)?;
    let length = classifier.model().sample_len();
    for sample in samples.chunks_exact(length) {
        let counter = Counter::start();
        let nearest = cost::classify(&mut classifier, black_box(sample));
        let instructions = counter.instructions();
        black_box(nearest?);
        println!("instructions {}", instructions);
    }
    println!("working {}", 4 * classifier.model().scratch_words());
    let sample = samples.get(..length)?;
    let stack = stack::used_by(|| {
        if let Some(mut classifier) = cost::open(black_box(model)) {
            black_box(cost::classify(&mut classifier, black_box(sample)));
        }
    });
    println!("stack {}", stack);
    Some(())
}
