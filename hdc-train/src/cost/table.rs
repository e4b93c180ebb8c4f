//! What was measured on the emulated chips.

mod instructions;
mod programs;

pub(super) use self::instructions::INSTRUCTIONS;
pub(super) use self::programs::PROGRAMS;
