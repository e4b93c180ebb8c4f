//! What a search tells: on the terminal, as a table, and as a page.

use std::fmt::Write;

use hdc_train::{Candidate, Dataset, Found};

use super::plot::Plot;
use super::test::Test;
use super::{Command, Held, name, thousands};
use crate::common;

const STYLE: &str = "body{font:15px/1.5 sans-serif;max-width:1160px;margin:2em auto;padding:0 1em;color:#222}\
table{border-collapse:collapse;margin:1em 0}td,th{padding:.2em .7em;border-bottom:1px solid #ddd;text-align:right}\
td:first-child,th:first-child,.left{text-align:left}.best td{background:#fbe9ec}code,pre{background:#f4f4f4;padding:.2em}\
svg{max-width:100%}";

pub(super) struct Report<'a> {
    pub(super) command: &'a Command,
    pub(super) data: &'a Dataset,
    pub(super) found: &'a Found,
    pub(super) held: &'a Held,
    /// On the test rows.
    pub(super) test: Option<&'a Test>,
}

impl Report<'_> {
    pub(super) fn csv(&self) -> String {
        let mut text = String::from(
            "model,accuracy,deviation,robustness,flash,ram,flash_with_code,ram_with_stack,instructions,samples,settings\n",
        );
        for (place, Candidate { trial, cost, robustness, .. }) in self.found.front.iter().enumerate() {
            let accuracy = trial.accuracy();
            let _ = writeln!(
                text,
                "front/{},{:.6},{:.6},{robustness:.6},{},{},{},{},{},{},\"D = {}; {}\"",
                name(place),
                accuracy.mean,
                accuracy.deviation,
                cost.model,
                cost.working,
                cost.flash,
                cost.ram,
                cost.instructions,
                trial.samples,
                trial.trainer.dimension_bits(),
                trial.trainer.to_string().replace('"', "\"\"")
            );
        }
        text
    }

    /// The choice in pairs of a name and a value.
    fn choice(&self) -> Vec<(&'static str, String)> {
        let Candidate { trial, cost, robustness, .. } = &self.found.best;
        let limit = |limit: Option<u64>| limit.map_or(String::new(), |limit| format!(" of {}", number(limit)));
        let budget = self.command.budget();
        let mut pairs = vec![
            ("settings", settings(&self.found.best)),
            ("accuracy in folds", format!("{}", trial.accuracy())),
            ("with 10 % of bits flipped", format!("{robustness:.3}")),
            ("model in flash", format!("{}{} bytes", number(cost.model), limit(budget.flash))),
            ("working memory in RAM", format!("{}{} bytes", number(cost.working), limit(budget.ram))),
            ("with code and stack", format!("{} and {} bytes", number(cost.flash), number(cost.ram))),
            ("instructions", format!("{}{}", number(cost.instructions), limit(budget.instructions))),
        ];
        if let Some(test) = self.test {
            pairs.push(("accuracy on test rows", test.text(&settings(&self.found.best))));
        }
        pairs
    }

    pub(super) fn text(&self) -> String {
        let Found { front, tried, discarded, .. } = self.found;
        let out = self.command.out.display();
        format!(
            "{}\n{} candidates tried, {} discarded untrained, {} on the front\n\
             next: look at {out}/report.html, or see what is in the model: hdc inspect {out}/best.hdc",
            common::pairs(&self.choice()),
            thousands(tried.len()),
            thousands(*discarded),
            front.len(),
        )
    }

    pub(super) fn html(&self) -> anyhow::Result<String> {
        let title = format!("{} within {}", self.data.name(), self.command.budget());
        let title = escape(&title);
        let mut page = format!(
            "<!doctype html>\n<html lang=\"en\"><meta charset=\"utf-8\"><title>{title}</title><style>{STYLE}</style>\n\
             <h1>{title}</h1>\n<h2>The choice</h2>\n<table>\n"
        );
        for (name, value) in self.choice() {
            let _ = writeln!(page, "<tr><td>{name}</td><td class=\"left\">{}</td></tr>", escape(&value));
        }
        page += "</table>\n<p>Flash and RAM are those of the model and its working memory; with code and stack, those \
                 of a program that classifies and does nothing else, and has what the model needs of the library (all \
                 of it for two encoders or a front end). Instructions are predicted. The choice is the most robust of \
                 the candidates that the most accurate one does not beat by more than half a standard error.</p>\n\
                 <h2>The trade-off</h2>\n<p>Red: the choice. Blue: the front, that is candidates that no other one beats \
                 in all of accuracy, robustness, flash, RAM and instructions. Grey: all others tried in all folds.</p>\n";
        for plot in self.plots() {
            page += &plot.svg()?;
            page.push('\n');
        }
        self.front(&mut page);
        self.confusion(&mut page);
        self.how(&mut page);
        page += "</html>\n";
        Ok(page)
    }

    fn plots(&self) -> Vec<Plot<'_>> {
        let Found { best, front, tried, .. } = self.found;
        let accuracy = |candidate: &Candidate| candidate.trial.accuracy().mean;
        let finals = || tried.iter().filter(|candidate| candidate.effort() == best.effort());
        let against = |title, x, of: fn(&Candidate) -> f64| {
            let point = |candidate: &Candidate| (of(candidate), accuracy(candidate));
            let (all, marked) = (finals().map(point).collect(), front.iter().map(point).collect());
            Plot { title, x, y: "accuracy in folds", all, marked, line: Vec::new(), chosen: Some(point(best)) }
        };
        let mut line = Vec::new();
        let mut most = f64::MIN;
        for candidate in finals() {
            // A step: as good as before until now.
            line.extend((most > f64::MIN).then_some((candidate.seconds, most)));
            most = most.max(accuracy(candidate));
            line.push((candidate.seconds, most));
        }
        let plain = |title, x, y, line| Plot { title, x, y, all: vec![], marked: vec![], line, chosen: None };
        vec![
            against("accuracy and flash", "bytes of flash", |candidate| candidate.cost.model as f64),
            against("accuracy and instructions", "instructions", |candidate| candidate.cost.instructions as f64),
            against("accuracy and RAM", "bytes of RAM", |candidate| candidate.cost.working as f64),
            against("accuracy and robustness", "accuracy with 10 % of bits flipped", |candidate| candidate.robustness),
            plain("best so far", "seconds of searching", "accuracy in folds", line),
            plain("robustness of the choice", "share of class bits flipped", "accuracy", self.held.curve.clone()),
        ]
    }

    fn front(&self, page: &mut String) {
        *page += "<h2>The front</h2>\n<table>\n<tr><th>model</th><th>accuracy</th><th>10 % flipped</th><th>flash</th>\
                  <th>RAM</th><th>instructions</th><th class=\"left\">settings</th></tr>\n";
        let best = format!("{:?}", self.found.best);
        for (place, candidate) in self.found.front.iter().enumerate() {
            let Candidate { trial, cost, robustness, .. } = candidate;
            let class = if format!("{candidate:?}") == best { " class=\"best\"" } else { "" };
            let _ = writeln!(
                page,
                "<tr{class}><td>front/{}</td><td>{}</td><td>{robustness:.3}</td><td>{}</td><td>{}</td>\
                 <td>{}</td><td class=\"left\">D = {}; {}</td></tr>",
                name(place),
                trial.accuracy(),
                number(cost.model),
                number(cost.working),
                number(cost.instructions),
                trial.trainer.dimension_bits(),
                escape(&trial.trainer.to_string())
            );
        }
        *page += "</table>\n";
    }

    fn confusion(&self, page: &mut String) {
        *page += "<h2>Confusion of the choice in cross-validation</h2>\n<p>In samples; rows are the truth, columns what was \
                  predicted.</p>\n<table>\n<tr><th></th>";
        let classes: Vec<String> = self.data.classes().iter().map(|class| escape(class)).collect();
        classes.iter().for_each(|class| *page += &format!("<th>{class}</th>"));
        *page += "</tr>\n";
        for (class, row) in classes.iter().zip(self.held.evaluation.confusion()) {
            let cells: String = row.iter().map(|count| format!("<td>{count}</td>")).collect();
            *page += &format!("<tr><td>{class}</td>{cells}</tr>\n");
        }
        *page += "</table>\n";
    }

    fn how(&self, page: &mut String) {
        let Found { tried, folds, discarded, best, .. } = self.found;
        let out = escape(&self.command.out.display().to_string());
        let _ = writeln!(
            page,
            "<h2>How to use it</h2>\n<pre>hdc inspect {out}/best.hdc\nhdc eval {out}/best.hdc OTHER-DATA</pre>\n\
             <p>Firmware includes the file with <code>hdc_embedded::include_model!</code>.</p>\n<h2>How it was made</h2>\n\
             <p>hdc {}; {} training samples of {} in {} folds, of which the candidates shown were trained on {} each; seed {}; \
             {} candidates tried, {} discarded untrained since they cost more than the budget; {:.0} s of searching. Every \
             trial is in <code>trials.jsonl</code>. The same command goes on from there.</p>",
            env!("CARGO_PKG_VERSION"),
            thousands(self.data.len()),
            escape(self.data.name()),
            folds.len(),
            thousands(best.trial.samples),
            self.command.seed,
            thousands(tried.len()),
            thousands(*discarded),
            tried.iter().map(|candidate| candidate.seconds).fold(0.0, f64::max)
        );
    }
}

/// Dimension and settings in words.
pub(super) fn settings(candidate: &Candidate) -> String {
    let trainer = &candidate.trial.trainer;
    format!("D = {}; {trainer}", trainer.dimension_bits())
}

fn number(number: u64) -> String {
    thousands(number as usize)
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
