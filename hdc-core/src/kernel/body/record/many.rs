//! Counters for more channels than a few full adders sum.

use super::super::super::vector::Vector;
use super::super::Blocks;
use super::super::adders::add_rows;
use super::{OfRecord, Record};

/// What the counters of many channels start at, and what is read from them.
pub(super) trait Count: Copy {
    /// The planes at the start.
    ///
    /// # Safety
    /// The block at `at` is in the record.
    unsafe fn start<V: Vector, const PLANES: usize>(self, record: Record, at: usize) -> [V; PLANES];

    /// The bits of the record.
    fn bits<V: Vector>(self, record: Record, planes: &[V]) -> V;
}

/// They start at 0, and the majority is read.
#[derive(Clone, Copy)]
pub(super) struct Majority;

impl Count for Majority {
    #[inline(always)]
    unsafe fn start<V: Vector, const PLANES: usize>(self, _: Record, _: usize) -> [V; PLANES] {
        [V::splat(0); PLANES]
    }

    #[inline(always)]
    fn bits<V: Vector>(self, record: Record, planes: &[V]) -> V {
        record.majority(planes)
    }
}

/// They start at numbers of these digits, and the top digit is read.
#[derive(Clone, Copy)]
pub(super) struct Starts {
    pub(super) planes: *const u32,
    pub(super) digits: usize,
}

impl Count for Starts {
    #[inline(always)]
    unsafe fn start<V: Vector, const PLANES: usize>(self, record: Record, at: usize) -> [V; PLANES] {
        let mut planes = [V::splat(0); PLANES];
        for (digit, plane) in planes.iter_mut().enumerate() {
            if digit < self.digits {
                // SAFETY: there are as many planes as digits, and the block is in the record.
                *plane = unsafe { V::read(self.planes.add(digit * record.words + at)) };
            }
        }
        planes
    }

    #[inline(always)]
    fn bits<V: Vector>(self, _: Record, planes: &[V]) -> V {
        let mut top = V::splat(0);
        for (digit, &plane) in planes.iter().enumerate() {
            if digit + 1 == self.digits {
                top = plane;
            }
        }
        top
    }
}

/// Any number of channels that PLANES planes can count, eight at a time.
#[derive(Clone, Copy)]
pub(super) struct Many<const PLANES: usize, C>(pub(super) Record, pub(super) C, pub(super) *mut u32);

impl<const PLANES: usize, C: Count> Blocks for Many<PLANES, C> {
    const AGAIN: bool = true;

    #[inline(always)]
    unsafe fn block<V: Vector>(self, at: usize) {
        let Self(record, count, target) = self;
        // SAFETY: the block is in the record.
        let mut planes: [V; PLANES] = unsafe { count.start(record, at) };
        // SAFETY: as above.
        unsafe {
            add_rows(&mut planes, record, record.channels, at);
            count.bits(record, &planes).write(target.add(at));
        }
    }
}

impl<const PLANES: usize> OfRecord for Many<PLANES, Majority> {
    #[inline(always)]
    unsafe fn new(record: Record, target: *mut u32) -> Self {
        Self(record, Majority, target)
    }
}

/// The same into counters in memory, of up to PLANES digits.
#[derive(Clone, Copy)]
pub(super) struct Counting<const PLANES: usize> {
    pub(super) record: Record,
    pub(super) planes: *mut u32,
    pub(super) digits: usize,
}

impl<const PLANES: usize> Blocks for Counting<PLANES> {
    #[inline(always)]
    unsafe fn block<V: Vector>(self, at: usize) {
        let Self { record, planes: to, digits } = self;
        // SAFETY: there are as many planes as digits, and the block is in the record.
        unsafe {
            let mut planes: [V; PLANES] = Starts { planes: to, digits }.start(record, at);
            add_rows(&mut planes, record, record.channels, at);
            for (digit, plane) in planes.into_iter().enumerate() {
                if digit < digits {
                    plane.write(to.add(digit * record.words + at));
                }
            }
        }
    }
}
