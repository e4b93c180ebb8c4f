/// Some neighbouring words of a hypervector in one register: what the kernels are written in.
///
/// A backend implements it for its registers. Its methods are safe to call only where the machine has the
/// instructions; a backend keeps its type to itself and is entered only after the check in `kernel.rs`.
pub(crate) trait Vector: Copy {
    /// Words in it.
    const WORDS: usize;
    /// Whether counting ones costs more than a full adder, so that carry-save addition before counting pays.
    const CARRY_SAVE: bool;
    /// A shorter vector, for the words that are left over.
    type Tail: Vector;

    /// The words from `from` on.
    ///
    /// # Safety
    /// `WORDS` words can be read there.
    unsafe fn read(from: *const u32) -> Self;

    /// Writes the words from `to` on.
    ///
    /// # Safety
    /// `WORDS` words can be written there.
    unsafe fn write(self, to: *mut u32);

    /// The words from `at` on.
    ///
    /// # Safety
    /// `at + WORDS <= words.len()`.
    #[inline(always)]
    unsafe fn load(words: &[u32], at: usize) -> Self {
        debug_assert!(at + Self::WORDS <= words.len());
        // SAFETY: as the caller promises.
        unsafe { Self::read(words.as_ptr().add(at)) }
    }

    /// `word` in every place.
    fn splat(word: u32) -> Self;

    fn xor(self, other: Self) -> Self;
    fn and(self, other: Self) -> Self;
    fn or(self, other: Self) -> Self;
    /// `self AND NOT other`.
    fn without(self, other: Self) -> Self;

    /// A sum, its carry and two pointers, all unchanged, but nothing is loaded through the new pointers
    /// before sum and carry are computed. A chip has few registers: a compiler that loads ahead, for a
    /// pipeline that the chip does not have, spills them all.
    #[inline(always)]
    fn settle(sum: (Self, Self), a: *const u32, b: *const u32) -> ((Self, Self), *const u32, *const u32) {
        (sum, a, b)
    }

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

    fn no_counts() -> Self::Counts;
    /// `counts` and the ones of `self`. At most `MOST_COUNTS` vectors are counted before they are totalled.
    fn count(self, counts: Self::Counts) -> Self::Counts;
    /// The sum over the lanes.
    fn total(counts: Self::Counts) -> u32;

    /// The ones of three digits of weight 1, 2 and 4.
    #[inline(always)]
    fn total_of_digits(digits: [Self; 3]) -> u32 {
        let [one, two, four] = digits;
        let ones = Self::total(one.count(Self::no_counts()));
        let twos = Self::total(two.count(Self::no_counts()));
        ones + 2 * twos + 4 * Self::total(four.count(Self::no_counts()))
    }
}

/// One word in a general register: every machine, and the only body on a chip.
impl Vector for u32 {
    const WORDS: usize = 1;
    // With a population count instruction one word costs one instruction.
    const CARRY_SAVE: bool = !cfg!(any(target_feature = "popcnt", target_arch = "aarch64", target_feature = "zbb"));
    type Tail = Self;

    #[inline(always)]
    unsafe fn read(from: *const u32) -> Self {
        // SAFETY: the caller promises that there is a word.
        unsafe { *from }
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

    #[cfg(target_arch = "arm")]
    #[inline(always)]
    fn settle(
        (mut sum, mut carry): (u32, u32),
        mut a: *const u32,
        mut b: *const u32,
    ) -> ((u32, u32), *const u32, *const u32) {
        // SAFETY: no instruction, so nothing changes; the compiler only loses sight of the four values.
        unsafe {
            core::arch::asm!("/* {0} {1} {2} {3} */", inout(reg) sum, inout(reg) carry, inout(reg) a, inout(reg) b,
                options(pure, nomem, nostack, preserves_flags));
        }
        ((sum, carry), a, b)
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
        let pairs = self - (self >> 1 & 0x5555_5555);
        let nibbles = (pairs & 0x3333_3333) + (pairs >> 2 & 0x3333_3333);
        counts + ((nibbles + (nibbles >> 4)) & 0x0f0f_0f0f)
    }

    #[inline(always)]
    fn total(counts: u32) -> u32 {
        if !Self::CARRY_SAVE {
            return counts;
        }
        // Four bytes of up to 248 do not add up in a byte.
        let halves = (counts & 0x00ff_00ff) + (counts >> 8 & 0x00ff_00ff);
        (halves + (halves >> 16)) & 0xffff
    }

    /// Summed byte by byte first: 8 times 7 fits a byte.
    #[inline(always)]
    fn total_of_digits(digits: [u32; 3]) -> u32 {
        let [one, two, four] = digits;
        u32::total(one.count(0) + 2 * two.count(0) + 4 * four.count(0))
    }
}
