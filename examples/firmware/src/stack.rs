//! How deep the stack has been: `cortex-m-rt` paints it before `main`.

unsafe extern "C" {
    static _stack_end: u32;
    static _stack_start: u32;
}

/// The most bytes of stack that have been in use since the start.
#[allow(dead_code, reason = "not every program asks")]
pub(crate) fn high_water() -> usize {
    depth_from(&raw const _stack_start as usize)
}

/// The bytes of stack that `work` takes.
#[allow(dead_code, reason = "not every program asks")]
#[inline(never)]
pub(crate) fn used_by(work: impl FnOnce()) -> usize {
    let here: usize;
    // SAFETY: it reads a register.
    unsafe { core::arch::asm!("mov {}, sp", out(reg) here, options(nomem, nostack, preserves_flags)) };
    for address in (&raw const _stack_end as usize..here).step_by(4) {
        // SAFETY: below the stack pointer nothing is in use, and no interrupt is enabled.
        unsafe { (address as *mut u32).write_volatile(cortex_m_rt::STACK_PAINT_VALUE) };
    }
    work();
    depth_from(here)
}

/// The bytes between `start` and the lowest that are not as they were painted.
fn depth_from(start: usize) -> usize {
    let end = &raw const _stack_end as usize;
    let untouched = (end..start)
        .step_by(4)
        // SAFETY: the linker script puts the stack between the two symbols, in RAM.
        .take_while(|&address| unsafe { (address as *const u32).read_volatile() } == cortex_m_rt::STACK_PAINT_VALUE)
        .count();
    start - end - 4 * untouched
}
