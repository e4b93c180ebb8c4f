//! How deep the stack gets.

const PAINT: u32 = 0xcccc_cccc;

/// Bytes that are painted: more than anything takes here.
const DEPTH: usize = 16 * 1024;

/// The bytes of stack that `work` takes.
#[inline(never)]
pub fn used_by(work: impl FnOnce()) -> usize {
    let here: usize;
    // SAFETY: it reads a register.
    unsafe {
        #[cfg(target_arch = "arm")]
        core::arch::asm!("mov {}, sp", out(reg) here, options(nomem, nostack, preserves_flags));
        #[cfg(target_arch = "riscv32")]
        core::arch::asm!("mv {}, sp", out(reg) here, options(nomem, nostack, preserves_flags));
    }
    let end = here - DEPTH;
    for address in (end..here).step_by(4) {
        // SAFETY: below the stack pointer nothing is in use, and no interrupt is enabled.
        unsafe { (address as *mut u32).write_volatile(PAINT) };
    }
    work();
    let words = (end..here).step_by(4);
    // SAFETY: this was just written.
    let untouched = words.take_while(|&address| unsafe { (address as *const u32).read_volatile() } == PAINT).count();
    DEPTH - 4 * untouched
}
