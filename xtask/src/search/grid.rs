//! The grid that an engineer would write: loops over encoders, dimensions, levels and methods.

use hdc_train::{
    Budget, Centroid, Cost, Dataset, Encoding, FeatureSet, LeHdc, Map, Margin, Projection, Scale, Trainer,
};
use rand_core::{Rng, SeedableRng};
use rand_xoshiro::SplitMix64;

const DIMENSIONS: [usize; 5] = [64, 256, 512, 1024, 4096];
const LEVELS: [usize; 3] = [8, 16, 32];

/// The points that fit `budget`, in the order of the loops; those of one encoding, which the methods share, together.
pub(super) fn points(data: &Dataset, budget: &Budget, seed: u64) -> Vec<Vec<Trainer>> {
    let mut points = Vec::new();
    for encoding in encodings(data) {
        for dimension in DIMENSIONS {
            for levels in LEVELS {
                let trainer = Trainer::new().dimension(dimension).seed(seed).encoding(encoding.clone().levels(levels));
                let fits = Cost::of_settings(&trainer, data, budget.target).is_ok_and(|cost| budget.fits(&cost));
                if fits {
                    points.push(vec![
                        trainer.clone().method(Centroid),
                        trainer.clone().method(Margin::default()),
                        trainer.method(LeHdc::default()),
                    ]);
                }
            }
        }
    }
    points
}

fn encodings(data: &Dataset) -> Vec<Encoding> {
    let uniform = Scale::Uniform { clip: 0.01 };
    let random = |map| Encoding::projection(Projection::random(map));
    let learned = |map| Encoding::projection(Projection::learned(map));
    if data.shape().steps > 1 {
        let log = |encoding: Encoding| encoding.features(FeatureSet::EMG, 1).scale(Scale::Logarithmic);
        let motion = |encoding: Encoding| encoding.features(FeatureSet::MOTION, 1);
        return vec![
            Encoding::record().ngram(1, 1),
            Encoding::record().ngram(3, 1),
            log(Encoding::record()),
            motion(Encoding::record()),
            log(random(Map::Whitened)),
            motion(random(Map::Whitened)),
            log(learned(Map::Whitened)),
            motion(learned(Map::Whitened)),
        ];
    }
    vec![
        Encoding::record(),
        Encoding::record().scale(uniform),
        random(Map::Standardised),
        random(Map::Standardised).scale(uniform),
        random(Map::Discriminant),
        random(Map::Discriminant).scale(uniform),
        learned(Map::Standardised),
        learned(Map::Standardised).scale(uniform),
    ]
}

/// Into an order drawn by `seed` (Fisher & Yates).
pub(super) fn shuffle<T>(list: &mut [T], seed: u64) {
    let mut random = SplitMix64::seed_from_u64(seed);
    for end in (1..list.len()).rev() {
        list.swap(end, random.next_u64() as usize % (end + 1));
    }
}
