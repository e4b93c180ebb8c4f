use crate::kernel;

/// The class hypervectors of a classifier, `C x P x D` bits, searched by Hamming distance.
///
/// A class has one hypervector, or P prototypes one after the other, of which the nearest counts. Among equal
/// distances the lower index wins.
///
/// A query of several hypervectors is an [`IntegerBundle`](crate::IntegerBundle), digit by digit; its distance is the sum
/// of theirs, `sum_p 2^p hamming(digit p, C)`.
#[derive(Clone, Copy, Debug)]
pub struct AssociativeMemory<S> {
    rows: S,
    words: usize,
    prototypes: usize,
}

/// The class nearest to a query.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Nearest {
    /// Index of the class.
    pub class: usize,
    /// Its Hamming distance to the query, in bits.
    pub distance: u32,
    /// How much farther the second nearest class is, in bits; 0 if they are as near.
    pub margin: u32,
}

/// A class and its Hamming distance to the query.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Neighbour {
    /// Hamming distance to the query, in bits.
    pub distance: u32,
    /// Index of the class.
    pub class: usize,
}

impl<S: AsRef<[u32]>> AssociativeMemory<S> {
    /// The memory of the class hypervectors in `rows`, `C x words`.
    pub const fn new(rows: S, words: usize) -> Self {
        Self { rows, words, prototypes: 1 }
    }

    /// The same rows, `prototypes` (at least 1) of them in a row for each class.
    #[must_use]
    pub const fn with_prototypes(mut self, prototypes: usize) -> Self {
        self.prototypes = if prototypes == 0 { 1 } else { prototypes };
        self
    }

    /// How many hypervectors a class has, P.
    pub const fn prototypes(&self) -> usize {
        self.prototypes
    }

    /// How many classes there are.
    pub fn len(&self) -> usize {
        self.rows.as_ref().len().checked_div(self.words * self.prototypes).unwrap_or(0)
    }

    /// Whether there are no classes.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The hypervectors of class `class`, `P x words`, if there is such a class.
    pub fn row(&self, class: usize) -> Option<&[u32]> {
        let length = self.words * self.prototypes;
        self.rows.as_ref().get(class * length..(class + 1) * length)
    }

    /// The Hamming distance of `query` to every class, in order of the classes.
    pub fn distances<'a>(&'a self, query: &'a [u32]) -> impl Iterator<Item = u32> + 'a {
        let words = self.words.max(1);
        let class = words.saturating_mul(self.prototypes).max(1);
        let nearest = move |rows: &[u32]| rows.chunks_exact(words).map(|row| distance(row, query)).min();
        self.rows.as_ref().chunks_exact(class).map(move |rows| nearest(rows).unwrap_or(0))
    }

    /// The class nearest to `query`; `None` if there are no classes. With one class the margin is what is
    /// left to D. Costs at most `C D / 32` XORs and population counts: a class that can be neither first nor
    /// second any more is abandoned.
    pub fn nearest(&self, query: &[u32]) -> Option<Nearest> {
        if self.prototypes == 1 && query.len() <= self.words {
            return kernel::nearest(query, self.rows.as_ref(), self.words);
        }
        let digits = query.len().checked_div(self.words).unwrap_or(0).clamp(1, 31);
        nearest_of(self.distances(query), (self.words as u32 * 32).saturating_mul((1 << digits) - 1))
    }

    /// The class nearest to each of `queries` (`q x D / 32` words, binary ones), into `found`; returns how many there are,
    /// none if there are no classes. The same as [`nearest`](Self::nearest) one by one, but a class comes from
    /// memory once for many queries.
    pub fn nearest_batch(&self, queries: &[u32], found: &mut [Nearest]) -> usize {
        if self.prototypes > 1 {
            let nearest = queries.chunks_exact(self.words.max(1)).map_while(|query| self.nearest(query));
            return found.iter_mut().zip(nearest).map(|(found, nearest)| *found = nearest).count();
        }
        kernel::nearest_batch(queries, self.rows.as_ref(), self.words, found)
    }

    /// Writes the nearest classes to `query`, nearest first, as many as fit in `found`; returns how many
    /// there are. Costs `C D / 32` XORs and population counts and at most `C k` moves.
    pub fn k_nearest(&self, query: &[u32], found: &mut [Neighbour]) -> usize {
        let mut filled = 0;
        for (class, distance) in self.distances(query).enumerate() {
            let place = found.iter().take(filled).take_while(|other| other.distance <= distance).count();
            filled = (filled + 1).min(found.len());
            if let Some(moved) = found.get_mut(place..filled).filter(|moved| !moved.is_empty()) {
                moved.rotate_right(1);
                moved[0] = Neighbour { distance, class };
            }
        }
        filled
    }
}

/// The distance of `query`, one hypervector or the digits of an integer bundle, to `row`.
fn distance(row: &[u32], query: &[u32]) -> u32 {
    if query.len() <= row.len() {
        return kernel::hamming(row, query);
    }
    let digits = query.chunks_exact(row.len().max(1)).enumerate();
    let weighted = |(digit, plane): (usize, &[u32])| kernel::hamming(row, plane).wrapping_shl(digit as u32);
    digits.map(weighted).fold(0, u32::wrapping_add)
}

/// The least of the distances to the classes, in order; `most` is the greatest that there can be.
pub(crate) fn nearest_of(distances: impl Iterator<Item = u32>, most: u32) -> Option<Nearest> {
    let mut found: Option<Nearest> = None;
    for (class, distance) in distances.enumerate() {
        found = Some(match found {
            None => Nearest { class, distance, margin: most.saturating_sub(distance) },
            Some(best) if distance < best.distance => Nearest { class, distance, margin: best.distance - distance },
            Some(best) => Nearest { margin: best.margin.min(distance - best.distance), ..best },
        });
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROWS: [u32; 4] = [0b1111, 0b0011, 0b0001, 0b0011];

    #[test]
    fn the_nearest_class_has_the_lowest_index_among_equals() {
        let memory = AssociativeMemory::new(ROWS, 1);
        assert_eq!(memory.nearest(&[0b0011]), Some(Nearest { class: 1, distance: 0, margin: 0 }));
        assert_eq!(memory.nearest(&[0]), Some(Nearest { class: 2, distance: 1, margin: 1 }));
        assert_eq!(AssociativeMemory::new([], 1).nearest(&[0]), None);
        assert_eq!(AssociativeMemory::new([7], 1).nearest(&[0]).map(|nearest| nearest.margin), Some(29));
    }

    #[test]
    fn the_nearest_prototype_of_a_class_counts_and_the_margin_is_to_another_class() {
        let memory = AssociativeMemory::new(ROWS, 1).with_prototypes(2);
        assert_eq!((memory.len(), memory.row(1)), (2, Some(&ROWS[2..])));
        assert_eq!(memory.nearest(&[0b0111]), Some(Nearest { class: 0, distance: 1, margin: 0 }));
        assert_eq!(memory.nearest(&[0]), Some(Nearest { class: 1, distance: 1, margin: 1 }));
        let mut found = [Nearest::default(); 3];
        assert_eq!(memory.nearest_batch(&[0b0111, 0], &mut found), 2);
        assert_eq!(found[1], Nearest { class: 1, distance: 1, margin: 1 });
    }

    #[test]
    fn k_nearest_are_in_order() {
        let memory = AssociativeMemory::new(ROWS, 1);
        for k in 0..6 {
            let mut found = [Neighbour::default(); 6];
            let filled = memory.k_nearest(&[0b0111], &mut found[..k]);
            let mut all: Vec<_> = memory
                .distances(&[0b0111])
                .enumerate()
                .map(|(class, distance)| Neighbour { distance, class })
                .collect();
            all.sort();
            all.truncate(k);
            assert_eq!(found[..filled], all);
        }
    }
}
