//! Numbers read from text, in the narrowest type that holds them all exactly.

use hdc_train::Values;

/// Collects finite numbers and remembers whether all of them are 16-bit counts.
pub(crate) struct Numbers {
    values: Vec<f32>,
    counts: bool,
}

impl Numbers {
    pub(crate) fn new() -> Self {
        Self { values: Vec::new(), counts: true }
    }

    /// Appends the number that `text` spells; otherwise says what is wrong with it.
    pub(crate) fn push(&mut self, text: &str) -> Result<(), String> {
        let Ok(value) = text.parse::<f64>() else {
            return Err(format!("`{text}` is not a number"));
        };
        #[allow(clippy::cast_possible_truncation, reason = "the nearest f32 is wanted, overflow is checked below")]
        let narrow = value as f32;
        if !narrow.is_finite() {
            return Err(format!("`{text}` is not a finite 32-bit number: repair it or remove the row"));
        }
        self.counts &= value.fract() == 0.0 && (f64::from(i16::MIN)..=f64::from(i16::MAX)).contains(&value);
        self.values.push(narrow);
        Ok(())
    }

    /// The numbers so far.
    pub(crate) fn values(&self) -> &[f32] {
        &self.values
    }

    /// Whether all numbers were 16-bit counts, those that were forgotten too.
    pub(crate) fn are_counts(&self) -> bool {
        self.counts
    }

    /// Removes the numbers.
    pub(crate) fn forget(&mut self) {
        self.values.clear();
    }

    pub(crate) fn len(&self) -> usize {
        self.values.len()
    }

    /// Appends all of `other`.
    pub(crate) fn extend(&mut self, other: Self) {
        self.values.extend(other.values);
        self.counts &= other.counts;
    }

    /// Counts if every number is one, else real values.
    pub(crate) fn finish(self) -> Values {
        if !self.counts {
            return Values::F32(self.values);
        }
        #[allow(clippy::cast_possible_truncation, reason = "push found every value to be integral and in range")]
        Values::I16(self.values.into_iter().map(|value| value as i16).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(texts: &[&str]) -> Values {
        let mut numbers = Numbers::new();
        for text in texts {
            numbers.push(text).unwrap();
        }
        numbers.finish()
    }

    #[test]
    fn counts_stay_counts_up_to_the_ends_of_the_range() {
        assert_eq!(read(&["-32768", "32767", "1e2", "-0", "3.0"]), Values::I16(vec![-32768, 32767, 100, 0, 3]));
        assert_eq!(read(&["1", "32768"]), Values::F32(vec![1.0, 32768.0]));
        assert_eq!(read(&["1", "0.5"]), Values::F32(vec![1.0, 0.5]));
    }

    #[test]
    fn what_is_no_finite_number_is_refused() {
        for text in ["", "x", "1,5", "NaN", "inf", "-infinity", "1e39"] {
            assert!(Numbers::new().push(text).is_err(), "{text}");
        }
    }
}
