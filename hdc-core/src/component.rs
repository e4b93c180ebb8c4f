use core::fmt;

/// What a model may need of the library and a firmware can leave out, to save flash: each is a Cargo feature of the same
/// [name](Self::name), on by default. `hdc inspect` says which ones a model needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Component {
    /// Record encoding from stored memories.
    Record,
    /// Memories that are regenerated from their seed.
    Regenerated,
    /// Record encoding with learned memories and thresholds.
    LearnedRecord,
    /// Projection encoding.
    Projection,
    /// Projection encoding by a ternary matrix.
    TernaryProjection,
    /// Record encoding that is not binarised.
    IntegerRecord,
    /// Tables of distances.
    Table,
    /// The items of symbols.
    Symbols,
    /// Time steps, bundled as n-grams.
    Ngrams,
    /// Features of a window.
    WindowFeatures,
    /// Patterns of the course of a window.
    Convolutions,
    /// The signal front end.
    FrontEnd,
    /// Stopping a classification at the first words of a hypervector.
    EarlyExit,
    /// Reading the formats before the newest.
    OldFormats,
}

impl Component {
    /// The name of the Cargo feature.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Record => "record",
            Self::Regenerated => "regenerated",
            Self::LearnedRecord => "learned-record",
            Self::Projection => "projection",
            Self::TernaryProjection => "ternary-projection",
            Self::IntegerRecord => "integer-record",
            Self::Table => "table",
            Self::Symbols => "symbols",
            Self::Ngrams => "ngrams",
            Self::WindowFeatures => "window-features",
            Self::Convolutions => "convolutions",
            Self::FrontEnd => "front-end",
            Self::EarlyExit => "early-exit",
            Self::OldFormats => "old-formats",
        }
    }

    /// Fails unless this build of the library has it. What stands behind a failure that is certain is not linked.
    #[inline(always)]
    pub(crate) const fn require(self) -> Result<(), Self> {
        if self.is_there() { Ok(()) } else { Err(self) }
    }

    /// Whether this build of the library has it.
    #[inline(always)]
    pub const fn is_there(self) -> bool {
        match self {
            Self::Record => cfg!(feature = "record"),
            Self::Regenerated => cfg!(feature = "regenerated"),
            Self::LearnedRecord => cfg!(feature = "learned-record"),
            Self::Projection => cfg!(feature = "projection"),
            Self::TernaryProjection => cfg!(feature = "ternary-projection"),
            Self::IntegerRecord => cfg!(feature = "integer-record"),
            Self::Table => cfg!(feature = "table"),
            Self::Symbols => cfg!(feature = "symbols"),
            Self::Ngrams => cfg!(feature = "ngrams"),
            Self::WindowFeatures => cfg!(feature = "window-features"),
            Self::Convolutions => cfg!(feature = "convolutions"),
            Self::FrontEnd => cfg!(feature = "front-end"),
            Self::EarlyExit => cfg!(feature = "early-exit"),
            Self::OldFormats => cfg!(feature = "old-formats"),
        }
    }
}

impl fmt::Display for Component {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
