use hdc_core::{AssociativeMemory, kernel};
use rayon::prelude::*;

use crate::encoded::Encoded;

/// All dimensions, the most useful first; place i has a dimension of the parity of i.
pub(super) fn by_margin(samples: &Encoded, classes: &AssociativeMemory<&[u32]>) -> Vec<usize> {
    let dimension = samples.words() * 32;
    let bit = |row: &[u32], at: usize| if row[at / 32] >> (at % 32) & 1 == 1 { 1_i8 } else { -1 };
    let prototypes: Vec<&[u32]> = (0..classes.len()).filter_map(|class| classes.row(class)).collect();
    // Of several prototypes of a class, the nearest one stands for it: that is the one which decides.
    let nearest = |sample: &[u32], class: usize| {
        let rows = prototypes[class].chunks_exact(samples.words());
        rows.enumerate().min_by_key(|(_, row)| kernel::hamming(row, sample)).map_or(0, |(at, _)| at)
    };
    let decides: Vec<usize> = samples
        .rows()
        .flat_map_iter(|sample| {
            (0..classes.len()).map(move |class| class * classes.prototypes() + nearest(sample, class))
        })
        .collect();
    let rows: Vec<&[u32]> = prototypes.iter().flat_map(|rows| rows.chunks_exact(samples.words())).collect();
    // A dimension's bits lie together: those of the samples, and those of the prototypes.
    let columns: Vec<(Vec<i8>, Vec<i8>)> = (0..dimension)
        .into_par_iter()
        .map(|at| {
            let of_samples = (0..samples.len()).map(|sample| bit(samples.row(sample), at)).collect();
            (of_samples, rows.iter().map(|row| bit(row, at)).collect())
        })
        .collect();
    let mut agreement = vec![0_i32; decides.len()];
    let mut left: [Vec<usize>; 2] = [0, 1].map(|parity| (parity..dimension).step_by(2).collect());
    let mut order = Vec::with_capacity(dimension);
    while order.len() < dimension {
        let pulls = pulls(samples, &agreement, &decides, order.len());
        let left = &mut left[order.len() % 2];
        let gain = |at: usize| {
            let (bits, rows) = &columns[at];
            let one = |(&bit, &(own, rival, weight)): (&i8, &(usize, usize, f32))| {
                f32::from(bit * (rows[own] - rows[rival])) * weight
            };
            bits.iter().zip(&pulls).map(one).sum::<f32>()
        };
        let gains: Vec<f32> = left.par_iter().map(|&at| gain(at)).collect();
        let best = (1..gains.len()).fold(0, |best, at| if gains[at] > gains[best] { at } else { best });
        let chosen = left.remove(best);
        let (bits, rows) = &columns[chosen];
        for (agreement, (at, row)) in agreement.iter_mut().zip(decides.iter().enumerate()) {
            *agreement += i32::from(bits[at / classes.len()] * rows[*row]);
        }
        order.push(chosen);
    }
    order
}

/// For each sample: the prototype of its own class, that of the nearest other class, and how much its margin matters.
fn pulls(samples: &Encoded, agreement: &[i32], decides: &[usize], chosen: usize) -> Vec<(usize, usize, f32)> {
    let (classes, scale) = (samples.classes(), ((chosen + 1) as f32).sqrt());
    let one = |(sample, agreement): (usize, &[i32])| {
        let own = samples.labels()[sample];
        let others = (0..classes).filter(|&class| class != own);
        // Of equals, as at the start, each is the rival of some samples.
        let rival = others.max_by_key(|&class| (agreement[class], (class + sample) % classes)).unwrap_or(own);
        let margin = (agreement[own] - agreement[rival]) as f32;
        let prototype = |class: usize| decides[sample * classes + class];
        (prototype(own), prototype(rival), 1.0 / (1.0 + libm::expf(margin / scale)))
    };
    agreement.chunks_exact(classes).enumerate().map(one).collect()
}
