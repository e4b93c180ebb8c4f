//! Level memories that follow a kernel, beside those that flip in equal steps.

use anyhow::Result;
use hdc_train::{Encoding, Evaluation, FeatureSet, Kernel, Scale, Spread, Trainer};

use super::{SEEDS, UCI, named, pairs};

const KERNELS: [Kernel; 6] = [
    Kernel::Cosine { turns: 1.0 },
    Kernel::Cosine { turns: 1.25 },
    Kernel::Cosine { turns: 1.5 },
    Kernel::Gaussian { width: 0.1 },
    Kernel::Gaussian { width: 0.2 },
    Kernel::Gaussian { width: 0.4 },
];

pub(super) fn run(sets: &[String]) -> Result<()> {
    let uniform = Encoding::record().scale(Scale::Uniform { clip: 0.01 });
    let emg = Encoding::record().features(FeatureSet::EMG, 1).scale(Scale::Logarithmic);
    let cases: Vec<(&str, &[&str], Encoding)> = vec![
        ("uci-emg", UCI, emg),
        ("wisdm", &["wisdm"], uniform.clone()),
        ("isolet", &["isolet"], uniform),
        ("spar", &["spar"], Encoding::record().levels(8).ngram(3, 10)),
    ];
    let kernels: Vec<String> = KERNELS.iter().map(ToString::to_string).collect();
    println!("| data | D | linear | {} |", kernels.join(" | "));
    println!("|---|---|---{}|", "|---".repeat(KERNELS.len()));
    for (name, parts, encoding) in named(&cases, sets)? {
        let pairs = pairs(parts)?;
        for dimension in [256, 1024, 10_048] {
            let levels = std::iter::once(encoding.clone()).chain(KERNELS.map(|kernel| encoding.clone().kernel(kernel)));
            let mut cells = Vec::new();
            for encoding in levels {
                let mut figures = Vec::new();
                for (seed, (train, test)) in SEEDS.iter().flat_map(|&seed| pairs.iter().map(move |pair| (seed, pair))) {
                    let trainer = Trainer::new().dimension(dimension).encoding(encoding.clone()).seed(seed);
                    figures.push(Evaluation::of(&trainer.fit(train)?.view(), test)?.accuracy());
                }
                cells.push(format!("{:.3}", Spread::of(&figures).mean));
            }
            println!("| {name} | {dimension} | {} |", cells.join(" | "));
        }
    }
    Ok(())
}
