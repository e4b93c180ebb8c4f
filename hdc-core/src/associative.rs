use crate::kernel;

/// The class hypervectors (prototypes) of a classifier, `C x D` bits, searched by Hamming distance.
///
/// Among equal distances the lower index wins.
#[derive(Clone, Copy, Debug)]
pub struct AssociativeMemory<S> {
    rows: S,
    words: usize,
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
        Self { rows, words }
    }

    /// How many classes there are.
    pub fn len(&self) -> usize {
        self.rows.as_ref().len().checked_div(self.words).unwrap_or(0)
    }

    /// Whether there are no classes.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The hypervector of class `class`, if there is such a class.
    pub fn row(&self, class: usize) -> Option<&[u32]> {
        self.rows.as_ref().get(class * self.words..(class + 1) * self.words)
    }

    /// The Hamming distance of `query` to every class, in order of the classes.
    pub fn distances<'a>(&'a self, query: &'a [u32]) -> impl Iterator<Item = u32> + 'a {
        self.rows.as_ref().chunks_exact(self.words.max(1)).map(|row| kernel::hamming(row, query))
    }

    /// The class nearest to `query`; `None` if there are no classes. With one class the margin is what is
    /// left to D. Costs at most `C D / 32` XORs and population counts: a class that can be neither first nor
    /// second any more is abandoned.
    pub fn nearest(&self, query: &[u32]) -> Option<Nearest> {
        kernel::nearest(query, self.rows.as_ref(), self.words)
    }

    /// The class nearest to each of `queries` (`q x D / 32` words), into `found`; returns how many there are,
    /// none if there are no classes. The same as [`nearest`](Self::nearest) one by one, but a class comes from
    /// memory once for all queries.
    pub fn nearest_batch(&self, queries: &[u32], found: &mut [Nearest]) -> usize {
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
