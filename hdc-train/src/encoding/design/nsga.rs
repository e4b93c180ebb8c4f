//! The non-dominated sorting genetic algorithm NSGA-II (Deb et al. 2002) for two objectives.

use rayon::prelude::*;

use super::moves::{Dice, covers, move_cuts};

/// A search over cuts, `F x cuts` bins, rising for each feature.
pub(super) struct Search {
    pub(super) population: usize,
    pub(super) generations: usize,
    /// Cuts of a feature.
    pub(super) cuts: usize,
}

/// One design.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Member {
    pub(super) cuts: Vec<u8>,
    /// Both objectives, to be maximised.
    pub(super) scores: [f32; 2],
    /// How many fronts are better.
    rank: usize,
    /// How far the neighbours in its front are.
    room: f32,
}

impl Search {
    /// The designs of the last generation that no other dominates, from `start` on.
    pub(super) fn run(
        &self,
        start: &[u8],
        seed: u64,
        measure: &(dyn Fn(&[u8]) -> [f32; 2] + Sync),
        progress: &dyn Fn(usize),
    ) -> Vec<Member> {
        let mut random = Dice::new(seed);
        let measured = |designs: Vec<Vec<u8>>| -> Vec<Member> {
            let member = |cuts: Vec<u8>| Member { scores: measure(&cuts), cuts, rank: 0, room: 0.0 };
            designs.into_par_iter().map(member).collect()
        };
        let mut designs = vec![start.to_vec()];
        designs.extend((1..self.population).map(|at| {
            let mut cuts = start.to_vec();
            // The further members are the wilder ones.
            (0..=4 * at / self.population).for_each(|_| self.mutate(&mut cuts, 0.5, &mut random));
            cuts
        }));
        let mut population = best(measured(designs), self.population);
        for generation in 0..self.generations {
            let features = (start.len() / self.cuts) as f32;
            let children = (0..self.population).map(|_| {
                let (a, b) = (tournament(&population, &mut random), tournament(&population, &mut random));
                let mut child = self.cross(&a.cuts, &b.cuts, &mut random);
                self.mutate(&mut child, (2.0 / features).min(1.0), &mut random);
                child
            });
            let children = measured(children.collect());
            population.extend(children);
            population = best(population, self.population);
            progress(generation + 1);
        }
        population.retain(|member| member.rank == 0);
        population
    }

    /// Each feature from one parent or the other, half of the time; otherwise all from the first.
    fn cross(&self, a: &[u8], b: &[u8], random: &mut Dice) -> Vec<u8> {
        let mixed = random.chance(0.5);
        let features = a.chunks_exact(self.cuts).zip(b.chunks_exact(self.cuts));
        features.flat_map(|(a, b)| if mixed && random.chance(0.5) { b } else { a }).copied().collect()
    }

    /// Moves cuts, with the given chance for each feature and for one at least.
    fn mutate(&self, cuts: &mut [u8], chance: f32, random: &mut Dice) {
        let certain = random.below(cuts.len() / self.cuts);
        for (feature, cuts) in cuts.chunks_exact_mut(self.cuts).enumerate() {
            if feature != certain && !random.chance(chance) {
                continue;
            }
            move_cuts(cuts, random);
        }
    }
}

/// The better of two members drawn at random: of the better front, or with more room.
fn tournament<'a>(population: &'a [Member], random: &mut Dice) -> &'a Member {
    let (a, b) = (&population[random.below(population.len())], &population[random.below(population.len())]);
    if (a.rank, -a.room) <= (b.rank, -b.room) { a } else { b }
}

fn dominates(a: [f32; 2], b: [f32; 2]) -> bool {
    covers(a, b) && !covers(b, a)
}

/// The `count` best members, front by front, and of the last front those with the most room. Equal designs count once.
fn best(mut members: Vec<Member>, count: usize) -> Vec<Member> {
    members.sort_by(|a, b| a.cuts.cmp(&b.cuts));
    members.dedup_by(|a, b| a.cuts == b.cuts);
    let mut kept: Vec<Member> = Vec::with_capacity(members.len());
    let mut rank = 0;
    while !members.is_empty() && kept.len() < count {
        let is_first = |member: &Member| !members.iter().any(|other| dominates(other.scores, member.scores));
        let first: Vec<bool> = members.iter().map(is_first).collect();
        let mut flags = first.into_iter();
        let (mut front, rest): (Vec<Member>, Vec<Member>) =
            members.into_iter().partition(|_| flags.next().unwrap_or(false));
        front.iter_mut().for_each(|member| member.rank = rank);
        spread(&mut front);
        front.sort_by(|a, b| b.room.total_cmp(&a.room));
        kept.extend(front);
        members = rest;
        rank += 1;
    }
    kept.truncate(count);
    kept
}

/// The room of each member of a front: the distance of its neighbours, in each objective over that of the ends.
fn spread(front: &mut [Member]) {
    front.iter_mut().for_each(|member| member.room = 0.0);
    for objective in 0..2 {
        front.sort_by(|a, b| a.scores[objective].total_cmp(&b.scores[objective]));
        let last = front.len() - 1;
        let (low, high) = (front[0].scores[objective], front[last].scores[objective]);
        let range = if high > low { high - low } else { 1.0 };
        for at in 0..=last {
            let gap = match at {
                0 => f32::INFINITY,
                at if at == last => f32::INFINITY,
                at => (front[at + 1].scores[objective] - front[at - 1].scores[objective]) / range,
            };
            front[at].room += gap;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As many cuts as possible near bin 20, against as many as possible beyond bin 40.
    #[test]
    fn the_front_goes_from_one_optimum_to_the_other() {
        let search = Search { population: 24, generations: 200, cuts: 4 };
        let start: Vec<u8> = [10, 25, 40, 55].repeat(3);
        let measure = |cuts: &[u8]| {
            assert!(cuts.chunks_exact(4).all(|cuts| cuts.is_sorted() && cuts.iter().all(|&cut| cut <= 64)));
            let count = |of: &dyn Fn(u8) -> bool| cuts.iter().filter(|&&cut| of(cut)).count() as f32;
            [count(&|cut| (16..24).contains(&cut)), count(&|cut| cut > 40)]
        };
        let front = search.run(&start, 3, &measure, &|_| {});
        let most = |objective: usize| front.iter().map(|member| member.scores[objective] as u8).max();
        assert!(most(0) >= Some(11) && most(1) == Some(12), "{front:?}");
        for (a, b) in front.iter().flat_map(|a| front.iter().map(move |b| (a, b))) {
            assert!(!dominates(a.scores, b.scores));
        }
        let pool = rayon::ThreadPoolBuilder::new().num_threads(5).build().unwrap();
        assert_eq!(front, pool.install(|| search.run(&start, 3, &measure, &|_| {})));
    }
}
