//! Counts instructions with timer 0 of the board.
//!
//! In the emulator, run with `-icount shift=6`, an instruction takes 64 ns and the timer ticks at 25 MHz,
//! so instructions = ticks * 40 / 64. These are instructions, not cycles of a real chip.

/// The registers of CMSDK timer 0 on the MPS2 boards.
const CONTROL: *mut u32 = 0x4000_0000 as *mut u32;
const VALUE: *mut u32 = 0x4000_0004 as *mut u32;
const RELOAD: *mut u32 = 0x4000_0008 as *mut u32;

/// A running count of instructions, good for 2.6 billion.
pub(crate) struct Timer;

impl Timer {
    /// Starts counting from 0.
    pub(crate) fn start() -> Self {
        // SAFETY: these are the timer's registers on this board, and nothing else uses the timer.
        unsafe {
            CONTROL.write_volatile(0);
            RELOAD.write_volatile(u32::MAX);
            VALUE.write_volatile(u32::MAX);
            CONTROL.write_volatile(1);
        }
        Self
    }

    /// Instructions since the start.
    pub(crate) fn instructions(&self) -> u64 {
        // SAFETY: as above.
        let ticks = u32::MAX - unsafe { VALUE.read_volatile() };
        u64::from(ticks) * 40 / 64
    }
}
