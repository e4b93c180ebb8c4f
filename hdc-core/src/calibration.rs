use crate::Nearest;

/// What held-out samples taught about distances and margins: which decisions to reject, and how sure the others are.
///
/// A sample of a class that the model does not know lies far from all classes. A decision is accepted if the distance is
/// within the limit of the class that it names; the limits are class-conditional conformal quantiles (Vovk et al. 2005),
/// so that of the samples of each class that would be named rightly about a stated share is rejected. The confidence is the
/// share of the held-out decisions with as large a margin that were right, made monotone (Zadrozny & Elkan 2002).
#[derive(Clone, Copy, Debug)]
pub struct Calibration<S> {
    /// The largest distance that is accepted, in bits: K words, one a class.
    pub limits: S,
    /// [Steps](confidence_step) of the confidence, rising, one a word.
    pub steps: S,
}

/// The word that says that decisions with a margin of at least `margin` bits, below 2^24, have a confidence of `percent`.
pub const fn confidence_step(margin: u32, percent: u8) -> u32 {
    margin << 8 | percent as u32
}

impl<S: AsRef<[u32]>> Calibration<S> {
    /// Whether `found` is as near to its class as samples of that class usually are.
    pub fn accepts(&self, found: &Nearest) -> bool {
        self.limits.as_ref().get(found.class).is_none_or(|&limit| found.distance <= limit)
    }

    /// How likely `found` is right, in percent, given that the sample is of a class that the model knows.
    pub fn confidence(&self, found: &Nearest) -> u8 {
        let steps = self.steps.as_ref();
        let reached = steps.partition_point(|step| step >> 8 <= found.margin);
        let step = reached.checked_sub(1).and_then(|step| steps.get(step));
        step.map_or(0, |step| step.to_le_bytes()[0])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_of_the_class_and_confidence_is_of_the_step() {
        let calibration = Calibration {
            limits: &[10, 20][..],
            steps: &[confidence_step(0, 40), confidence_step(5, 60), confidence_step(9, 99)],
        };
        let found = |class, distance, margin| Nearest { class, distance, margin };
        assert!(calibration.accepts(&found(0, 10, 0)) && !calibration.accepts(&found(0, 11, 0)));
        assert!(calibration.accepts(&found(1, 20, 0)) && !calibration.accepts(&found(1, 21, 0)));
        let confidences = [0, 4, 5, 8, 9, 1000].map(|margin| calibration.confidence(&found(0, 0, margin)));
        assert_eq!(confidences, [40, 40, 60, 60, 99, 99]);
    }
}
