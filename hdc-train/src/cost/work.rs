use hdc_core::{
    Convolutions, Encoder, Feature, FeatureSet, Features, Input, Model, Ngram, Quantiser, RecordEncoder, Spatial,
};

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
        list.front_end(model);
        model.encoders().for_each(|encoder| list.encoder(encoder));
        list.search(model, model.words());
        list.early_exit(model);
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

/// The kind of an encoder.
fn kind(encoder: &Encoder<&[u32]>) -> String {
    // The compiler makes a copy for each input.
    let of = match &encoder.input {
        Input::Steps(_) | Input::Sequence(_) => " of steps",
        Input::Whole => "",
        Input::Features(_) | Input::Convolutions(_) => " of features",
    };
    match &encoder.spatial {
        Spatial::Record(record) if record.stored_rows().is_none() => format!("regenerated record{of}"),
        Spatial::Record(record) if record.is_learned() => format!("learned record{of}"),
        Spatial::Record(_) => format!("record{of}"),
        Spatial::Projection(_) => format!("projection{of}"),
        Spatial::Ternary(_) => format!("ternary projection{of}"),
        Spatial::Integer(record) if record.stored_rows().is_none() => format!("regenerated integer record{of}"),
        Spatial::Integer(_) => format!("integer record{of}"),
        Spatial::Table(_) => format!("table{of}"),
        Spatial::Symbol(symbol) if symbol.symbols.stored_rows().is_none() => "symbol, regenerated".into(),
        Spatial::Symbol(_) => "symbol".into(),
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

    fn share(&mut self, name: String, amount: f64) {
        if amount > 0.0 {
            self.0.push(Work { name, amount });
        }
    }

    /// `times` times a loop over `words` words, of which the compiler may take four at a time.
    fn add_loop(&mut self, name: &str, times: usize, words: usize) {
        self.add(format!("{name}: four words"), times * (words / 4));
        self.add(format!("{name}: word"), times * (words % 4));
    }

    /// `times` divisions of integers. A chip without an instruction for that goes from the first binary digit of the quotient
    /// to the last that is 1.
    fn divide(&mut self, times: usize, quotient: usize) {
        let digits = quotient.checked_ilog2().map_or(0, |last| last + 1 - quotient.trailing_zeros());
        self.add("digit of a quotient", times * digits as usize);
    }

    /// The signal front end of a window.
    fn front_end(&mut self, model: &Model<'_>) {
        let Some(front_end) = model.front_end() else { return };
        let channels = front_end.channels;
        let decimation = (front_end.decimation as usize).max(1);
        // Nothing is done for steps after the last one that is kept.
        let kept = model.sample_len() / channels.max(1) / decimation;
        let steps = kept * decimation;
        let numbers = steps * channels;
        self.add("front end: step", steps);
        self.add("front end: number", numbers);
        self.add("front end: biquad", numbers * front_end.biquads().count());
        self.add("front end: envelope", if front_end.envelope > 0 { numbers } else { 0 });
        for step in 1..=steps {
            // 1 / T for the mean of T steps.
            self.divide(1, (1 << 30) / step.min((front_end.envelope as usize).max(1)));
        }
        self.add("front end: result", kept * channels);
    }

    /// One sample becomes a hypervector.
    fn encoder(&mut self, encoder: &Encoder<&[u32]>) {
        let rows = match &encoder.input {
            Input::Steps(_) | Input::Sequence(_) if encoder.spatial.is_additive() => encoder.steps,
            Input::Steps(ngram) | Input::Sequence(ngram) => {
                self.steps(encoder.steps, *ngram, encoder.words);
                encoder.steps
            }
            Input::Whole => 1,
            Input::Features(features) => {
                match &encoder.spatial {
                    Spatial::Record(record) | Spatial::Integer(record) => self.features(features, &record.quantiser),
                    Spatial::Ternary(ternary) => self.features(features, &ternary.quantiser),
                    Spatial::Table(table) => self.features(features, &table.quantiser),
                    Spatial::Projection(projection) => self.features(features, &projection.quantiser),
                    Spatial::Symbol(_) => {}
                }
                1
            }
            Input::Convolutions(convolutions) => {
                self.convolutions(convolutions);
                1
            }
        };
        self.spatial(encoder, rows);
    }

    /// The n-grams of `steps` steps, and their bundle.
    fn steps(&mut self, steps: usize, ngram: Ngram, words: usize) {
        let (order, stride) = (usize::from(ngram.order), usize::from(ngram.stride));
        self.add(if words == 1 { "window of one word" } else { "window" }, 1);
        self.add_loop("n-gram, clear", 1, words * (ngram.span() + 1));
        let rotations = if stride == 1 {
            let name = if (order - 1).is_multiple_of(32) { "n-gram, oldest" } else { "n-gram, oldest rotated" };
            self.add(name, steps);
            self.add_loop(name, steps, words);
            1
        } else {
            self.add("n-gram, copy", steps);
            self.add_loop("n-gram, copy", steps, words);
            order - 1
        };
        // A loop that takes four words at a time is passed over.
        let few = if words < 4 { " of few words" } else { "" };
        self.add(format!("n-gram, rotation{few}"), steps * rotations);
        self.add_loop("n-gram, rotation", steps * rotations, words);

        let grams = (steps + 1).saturating_sub(ngram.span());
        let planes = |count: usize| (usize::BITS - count.leading_zeros()) as usize;
        // Every second one waits, every fourth goes through one full adder and waits, and so on.
        for (adders, times) in [grams.div_ceil(2), (grams + 2) / 4, (grams + 4) / 8, grams / 8].into_iter().enumerate()
        {
            let name = format!("bundle, {adders} adders");
            self.add(name.clone(), times);
            self.add_loop(&name, times, words);
        }
        self.divide(grams + 1, planes(grams) + 3);
        let ripples: usize = (8..=grams).step_by(8).map(|count| planes(count) - 3).sum();
        self.add("bundle: ripple of word", ripples * words);
        self.add("majority: plane", planes(grams));
        self.add("majority: word", words);
        self.add("majority: word of plane", words * planes(grams));
        self.add("majority: word that waits", words * (grams % 8).count_ones() as usize);
    }

    /// The features of a window, whose usual sizes `quantiser` knows.
    fn features(&mut self, features: &Features<&[u32]>, quantiser: &Quantiser<&[u32]>) {
        let measured = features.parts * features.channels;
        self.add("features", 1);
        let set = match features.set.measured() {
            FeatureSet::MOMENTS => "moments",
            FeatureSet::EMG => "emg",
            FeatureSet::MOTION => "motion",
            _ => "any",
        };
        self.add(format!("feature of {set}: number"), features.steps * features.channels);
        self.add(format!("feature of {set}: channel"), measured);
        self.add("feature: result", measured * features.set.len());
        if features.set.contains(Feature::Correlation) {
            self.add("correlation: number", features.steps * features.channels);
            self.add("correlation: channel", measured);
        }
        let length = features.steps.checked_div(features.parts).unwrap_or(0) as f64;
        for (place, feature) in features.set.iter().enumerate() {
            if let Feature::Rms | Feature::Deviation = feature {
                for column in (place..features.len()).step_by(features.set.len()) {
                    self.root(feature.name(), quantiser.thresholds(column), length.max(1.0).log2());
                }
            }
        }
    }

    /// Counts of the sums of kernels above their biases.
    fn convolutions(&mut self, convolutions: &Convolutions<&[u32]>) {
        let Convolutions { dilations, steps, channels, .. } = *convolutions;
        self.add("convolutions", 1);
        self.add("convolutions: dilation of channel", dilations * channels);
        self.add("convolutions: step", dilations * channels * steps);
        // Weights before the window and after its end.
        let outside: usize = (0..dilations).map(|dilation| 20 << dilation).sum();
        self.add("convolutions: sample", dilations * channels * steps * 9 - outside * channels);
    }

    /// A root, which depends on the bytes of its result, of what a chip without a division divides bit by bit: by that of
    /// `length` bits. The thresholds between levels say which results are usual.
    fn root(&mut self, name: &str, thresholds: &[u32], length: f64) {
        let share = 1.0 / thresholds.len() as f64;
        for threshold in thresholds {
            let result = 32 - threshold.cast_signed().max(0).leading_zeros();
            let size = format!("feature, {name} of {} bytes", result.div_ceil(8).clamp(1, 3));
            self.share(size, share);
            // Numbers of more than 32 bits take another division.
            let bits = f64::from(2 * result);
            let wide = if bits + length > 32.0 { "wide" } else { "narrow" };
            self.share(format!("feature, {name}: {wide}"), share);
            self.share(format!("feature, {name}: bit of {wide}"), share * bits);
        }
    }

    /// Whether there is an item for each number and a row for each level is seen for each of `rows` rows.
    fn places(&mut self, encoder: &Encoder<&[u32]>, rows: usize) {
        if let Spatial::Record(record) | Spatial::Integer(record) = &encoder.spatial
            && record.stored_rows().is_some()
        {
            self.divide(rows, encoder.row_len());
            self.divide(rows, encoder.spatial.levels());
        }
    }

    /// The hypervectors of `rows` rows.
    fn spatial(&mut self, encoder: &Encoder<&[u32]>, rows: usize) {
        let (kind, numbers, words) = (kind(encoder), encoder.row_len(), encoder.words);
        // A binary search halves what is left, rounded up.
        let comparisons = rows * numbers * (encoder.spatial.levels() - 1).next_power_of_two().ilog2() as usize;
        self.places(encoder, rows);
        match &encoder.spatial {
            Spatial::Record(record) => {
                self.add(format!("{kind}: number"), rows * numbers);
                self.add(format!("{kind}: comparison"), comparisons);
                if record.is_learned() {
                    let size = if numbers < 64 { "" } else { ", 64 or more" };
                    let planes = RecordEncoder::<&[u32]>::start_planes(numbers);
                    self.add(format!("{kind}{size}: row"), rows);
                    self.add(format!("{kind}{size}: word"), rows * words);
                    self.add(format!("{kind}{size}: plane"), rows * words * planes);
                    self.add(format!("{kind}{size}: word of eight"), rows * words * (numbers / 8));
                    self.add(format!("{kind}{size}: word of one"), rows * words * (numbers % 8));
                    return;
                }
                if record.stored_rows().is_none() {
                    self.add(format!("{kind}: row"), rows);
                    self.add(format!("{kind}: word"), rows * words);
                    self.add(format!("{kind}: word of number"), rows * words * numbers);
                    self.add(format!("{kind}: word of ties"), rows * words * usize::from(numbers.is_multiple_of(2)));
                    return;
                }
                // There is a loop for each small number of channels, and one for all others.
                let alone = if let Input::Whole = encoder.input { "record" } else { "record of window" };
                let eights = match numbers {
                    0..8 => {
                        let name = format!("{alone}, {numbers} a row");
                        self.add(name.clone(), rows);
                        return self.add_loop(&name, rows, words);
                    }
                    8..128 => format!("{alone}, 8 or more a row"),
                    _ => format!("{alone}, 128 or more a row"),
                };
                self.add(eights.clone(), rows);
                self.add(format!("{eights}: word"), rows * words);
                self.add(format!("{eights}: word of eight"), rows * words * (numbers / 8));
                self.add(format!("{eights}: word of one"), rows * words * (numbers % 8));
            }
            Spatial::Projection(_) => {
                self.add(format!("{kind}: row"), rows);
                self.add(format!("{kind}: number"), rows * numbers);
                self.add(format!("{kind}: comparison"), comparisons);
                self.add(format!("{kind}: word"), rows * words);
                self.add(format!("{kind}: product"), rows * words * 32 * numbers.next_multiple_of(4));
            }
            Spatial::Ternary(_) => {
                let fours = numbers.div_ceil(4);
                self.add(format!("{kind}: row"), rows);
                self.add(format!("{kind}: number"), rows * numbers);
                self.add(format!("{kind}: comparison"), comparisons);
                self.add(format!("{kind}: word"), rows * words);
                self.add(format!("{kind}: four numbers"), rows * fours);
                self.add(format!("{kind}: word of four numbers"), rows * words * fours);
            }
            Spatial::Integer(record) => {
                let digits = encoder.query_words() / words.max(1);
                self.add(format!("{kind}: number"), rows * numbers);
                self.add(format!("{kind}: comparison"), comparisons);
                self.add(format!("{kind}: start of digit"), digits);
                self.add(format!("{kind}: start of word"), words * digits);
                self.divide(rows + 1, words);
                self.add(format!("{kind}: tie"), usize::from((rows * numbers).is_multiple_of(2)));
                if record.stored_rows().is_none() {
                    self.add(format!("{kind}: row"), rows);
                    self.add(format!("{kind}: word"), rows * words);
                    self.add(format!("{kind}: word of digit"), rows * words * digits);
                    self.add(format!("{kind}: word of number"), rows * words * numbers);
                    return;
                }
                // There is a loop for few digits and one for many.
                let size = if digits < 8 { "" } else { ", 8 or more digits" };
                self.divide(rows, digits);
                self.add(format!("{kind}{size}: row"), rows);
                self.add(format!("{kind}{size}: word"), rows * words);
                self.add(format!("{kind}{size}: word of digit"), rows * words * digits);
                self.add(format!("{kind}{size}: word of eight"), rows * words * (numbers / 8));
                self.add(format!("{kind}{size}: word of one"), rows * words * (numbers % 8));
            }
            Spatial::Table(table) => {
                let (width, size) = (table.row_words(), if table.wide { " of 16 bits" } else { "" });
                // Sums of 8 bits are taken out after so many numbers.
                let parts = if table.wide { 1 } else { numbers.div_ceil(256) };
                self.add(format!("{kind}: row"), rows);
                self.add(format!("{kind}: number"), rows * numbers);
                self.add(format!("{kind}: comparison"), comparisons);
                self.add(format!("any table{size}: word"), rows * width * parts);
                self.add(format!("any table{size}: word of number"), rows * width * numbers);
            }
            Spatial::Symbol(symbol) => {
                self.add(kind.clone(), rows);
                if symbol.symbols.stored_rows().is_some() {
                    return self.add_loop(&kind, rows, words);
                }
                // What is left of four words is not one loop more, but code for each length.
                self.add(format!("{kind}: four words"), rows * (words / 4));
                self.add(format!("{kind}: {} words at the end", words % 4), if words % 4 > 0 { rows } else { 0 });
            }
        }
    }

    /// What a classification that stops early does more if it does not stop: each stage compares its words with all classes,
    /// and quantises steps again.
    fn early_exit(&mut self, model: &Model<'_>) {
        let (Some(early_exit), Some(encoder)) = (model.early_exit(), model.encoders().next()) else { return };
        let prefixes = early_exit.stages(encoder.words).take(early_exit.margins.len());
        prefixes.for_each(|(words, _)| {
            self.search(model, words);
            if let Input::Steps(_) | Input::Sequence(_) = encoder.input {
                self.spatial(&Encoder { words: 0, ..encoder.clone() }, encoder.steps);
            }
        });
    }

    /// The distances of the first `words` words of a query to all classes.
    fn search(&mut self, model: &Model<'_>, words: usize) {
        let memory = model.classes();
        let prototypes = memory.prototypes();
        let spatial = model.encoders().next().map(|encoder| &encoder.spatial);
        if let Some(Spatial::Table(table)) = spatial {
            return self.add("search: sum", table.classes);
        }
        let classes = memory.len();
        let rows = classes * prototypes;
        let words_of_digit = model.metadata().dimension() / 32;
        if words > words_of_digit {
            // Digit by digit.
            let parts = rows * words / words_of_digit;
            self.divide(rows, parts / rows.max(1));
            self.add("search, digits: prototype", rows);
            self.add("search, digits: digit", parts);
            self.add("search, digits: eight words", parts * (words_of_digit / 8));
            return self.add("search, digits: word", parts * (words_of_digit % 8));
        }
        if prototypes > 1 {
            self.divide(classes, prototypes);
            self.add("search: class of prototypes", classes);
            self.add("search: prototype", rows);
        } else {
            self.add("search: class", classes);
        }
        // A row is compared in stretches, as it may be abandoned after each, and these in parts that counters of bytes can
        // hold.
        let (mut words, mut stretch) = (words, 0);
        while words > 0 {
            if stretch == 0 {
                stretch = if prototypes > 1 || words < 480 { words } else { 240 };
            }
            let part = stretch.min(248);
            (words, stretch) = (words - part, stretch - part);
            self.add("search: part", rows);
            self.add("search: eight words", rows * (part / 8));
            self.add("search: word", rows * (part % 8));
        }
    }
}
