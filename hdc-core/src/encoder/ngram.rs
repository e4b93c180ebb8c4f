use crate::kernel;

/// How many time steps are bound together and how far apart they are.
///
/// `G_t = S_t XOR rho(S_{t-s}) XOR .. XOR rho^{N-1}(S_{t-(N-1)s})`, with rho a rotation by one bit.
/// Order 1 is no n-gram: `G_t = S_t`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "model", derive(serde::Serialize, serde::Deserialize))]
pub struct Ngram {
    /// N, the number of steps bound together, at least 1.
    pub order: u16,
    /// s, the distance of those steps, at least 1.
    pub stride: u16,
}

impl Ngram {
    /// No n-gram: every step by itself.
    pub const NONE: Self = Self { order: 1, stride: 1 };

    /// A 3-gram that reaches over a tenth of a window of `steps` steps: a start where nothing is known of
    /// the signal. Windows of fewer than three steps, and feature rows, get what fits.
    pub const fn spread(steps: usize) -> Self {
        let order = if steps < 3 { steps as u16 } else { 3 };
        let stride = if steps < 40 { 1 } else { steps / 20 };
        Self {
            order: if order == 0 { 1 } else { order },
            stride: if stride > u16::MAX as usize { u16::MAX } else { stride as u16 },
        }
    }

    /// The time steps that one n-gram reaches over, `(N - 1) s + 1`.
    pub const fn span(self) -> usize {
        (self.order as usize).saturating_sub(1) * self.stride as usize + 1
    }
}

/// The n-grams of a stream of time steps, one a step, over the caller's memory.
///
/// With stride 1 an n-gram is made from the one before, `G_t = rho(G_{t-1} XOR rho^{N-1}(S_{t-N})) XOR S_t`,
/// so a step costs two passes over D bits, whatever N is (Rahimi et al. 2016 bind all N each time). With a
/// longer stride it is made anew, which takes N passes but s times less memory than to keep s n-grams.
#[derive(Debug)]
pub struct Ngrams<B> {
    ngram: Ngram,
    words: usize,
    /// One n-gram, then the last `span` steps, as a ring.
    storage: B,
    /// Where in the ring the next step goes.
    place: usize,
    /// Steps so far, up to the span.
    steps: usize,
}

impl Ngrams<&mut [u32]> {
    /// Words of storage for hypervectors of `words` words: one n-gram and the steps it reaches over.
    pub const fn storage(ngram: Ngram, words: usize) -> usize {
        words.saturating_mul(ngram.span() + 1)
    }
}

impl<B: AsMut<[u32]>> Ngrams<B> {
    /// No steps yet. `storage` is overwritten; it has at least [`Ngrams::storage`] words.
    pub fn new(ngram: Ngram, words: usize, mut storage: B) -> Self {
        storage.as_mut().fill(0);
        Self { ngram, words, storage, place: 0, steps: 0 }
    }

    /// Takes the next time step, whose hypervector `step` writes, and returns the n-gram that it ends; none
    /// before there are enough steps.
    ///
    /// # Errors
    /// What `step` returns; the stream then starts anew.
    pub fn push<E>(&mut self, step: impl FnOnce(&mut [u32]) -> Result<(), E>) -> Result<Option<&[u32]>, E> {
        let (words, span) = (self.words, self.ngram.span());
        let Some((gram, ring)) = self.storage.as_mut().split_at_mut_checked(words) else { return Ok(None) };
        let newest = slot(ring, self.place, words);
        if self.ngram.stride == 1 {
            kernel::rotate_xor_assign(gram, newest, usize::from(self.ngram.order).saturating_sub(1));
        }
        if let Err(error) = step(newest) {
            gram.fill(0);
            ring.fill(0);
            (self.place, self.steps) = (0, 0);
            return Err(error);
        }
        if self.ngram.stride == 1 {
            kernel::rotate_one_xor(gram, newest);
        } else {
            // From the oldest, which is next to be overwritten, to the newest.
            let next = if self.place + 1 == span { 0 } else { self.place + 1 };
            gram.iter_mut().zip(slot(ring, next, words)).for_each(|(gram, oldest)| *gram = *oldest);
            let mut place = next;
            for _ in 1..self.ngram.order {
                place += usize::from(self.ngram.stride);
                place = place.checked_sub(span).unwrap_or(place);
                kernel::rotate_one_xor(gram, slot(ring, place, words));
            }
        }
        Ok(self.advance())
    }

    /// Goes on to the next place in the ring; returns the n-gram if there are enough steps.
    fn advance(&mut self) -> Option<&[u32]> {
        let span = self.ngram.span();
        self.place = if self.place + 1 == span { 0 } else { self.place + 1 };
        self.steps = span.min(self.steps + 1);
        if self.steps == span { self.storage.as_mut().get(..self.words) } else { None }
    }
}

/// Hypervector `index` of the ring.
fn slot(ring: &mut [u32], index: usize, words: usize) -> &mut [u32] {
    ring.get_mut(index * words..(index + 1) * words).unwrap_or(&mut [])
}
