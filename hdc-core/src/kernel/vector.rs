use crate::Nearest;

/// Some neighbouring words of a hypervector in one register: what the kernels are written in.
///
/// A backend implements it for its registers. Its methods are safe to call only where the machine has the
/// instructions; a backend keeps its type to itself and is entered only after the check in `kernel.rs`.
pub(crate) trait Vector: Copy {
    /// Words in it.
    const WORDS: usize;
    /// Whether counting ones costs more than a full adder, so that carry-save addition before counting pays.
    const CARRY_SAVE: bool;
    /// Words of the longest rows of which each vector is counted at once, for four rows together.
    const TILED: usize;
    /// How many queries are compared with those rows at a time: as many as have room in the registers, 1 or 4.
    const QUERIES: usize;
    /// A shorter vector, for the words that are left over.
    type Tail: Vector;

    /// The words from `from` on.
    ///
    /// # Safety
    /// `WORDS` words can be read there.
    unsafe fn read(from: *const u32) -> Self;

    /// The `count` words from `from` on, fewer than `WORDS`, and zeros after them.
    ///
    /// # Safety
    /// `count` words can be read there.
    unsafe fn read_first(from: *const u32, count: usize) -> Self;

    /// Writes the words from `to` on.
    ///
    /// # Safety
    /// `WORDS` words can be written there.
    unsafe fn write(self, to: *mut u32);

    /// `word` in every place.
    fn splat(word: u32) -> Self;

    fn xor(self, other: Self) -> Self;
    fn and(self, other: Self) -> Self;
    fn or(self, other: Self) -> Self;
    /// `self AND NOT other`.
    fn without(self, other: Self) -> Self;

    /// The words shifted up by `bits`, below 32, with the high bits of `before` coming in at the lowest place.
    fn shift_in(self, before: u32, bits: u32) -> Self;

    /// How many of the `count` words from `from` on, at most `WORDS`, are at most `key`, as signed numbers.
    ///
    /// # Safety
    /// `count` words can be read there.
    unsafe fn at_most(from: *const u32, count: usize, key: i32) -> u32;

    /// Sum and carry of three bits in every place.
    #[inline(always)]
    fn full_add(self, b: Self, c: Self) -> (Self, Self) {
        let either = self.xor(b);
        (either.xor(c), self.and(b).or(either.and(c)))
    }

    /// Running counts of ones, in as many lanes as suit the machine.
    type Counts: Copy;
    /// How many vectors the lanes can count.
    const MOST_COUNTS: usize = usize::MAX;
    /// Counts that are summed over some lanes, so that there is room for more.
    type Sums: Copy;

    fn no_counts() -> Self::Counts;
    /// `counts` and the ones of `self`. At most `MOST_COUNTS` vectors are counted before they are summed.
    fn count(self, counts: Self::Counts) -> Self::Counts;
    fn sums(counts: Self::Counts) -> Self::Sums;
    /// The sums of `one`, twice `two` and four times `four`. At most five vectors are counted in `one`, one in `two`.
    fn weighted(one: Self::Counts, two: Self::Counts, four: Self::Counts) -> Self::Sums;
    /// The sum over the lanes.
    fn total(sums: Self::Sums) -> u32;

    /// The sums over the lanes of four.
    #[inline(always)]
    fn totals(sums: [Self::Sums; 4]) -> [u32; 4] {
        let [a, b, c, d] = sums;
        [Self::total(a), Self::total(b), Self::total(c), Self::total(d)]
    }

    /// The sums over the lanes of four times four. Bit i of the first number says whether sum i is below the limit of its
    /// four.
    #[inline(always)]
    fn totals_below([a, b, c, d]: [[Self::Sums; 4]; 4], limits: [u32; 4]) -> (u32, [u32; 16]) {
        let totals = [Self::totals(a), Self::totals(b), Self::totals(c), Self::totals(d)];
        let (mut below, mut all) = (0, [0; 16]);
        for (place, total) in all.iter_mut().enumerate() {
            *total = totals[place / 4][place % 4];
            below |= u32::from(*total < limits[place / 4]) << place;
        }
        (below, all)
    }

    /// Compares the `queries` (`q x words`), as many as `found` has, with all `rows` (`n x words`), of which some are put side by
    /// side, if that takes less time than row by row; returns whether it did.
    ///
    /// # Safety
    /// `queries` has as many as `found`, and `words` is not 0.
    #[inline(always)]
    unsafe fn side_by_side(_queries: &[u32], _rows: &[u32], _words: usize, _found: &mut [Nearest]) -> bool {
        false
    }

    /// Asks memory for the words at `place`, which may be read soon. Nothing needs to be there.
    #[inline(always)]
    fn ask_for(_place: *const u32) {}
}

/// One word in a general register: every machine, and the only body on a chip.
impl Vector for u32 {
    const WORDS: usize = 1;
    // With a population count instruction one word costs one instruction.
    const CARRY_SAVE: bool = !cfg!(any(target_feature = "popcnt", target_arch = "aarch64", target_feature = "zbb"));
    const TILED: usize = 0;
    const QUERIES: usize = 1;
    type Tail = Self;

    #[inline(always)]
    unsafe fn read(from: *const u32) -> Self {
        // SAFETY: the caller promises that there is a word.
        unsafe { *from }
    }

    #[inline(always)]
    unsafe fn read_first(_from: *const u32, _count: usize) -> Self {
        0
    }

    #[inline(always)]
    unsafe fn write(self, to: *mut u32) {
        // SAFETY: the caller promises that there is a word.
        unsafe { *to = self }
    }

    #[inline(always)]
    fn splat(word: u32) -> Self {
        word
    }

    #[inline(always)]
    fn xor(self, other: Self) -> Self {
        self ^ other
    }

    #[inline(always)]
    fn and(self, other: Self) -> Self {
        self & other
    }

    #[inline(always)]
    fn or(self, other: Self) -> Self {
        self | other
    }

    #[inline(always)]
    fn without(self, other: Self) -> Self {
        self & !other
    }

    #[inline(always)]
    fn shift_in(self, before: u32, bits: u32) -> Self {
        ((u64::from(self) << 32 | u64::from(before)) << bits >> 32) as u32
    }

    #[inline(always)]
    unsafe fn at_most(from: *const u32, count: usize, key: i32) -> u32 {
        // SAFETY: as the caller promises.
        u32::from(count > 0 && unsafe { *from }.cast_signed() <= key)
    }

    /// With a population count instruction, the sum; without, the sums of the four bytes.
    type Counts = u32;
    /// 31 times 8 fits a byte.
    const MOST_COUNTS: usize = if Self::CARRY_SAVE { 31 } else { usize::MAX };

    #[inline(always)]
    fn no_counts() -> u32 {
        0
    }

    #[inline(always)]
    fn count(self, counts: u32) -> u32 {
        if !Self::CARRY_SAVE {
            return counts + self.count_ones();
        }
        let pairs = self - (kept(self & 0xaaaa_aaaa) >> 1);
        let high = kept(pairs & 0xcccc_cccc);
        let nibbles = pairs - high + (high >> 2);
        counts + ((nibbles + (nibbles >> 4)) & 0x0f0f_0f0f)
    }

    type Sums = u32;

    #[inline(always)]
    fn sums(counts: u32) -> u32 {
        if !Self::CARRY_SAVE {
            return counts;
        }
        // Four bytes of up to 248 do not add up in a byte.
        let halves = (counts & 0x00ff_00ff) + (counts >> 8 & 0x00ff_00ff);
        (halves + (halves >> 16)) & 0xffff
    }

    #[inline(always)]
    fn weighted(one: u32, two: u32, four: u32) -> u32 {
        Self::sums(one) + 2 * Self::sums(two) + 4 * Self::sums(four)
    }

    #[inline(always)]
    fn total(sums: u32) -> u32 {
        sums
    }
}

/// A sum, its carry and two pointers, all unchanged, but nothing is loaded through the new pointers before sum and carry
/// are computed. A chip has few registers: a compiler that loads ahead, for a pipeline that the chip does not have,
/// spills them all.
#[allow(clippy::pointers_in_nomem_asm_block, reason = "nothing is read through the pointers")]
#[inline(always)]
pub(super) fn settle(sum: (u32, u32), a: *const u32, b: *const u32) -> ((u32, u32), *const u32, *const u32) {
    #[cfg(target_arch = "arm")]
    let (sum, a, b) = {
        let ((mut kept, mut carry), mut a, mut b) = (sum, a, b);
        // SAFETY: no instruction, so nothing changes; the compiler only loses sight of the four values.
        unsafe {
            core::arch::asm!("/* {0} {1} {2} {3} */", inout(reg) kept, inout(reg) carry, inout(reg) a, inout(reg) b,
                options(pure, nomem, nostack, preserves_flags));
        }
        ((kept, carry), a, b)
    };
    (sum, a, b)
}

/// Not on the smallest chips, those of Armv6-M: their registers and ways to address memory are fewer. They have no atomic
/// exchanges either, and that the compiler says.
pub(crate) const THUMB_2: bool = cfg!(target_has_atomic = "32");

/// `word`, of which the compiler does not know where it is from. A chip masks with a constant in the instruction and
/// shifts for free in the next one; a compiler that shifts first needs a register for each mask.
#[inline(always)]
pub(super) fn kept(word: u32) -> u32 {
    #[cfg(target_arch = "arm")]
    let word = {
        let mut kept = word;
        // SAFETY: no instruction, so nothing changes.
        unsafe {
            core::arch::asm!("/* {0} */", inout(reg) kept, options(pure, nomem, nostack, preserves_flags));
        }
        kept
    };
    word
}

/// `index`, of which the compiler does not know where it is from. It would unroll the loop and keep more places than a chip
/// has registers.
#[inline(always)]
pub(crate) fn kept_index(index: usize) -> usize {
    // A word can hold it there.
    if cfg!(target_pointer_width = "32") { kept(index as u32) as usize } else { index }
}

/// `place`, of which the compiler does not know where it is from. A chip steps a pointer on for free as it loads; a
/// compiler that counts one index for all pointers of a loop needs more registers than there are.
#[allow(clippy::pointers_in_nomem_asm_block, reason = "nothing is read through the pointers")]
#[inline(always)]
pub(super) fn kept_place<T>(place: *const T) -> *const T {
    #[cfg(target_arch = "arm")]
    let place = {
        let mut kept = place;
        // SAFETY: no instruction, so nothing changes.
        unsafe {
            core::arch::asm!("/* {0} */", inout(reg) kept, options(pure, nomem, nostack, preserves_flags));
        }
        kept
    };
    place
}
