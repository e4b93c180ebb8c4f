//! Simulated annealing (Kirkpatrick, Gelatt & Vecchi 1983), one feature at a time.

use super::moves::{Dice, covers, move_cuts};

/// The loss of accuracy that is accepted with a chance of 1 / e, at the start and at the end.
const TEMPERATURES: [f32; 2] = [0.01, 0.0003];

/// What distance, 0 to 1, counts beside accuracy: enough to decide between equals.
const DISTANCE: f32 = 0.01;

/// A search over cuts, `F x cuts` bins, rising for each feature.
pub(super) struct Search {
    /// Designs that are measured.
    pub(super) moves: usize,
    /// Cuts of a feature.
    pub(super) cuts: usize,
}

impl Search {
    /// The designs of all measured that no other dominates, with their objectives, from `start` on.
    pub(super) fn run(
        &self,
        start: &[u8],
        seed: u64,
        measure: &mut dyn FnMut(&[u8]) -> [f32; 2],
        progress: &dyn Fn(usize),
    ) -> Vec<(Vec<u8>, [f32; 2])> {
        let mut random = Dice::new(seed);
        let mut now = (start.to_vec(), measure(start));
        let mut front = vec![now.clone()];
        let value = |scores: [f32; 2]| scores[0] + DISTANCE * scores[1];
        let [hot, cold] = TEMPERATURES;
        let cooling = libm::powf(cold / hot, 1.0 / self.moves.max(1) as f32);
        let mut temperature = hot;
        for done in 1..self.moves {
            let feature = random.below(start.len() / self.cuts) * self.cuts;
            let mut cuts = now.0.clone();
            move_cuts(&mut cuts[feature..feature + self.cuts], &mut random);
            let scores = measure(&cuts);
            if !front.iter().any(|(_, other)| covers(*other, scores)) {
                front.retain(|(_, other)| !covers(scores, *other));
                front.push((cuts.clone(), scores));
            }
            let change = value(scores) - value(now.1);
            if change >= 0.0 || random.chance(libm::expf(change / temperature)) {
                now = (cuts, scores);
            }
            temperature *= cooling;
            progress(done + 1);
        }
        front
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As many cuts as possible near bin 20; of equals, with the first cut as high as possible.
    #[test]
    fn the_optimum_is_reached_one_feature_at_a_time() {
        let search = Search { moves: 4000, cuts: 4 };
        let start: Vec<u8> = [10, 25, 40, 55].repeat(3);
        let mut before = start.clone();
        let mut changes = Vec::new();
        let mut measure = |cuts: &[u8]| {
            let pairs = cuts.chunks_exact(4).zip(before.chunks_exact(4));
            changes.push(pairs.filter(|(now, before)| now != before).count());
            before = cuts.to_vec();
            assert!(cuts.chunks_exact(4).all(|cuts| cuts.is_sorted() && cuts.iter().all(|&cut| cut <= 64)));
            let near = cuts.iter().filter(|&&cut| (16..24).contains(&cut)).count();
            [near as f32 / 12.0, f32::from(cuts[0]) / 64.0]
        };
        let front = search.run(&start, 3, &mut measure, &|_| {});
        assert_eq!(changes.len(), 4000);
        // From a design that is not taken to the next one, two features change.
        assert!(changes.iter().all(|&features| features <= 2));
        let best = front.iter().max_by(|a, b| a.1[0].total_cmp(&b.1[0])).unwrap();
        assert!((best.1[0] - 1.0).abs() < 1e-6 && best.0[0] >= 20, "{best:?}");
        for (at, a) in front.iter().enumerate() {
            assert!(front[at + 1..].iter().all(|b| !covers(a.1, b.1) && !covers(b.1, a.1)));
        }
    }
}
