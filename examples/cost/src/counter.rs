//! Counts instructions: not the cycles of a real chip.

/// A running count of instructions since the start, up to 2.6 billion.
pub struct Counter(#[cfg(target_arch = "riscv32")] u32);

/// With timer 0 of the board. In the emulator, run with `-icount shift=6`, an instruction takes 64 ns and the timer ticks
/// at 25 MHz, so instructions = ticks * 40 / 64.
#[cfg(target_arch = "arm")]
impl Counter {
    const CONTROL: *mut u32 = 0x4000_0000 as *mut u32;
    const VALUE: *mut u32 = 0x4000_0004 as *mut u32;
    const RELOAD: *mut u32 = 0x4000_0008 as *mut u32;

    /// Starts counting from 0.
    pub fn start() -> Self {
        // SAFETY: these are the timer's registers on this board, and nothing else uses the timer.
        unsafe {
            Self::CONTROL.write_volatile(0);
            Self::RELOAD.write_volatile(u32::MAX);
            Self::VALUE.write_volatile(u32::MAX);
            Self::CONTROL.write_volatile(1);
        }
        Self()
    }

    /// Instructions since the start.
    pub fn instructions(&self) -> u32 {
        // SAFETY: as above.
        let ticks = u32::MAX - unsafe { Self::VALUE.read_volatile() };
        (u64::from(ticks) * 40 / 64) as u32
    }
}

/// With the counter of retired instructions, which is exact with `-icount shift=0`.
#[cfg(target_arch = "riscv32")]
impl Counter {
    /// Starts counting from 0.
    pub fn start() -> Self {
        Self(Self::retired())
    }

    /// Instructions since the start.
    pub fn instructions(&self) -> u32 {
        Self::retired().wrapping_sub(self.0)
    }

    fn retired() -> u32 {
        let retired;
        // SAFETY: it reads a counter.
        unsafe { core::arch::asm!("csrr {}, minstret", out(reg) retired, options(nomem, nostack)) };
        retired
    }
}
