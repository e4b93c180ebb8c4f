//! Arrays begin at lines of the cache, those of all engines: else a time depends on where the last free place was, by
//! up to a third, as a vector across two lines is read twice.

use std::alloc::{GlobalAlloc, Layout, System};

pub struct Lines;

/// Aligned to a line of 64 bytes if it is that long.
fn lines(layout: Layout) -> Layout {
    if layout.size() < 64 { layout } else { layout.align_to(64).unwrap_or(layout) }
}

// SAFETY: all is done by the system's allocator, with a layout that depends on the caller's alone.
unsafe impl GlobalAlloc for Lines {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: as the caller promises; the size is the same.
        unsafe { System.alloc(lines(layout)) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        // SAFETY: it was allocated with this layout.
        unsafe { System.dealloc(at, lines(layout)) }
    }
}
