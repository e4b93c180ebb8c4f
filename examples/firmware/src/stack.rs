//! How deep the stack has been: `cortex-m-rt` paints it before `main`.

unsafe extern "C" {
    static _stack_end: u32;
    static _stack_start: u32;
}

/// The most bytes of stack that have been in use since the start.
pub(crate) fn high_water() -> usize {
    let (end, start) = (&raw const _stack_end as usize, &raw const _stack_start as usize);
    let untouched = (end..start)
        .step_by(4)
        // SAFETY: the linker script puts the stack between the two symbols, in RAM.
        .take_while(|&address| unsafe { (address as *const u32).read_volatile() } == cortex_m_rt::STACK_PAINT_VALUE)
        .count();
    start - end - 4 * untouched
}
