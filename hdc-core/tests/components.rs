//! A model opens and encodes if the library has what it needs, and says what is missing otherwise: run with all features,
//! and with a few (`cargo xtask test`).

use std::path::Path;

use hdc_core::Component::{self, *};
use hdc_core::Model;
use hdc_core::model::ModelError;

const MODELS: [(&str, &[Component]); 13] = [
    ("format-1-windows-i16-stored", &[Record, Ngrams, OldFormats]),
    ("format-1-rows-f32-regenerated", &[Regenerated, OldFormats]),
    ("format-2-joined-f32-features", &[Projection, WindowFeatures, Record, Ngrams, OldFormats]),
    ("format-2-projection-i16-prototypes", &[Projection, OldFormats]),
    ("format-3-calibrated", &[Record, OldFormats]),
    ("format-3-symbols", &[Symbols, Ngrams, OldFormats]),
    ("format-4-front-end", &[Record, Ngrams, FrontEnd, OldFormats]),
    ("format-4-learned-record", &[LearnedRecord, OldFormats]),
    ("format-5-integer-record", &[IntegerRecord]),
    ("format-5-table", &[Table]),
    ("format-5-ternary", &[TernaryProjection]),
    ("format-6-convolutions", &[Regenerated, Convolutions]),
    ("format-7-early-exit", &[Record, EarlyExit]),
];

#[test]
fn what_a_model_lacks_is_named() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../hdc-train/tests/golden");
    for (name, components) in MODELS {
        let file = std::fs::read(folder.join(name).with_extension("hdc")).unwrap();
        let mut words = vec![0_u32; file.len().div_ceil(4)];
        bytemuck::cast_slice_mut(&mut words)[..file.len()].copy_from_slice(&file);
        let opened = Model::open(&bytemuck::cast_slice(&words)[..file.len()]);
        let lacks = components.iter().copied().find(|component| !component.is_there());
        match (opened, lacks) {
            (Ok(model), None) => {
                assert_eq!(model.components().collect::<Vec<_>>(), components, "{name}");
                let mut scratch = vec![0; model.scratch_words()];
                let found = match model.metadata().float {
                    true => model.classify(&vec![0.0_f32; model.sample_len()], &mut scratch),
                    false => model.classify(&vec![0_i16; model.sample_len()], &mut scratch),
                };
                found.unwrap();
            }
            // An old format is noticed before anything else.
            (Err(ModelError::LeftOut(OldFormats)), Some(_)) => assert!(!OldFormats.is_there(), "{name}"),
            (Err(ModelError::LeftOut(got)), Some(first)) => assert_eq!(got, first, "{name}"),
            (opened, lacks) => panic!("{name}: {opened:?}, lacks {lacks:?}"),
        }
    }
}
