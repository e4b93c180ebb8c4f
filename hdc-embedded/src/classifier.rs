use crate::{EncodeError, Model, Nearest, Value};

/// A model with working memory: classifies one window or feature row after the other.
///
/// The working memory is the caller's: an array on the stack or in a static, of at least
/// [`Model::scratch_words`] words. Nothing in it has to be kept between samples.
#[derive(Clone, Debug)]
pub struct Classifier<'a, B> {
    model: Model<'a>,
    scratch: B,
}

impl<'a, B: AsMut<[u32]>> Classifier<'a, B> {
    /// A classifier for `model` that works in `scratch`.
    ///
    /// # Errors
    /// If `scratch` is too small, with the size it needs.
    pub fn new(model: Model<'a>, mut scratch: B) -> Result<Self, EncodeError> {
        let (expected, got) = (model.scratch_words(), scratch.as_mut().len());
        if got < expected {
            return Err(EncodeError::Scratch { expected, got });
        }
        Ok(Self { model, scratch })
    }

    /// The class nearest to `sample`: `steps x channels` numbers, time-major.
    ///
    /// # Errors
    /// If the sample has another length or type than the model takes, or a number is not finite.
    pub fn classify<V: Value>(&mut self, sample: &[V]) -> Result<Nearest, EncodeError> {
        self.model.classify(sample, self.scratch.as_mut())
    }

    /// The model.
    pub fn model(&self) -> &Model<'a> {
        &self.model
    }
}
