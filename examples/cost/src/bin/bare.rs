//! Opens a model and classifies samples for ever: the classifier without anything else, to see its bytes in flash.
#![no_std]
#![no_main]

use core::hint::black_box;

use cost::Input;

#[cfg_attr(target_arch = "arm", cortex_m_rt::entry)]
#[cfg_attr(target_arch = "riscv32", riscv_rt::entry)]
fn main() -> ! {
    let Input { model, samples } = Input::here();
    let mut classifier = cost::open(model);
    loop {
        if let Some(classifier) = &mut classifier {
            black_box(cost::classify(classifier, black_box(samples)));
        }
    }
}
