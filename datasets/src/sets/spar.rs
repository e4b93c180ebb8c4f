//! `spar`: shoulder exercises with a smartwatch, the set that is part of the crate.
//!
//! D. Burns et al. 2018, "Shoulder physiotherapy exercise recognition: machine learning the inertial signals from a
//! smartwatch": 7 exercises of 20 repetitions, accelerometer and gyroscope at 50 Hz. These are the 10 people, both
//! sides, that the BSD-3-Clause Python package `seglearn` gives. `data/README.md` has the licence, the conversion and
//! the format.
//!
//! Channels are ax, ay, az (4096 counts per g), wx, wy, wz (1024 counts per rad/s). The groups are the people, so that
//! a test can leave people out; a split within people would be too easy.

use std::io::Read;
use std::sync::OnceLock;

use flate2::read::GzDecoder;
use hdc_train::{Recording, Recordings, Values};

use crate::error::DataError;
use crate::registry::{Info, Loader, Parameter};
use crate::request::Request;

static PACKED: &[u8] = include_bytes!("../../data/spar.bin.gz");

const MAGIC: &[u8] = b"HDCREC1\0";
const SUBJECTS: u8 = 10;
const SIDES: [&str; 2] = ["left", "right"];

pub(super) const INFO: Info = Info {
    name: "spar",
    about: "smartwatch accelerometer and gyroscope at 50 Hz, 7 shoulder exercises, 10 subjects, both sides; shipped",
    licence: "BSD-3-Clause",
    source: "https://github.com/dmbee/seglearn",
    classes: &["PEN", "ABD", "FEL", "IR", "ER", "TRAP", "ROW"],
    group: "subject",
    parameters: &[
        Parameter { key: "side", values: "left|right" },
        Parameter { key: "subject", values: "1..10" },
        Parameter { key: "without", values: "1..10" },
    ],
    folder: "",
    layout: "",
    files: &[],
    loader: Loader::Recordings { window: 200, hop: 100, load },
};

/// One recording as it is stored.
struct Stored {
    class: usize,
    subject: usize,
    side: usize,
    values: Vec<i16>,
}

struct Archive {
    channels: usize,
    list: Vec<Stored>,
}

fn load(request: &Request<'_>) -> Result<Recordings, DataError> {
    static ARCHIVE: OnceLock<Option<Archive>> = OnceLock::new();
    let Some(archive) = ARCHIVE.get_or_init(|| unpack(PACKED)) else {
        return Err(DataError::line(
            "data/spar.bin.gz".as_ref(),
            1,
            "the shipped file is damaged: reinstall the crate",
        ));
    };
    let side = match request.value("side") {
        None => None,
        Some(name) => match SIDES.iter().position(|side| *side == name) {
            Some(side) => Some(side),
            None => return Err(request.refuse(&format!("side={name}"))),
        },
    };
    let subject = |key| request.number(key, SUBJECTS).map(|number| number.map(usize::from));
    let (only, without) = (subject("subject")?, subject("without")?);
    let wanted = |stored: &&Stored| {
        side.is_none_or(|side| stored.side == side)
            && only.is_none_or(|only| stored.subject == only)
            && without.is_none_or(|without| stored.subject != without)
    };
    let list = archive.list.iter().filter(wanted).map(|stored| {
        let values = Values::I16(stored.values.clone());
        Recording { values, class: stored.class, group: stored.subject - 1, part: None }
    });
    Ok(Recordings {
        columns: ["ax", "ay", "az", "wx", "wy", "wz"].map(String::from).to_vec(),
        ..request.recordings(
            archive.channels,
            (1..=SUBJECTS).map(|subject| subject.to_string()).collect(),
            list.collect(),
        )
    })
}

/// Reads the format that `data/README.md` describes, or nothing if a byte is not as it should be.
fn unpack(packed: &[u8]) -> Option<Archive> {
    let mut bytes = Vec::new();
    GzDecoder::new(packed).read_to_end(&mut bytes).ok()?;
    let (head, rest) = bytes.strip_prefix(MAGIC)?.split_at_checked(4)?;
    let &[c0, c1, n0, n1] = head else { return None };
    let (channels, recordings) = (usize::from(u16::from_le_bytes([c0, c1])), usize::from(u16::from_le_bytes([n0, n1])));
    let (table, deltas) = rest.split_at_checked(recordings * 8)?;
    let mut list = Vec::new();
    for entry in table.chunks_exact(8) {
        let &[s0, s1, s2, s3, class, subject, side, 0] = entry else { return None };
        let steps = usize::try_from(u32::from_le_bytes([s0, s1, s2, s3])).ok()?;
        let (class, subject, side) = (usize::from(class), usize::from(subject), usize::from(side));
        if class >= INFO.classes.len() || !(1..=usize::from(SUBJECTS)).contains(&subject) || side >= SIDES.len() {
            return None;
        }
        // Checked against the bytes there are before anything of that size is allocated.
        if steps.checked_mul(channels)? > deltas.len() {
            return None;
        }
        list.push(Stored { class, subject, side, values: vec![0; steps * channels] });
    }
    let (high, low) = deltas.split_at(deltas.len() / 2);
    if high.len() != low.len() || high.len() != list.iter().map(|stored| stored.values.len()).sum::<usize>() {
        return None;
    }
    let mut deltas = high.iter().zip(low).map(|(&high, &low)| i16::from_le_bytes([low, high]));
    for channel in 0..channels {
        for stored in &mut list {
            let mut value = 0_i16;
            for step in stored.values.chunks_exact_mut(channels) {
                value = value.wrapping_add(deltas.next()?);
                step[channel] = value;
            }
        }
    }
    Some(Archive { channels, list })
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    fn pack(bytes: &[u8]) -> Vec<u8> {
        let mut gz = GzEncoder::new(Vec::new(), Compression::fast());
        gz.write_all(bytes).unwrap();
        gz.finish().unwrap()
    }

    #[test]
    fn a_damaged_file_is_nothing_and_never_a_panic() {
        // Two channels, one recording of two steps, class 1, subject 1, side 0.
        let mut good = MAGIC.to_vec();
        good.extend([2, 0, 1, 0, 2, 0, 0, 0, 1, 1, 0, 0]);
        good.extend([0, 255, 0, 0, 5, 255, 7, 1]);
        assert_eq!(unpack(&pack(&good)).unwrap().list[0].values, [5, 7, 4, 8]);
        for length in 0..good.len() {
            assert!(unpack(&pack(&good[..length])).is_none(), "{length}");
        }
        for (at, value) in [(0, 0), (8, 3), (10, 2), (12, 1), (15, 255), (16, 7), (17, 0), (17, 11), (18, 2), (19, 1)] {
            let mut bad = good.clone();
            bad[at] = value;
            assert!(unpack(&pack(&bad)).is_none(), "{at}");
        }
        assert!(unpack(b"no gzip").is_none());
        assert!(unpack(&PACKED[..PACKED.len() / 2]).is_none());
    }
}
