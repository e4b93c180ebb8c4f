use hdc_core::model::{self, Metadata, ModelError, Source, SpatialSpec};
use hdc_core::{Encoder, Model, Spatial};

use super::front_end;
use crate::model::ModelBuf;

/// The model of the dimensions `chosen` of `model`, in this order; dimension i is one of the same parity as i.
pub(super) fn select(model: &Model<'_>, encoder: &Encoder<&[u32]>, chosen: &[usize]) -> Result<ModelBuf, ModelError> {
    let words = encoder.words;
    // The same bits of every row.
    let bits = |row: &[u32]| -> Vec<u32> {
        let bit = |&dimension: &usize| row[dimension / 32] >> (dimension % 32) & 1;
        chosen.chunks_exact(32).map(|word| word.iter().rev().fold(0, |bits, at| bits << 1 | bit(at))).collect()
    };
    let memory = |len: usize, word: &dyn Fn(usize, usize) -> u32| -> Vec<u32> {
        (0..len).flat_map(|row| bits(&(0..words).map(|at| word(row, at)).collect::<Vec<u32>>())).collect()
    };
    let numbers = |numbers: &[u32]| -> Vec<u32> {
        let each = numbers.len() / (words * 32);
        chosen.iter().flat_map(|at| &numbers[at * each..(at + 1) * each]).copied().collect()
    };
    let mut metadata = Metadata { calibration: None, early_exit: false, ..*model.metadata() };
    metadata.encoder.dimension = chosen.len() as u32;
    if chosen.len() < words * 32 {
        metadata.provenance.train_accuracy = f32::NAN;
    }
    let mut sections: Vec<Vec<u32>> = encoder.sections().into_iter().map(<[u32]>::to_vec).collect();
    match (&encoder.spatial, &mut metadata.encoder.spatial) {
        (Spatial::Record(record), SpatialSpec::Record { items, level_rows, .. }) => {
            (*items, *level_rows) = (Source::Stored, Source::Stored);
            sections[3] = memory(record.items.len(), &|row, word| record.items.word(row, word));
            sections[4] = memory(record.levels.levels(), &|row, word| record.levels.word(row, word));
        }
        (Spatial::Record(_), SpatialSpec::LearnedRecord) => {
            for section in &mut sections[3..6] {
                *section = section.chunks_exact(words).flat_map(bits).collect();
            }
        }
        (Spatial::Symbol(symbol), SpatialSpec::Symbol { symbols, .. }) => {
            *symbols = Source::Stored;
            sections[2] = memory(symbol.symbols.len(), &|row, word| symbol.symbols.word(row, word));
        }
        (Spatial::Projection(projection), _) => {
            (sections[4], sections[5]) = (numbers(projection.weights), numbers(projection.thresholds));
        }
        (Spatial::Ternary(ternary), _) => {
            // For every four features a byte a dimension.
            let codes: &[u8] = bytemuck::cast_slice(ternary.weights);
            let word = |codes: [u8; 4]| u32::from_le_bytes(codes);
            let of_four = |codes: &[u8]| -> Vec<u32> {
                chosen.chunks_exact(4).map(|four| word(std::array::from_fn(|at| codes[four[at]]))).collect()
            };
            sections[5] = codes.chunks_exact(words * 32).flat_map(of_four).collect();
            sections[6] = numbers(ternary.thresholds);
        }
        // A specification is that of its encoder.
        _ => return Err(ModelError::Metadata),
    }
    let classes = (0..model.classes().len()).filter_map(|class| model.classes().row(class));
    sections.push(classes.flat_map(|rows| rows.chunks_exact(words)).flat_map(bits).collect());
    let sections = front_end(model).chain(sections.iter().map(Vec::as_slice));
    Ok(ModelBuf::from_written(model::write(&metadata, sections)?))
}
