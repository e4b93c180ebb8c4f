use hdc_core::{Encoder, Feature, Features, Input, Model, Ngram, Spatial};

/// One kind of work in a classification, and how much of it there is.
///
/// A kind has the same number of instructions for each unit, whatever the model: a word of a loop, a comparison, a row.
#[derive(Clone, Debug, PartialEq)]
pub struct Work {
    /// The kind.
    pub name: String,
    /// How often it is done.
    pub amount: f64,
}

impl Work {
    /// The work of one classification with `model`, by name.
    pub fn of(model: &Model<'_>) -> Vec<Self> {
        let mut list = List(Vec::new());
        list.add("sample", 1);
        for encoder in model.encoders() {
            list.encoder(encoder, model.metadata().float);
        }
        list.search(model);
        let mut work = list.0;
        work.sort_by(|a, b| a.name.cmp(&b.name));
        work.dedup_by(|next, first| {
            let same = next.name == first.name;
            first.amount += if same { next.amount } else { 0.0 };
            same
        });
        work
    }
}

/// Work so far.
struct List(Vec<Work>);

impl List {
    fn add(&mut self, name: impl Into<String>, amount: usize) {
        if amount > 0 {
            self.0.push(Work { name: name.into(), amount: amount as f64 });
        }
    }

    /// One sample becomes a hypervector.
    fn encoder(&mut self, encoder: &Encoder<&[u32]>, float: bool) {
        let rows = match &encoder.input {
            Input::Steps(ngram) | Input::Sequence(ngram) => {
                self.steps(encoder.steps, *ngram, encoder.words);
                encoder.steps
            }
            Input::Whole => 1,
            Input::Features(features) => {
                self.features(features, float);
                1
            }
        };
        let keys = float && !matches!(encoder.input, Input::Features(_));
        self.add("real number", if keys { rows * encoder.row_len() } else { 0 });
        self.spatial(&encoder.spatial, rows, encoder.row_len(), encoder.words);
    }

    /// The n-grams of `steps` steps, and their bundle.
    fn steps(&mut self, steps: usize, ngram: Ngram, words: usize) {
        let (order, stride) = (usize::from(ngram.order), usize::from(ngram.stride));
        self.add("n-gram: clear word", words * (ngram.span() + 1));
        let rotations = if stride == 1 {
            let name = if (order - 1).is_multiple_of(32) { "oldest" } else { "oldest, rotated" };
            self.add(format!("n-gram: {name}"), steps);
            self.add(format!("n-gram: word of {name}"), steps * words);
            1
        } else {
            self.add("n-gram: copy", steps);
            self.add("n-gram: copy word", steps * words);
            order - 1
        };
        self.add("n-gram: rotation", steps * rotations);
        self.add("n-gram: rotate four words", steps * rotations * (words / 4));
        self.add("n-gram: rotate word", steps * rotations * (words % 4));

        let grams = (steps + 1).saturating_sub(ngram.span());
        let planes = |count: usize| (usize::BITS - count.leading_zeros()) as usize;
        self.add("bundle: n-gram", grams);
        // Every second one waits, every fourth goes through one full adder and waits, and so on.
        for held in 0..3 {
            let every = 2 << held;
            self.add(format!("bundle: word after {held} adders"), (grams + every / 2) / every * words);
        }
        let ripples: usize = (8..=grams).step_by(8).map(|count| planes(count) - 3).sum();
        self.add("bundle: word after 3 adders", grams / 8 * words);
        self.add("bundle: ripple of word", ripples * words);
        self.add("bundle: clear word", planes(grams) * words);
        self.add("bundle: majority of word", words);
        self.add("bundle: majority of word of plane", words * planes(grams));
        self.add("bundle: majority of word that waits", words * (grams % 8).count_ones() as usize);
    }

    /// The features of a window.
    fn features(&mut self, features: &Features<&[u32]>, float: bool) {
        let measured = features.parts * features.channels;
        self.add(if float { "feature: real number" } else { "feature: number" }, features.steps * features.channels);
        self.add("feature: channel", measured);
        self.add("feature: result", measured * features.set.len());
        for feature in [Feature::Rms, Feature::Deviation] {
            self.add(format!("feature: {}", feature.name()), measured * usize::from(features.set.contains(feature)));
        }
    }

    /// The hypervectors of `rows` rows of `numbers` numbers.
    fn spatial(&mut self, spatial: &Spatial<&[u32]>, rows: usize, numbers: usize, words: usize) {
        // A binary search halves what is left, rounded up.
        let comparisons = |cuts: usize| cuts.next_power_of_two().ilog2() as usize;
        match spatial {
            Spatial::Record(record) => {
                self.add("record: number", rows * numbers);
                self.add("record: comparison", rows * numbers * comparisons(record.quantiser.levels() - 1));
                if record.stored_rows().is_none() {
                    self.add("record, regenerated: row", rows);
                    self.add("record, regenerated: word", rows * words);
                    self.add("record, regenerated: word of number", rows * words * numbers);
                    return;
                }
                let loop_of = match numbers {
                    0..8 => numbers.to_string(),
                    8..128 => "8 or more".into(),
                    _ => "128 or more".into(),
                };
                self.add(format!("record of {loop_of}: row"), rows);
                self.add(format!("record of {loop_of}: word"), rows * words);
                if numbers >= 8 {
                    self.add(format!("record of {loop_of}: word of eight"), rows * words * (numbers / 8));
                    self.add(format!("record of {loop_of}: word of one"), rows * words * (numbers % 8));
                }
            }
            Spatial::Projection(projection) => {
                self.add("projection: row", rows);
                self.add("projection: number", rows * numbers);
                self.add("projection: comparison", rows * numbers * comparisons(projection.quantiser.levels() - 1));
                self.add("projection: word", rows * words);
                self.add("projection: product", rows * words * 32 * numbers.next_multiple_of(4));
            }
            Spatial::Symbol(symbol) => {
                let source = if symbol.symbols.stored_rows().is_some() { "stored" } else { "regenerated" };
                self.add(format!("symbol, {source}: row"), rows);
                self.add(format!("symbol, {source}: word"), rows * words);
            }
        }
    }

    /// The distances to all classes.
    fn search(&mut self, model: &Model<'_>) {
        let (memory, words) = (model.classes(), model.words());
        let (classes, prototypes) = (memory.len(), memory.prototypes());
        let rows = classes * prototypes;
        if prototypes > 1 {
            self.add("search: class of prototypes", classes);
            self.add("search: prototype", rows);
        } else {
            self.add("search: class", classes);
        }
        // A row is compared in stretches, and these in parts that counters of bytes can hold.
        let mut left = words;
        while left > 0 {
            let stretch = if prototypes > 1 || left < 480 { left } else { 240 };
            left -= stretch;
            let mut of_stretch = stretch;
            while of_stretch > 0 {
                let part = of_stretch.min(248);
                of_stretch -= part;
                self.add("search: part", rows);
                self.add("search: eight words", rows * (part / 8));
                self.add("search: word", rows * (part % 8));
            }
        }
    }
}
