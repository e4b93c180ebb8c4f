//! Values that never change: randomness is part of the model format. They were computed from the formulas
//! in `docs/model-format.md` by another program, not by this library.

use hdc_core::{Hypervector, ItemMemory, LevelMemory};

#[test]
fn items_of_a_seed_are_pinned() {
    // SplitMix64 from state 0 gives 0xe220a8397b1dcdaf, 0x6e789e6aa1b965f4 (the reference implementation of
    // Vigna 2015): words 0 to 3 of item 0 of seed 0, low half first.
    let row = Hypervector::random(128, 0, 0);
    assert_eq!(row.words(), [0x7b1d_cdaf, 0xe220_a839, 0xa1b9_65f4, 0x6e78_9e6a]);
    assert_eq!(Hypervector::random(96, 42, 7).words(), [0xdb23_3768, 0xbdaf_1f16, 0x5ef1_006f]);
    assert_eq!(ItemMemory::seeded(42, 8, 3).word(7, 2), 0x5ef1_006f);
}

#[test]
fn levels_of_a_seed_are_pinned() {
    let levels = LevelMemory::stored(42, 4, 3);
    assert_eq!(levels.row(0).unwrap(), [0xe05d_97ae, 0x977c_0264, 0x2fe7_bdbd]);
    assert_eq!(levels.row(2).unwrap(), [0x3a8b_4119, 0xf817_793e, 0x9a5a_1050]);
    assert_eq!(levels.row(3).unwrap(), [0x1fa2_6851, 0x6883_fd9b, 0xd018_4242]);
}
