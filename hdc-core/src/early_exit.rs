use crate::Nearest;

/// When the first words of a hypervector are enough: the margins at which a classification stops.
///
/// The query is encoded from its first word on, and compared with as many words of each class hypervector after W / 2^S,
/// ..., W / 4 and W / 2 of its W words (rounded down). If the nearest class is ahead of the next one by the margin of that
/// stage, it is the answer; if it never is, the answer is that of the whole hypervector. To stop by a margin is Omen's idea
/// (Yi et al. 2025, "Early Termination for Hyperdimensional Computing Using Inferential Statistics"); there a statistical
/// test gives the margin, here decisions on held-out samples do.
///
/// The stages before the last compare fewer than W words together, so that in the worst case a classification takes one more
/// search than it would without.
#[derive(Clone, Copy, Debug)]
pub struct EarlyExit<S> {
    /// The least margin in bits at which each stage answers: S words, the shortest prefix first. No margin is as large as
    /// `u32::MAX`.
    pub margins: S,
}

impl<S: AsRef<[u32]>> EarlyExit<S> {
    /// The words of the query that each stage looks at, of `words`, and its margin. The last one looks at all, and answers
    /// at any margin.
    pub fn stages(&self, words: usize) -> impl Iterator<Item = (usize, u32)> {
        let margins = self.margins.as_ref();
        let stage = move |(stage, &margin): (usize, &u32)| {
            let halvings = u32::try_from(margins.len() - stage).unwrap_or(u32::MAX);
            (words.checked_shr(halvings).unwrap_or(0), margin)
        };
        margins.iter().enumerate().map(stage).chain([(words, 0)])
    }
}

/// Where a classification stopped.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Exit {
    /// The nearest class. Distance and margin are those of the dimensions that were compared.
    pub nearest: Nearest,
    /// How many dimensions were encoded and compared, in bits: D where all were.
    pub dimension: usize,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stages_double_up_to_the_whole_hypervector() {
        let stages = |margins: &[u32], words| EarlyExit { margins }.stages(words).collect::<Vec<_>>();
        assert_eq!(stages(&[9, 8, 7], 32), [(4, 9), (8, 8), (16, 7), (32, 0)]);
        assert_eq!(stages(&[9, 8], 7), [(1, 9), (3, 8), (7, 0)]);
        assert_eq!(stages(&[], 7), [(7, 0)]);
    }
}
