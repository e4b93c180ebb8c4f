//! How types draw themselves in an evcxr notebook.

use std::fmt::Display;

use crate::auto::{Choice, Trial};
use crate::dataset::Dataset;
use crate::evaluate::Evaluation;
use crate::model::ModelBuf;

impl Dataset {
    /// Shows the shape, and how many samples each class has.
    pub fn evcxr_display(&self) {
        let shape = self.shape();
        let mut html = format!(
            "<b>{}</b>: {} samples of {} x {} (steps x channels), {} group(s)",
            escaped(self.name()),
            self.len(),
            shape.steps,
            shape.channels,
            self.groups().len()
        );
        let count = |class| self.labels().iter().filter(|&&label| label == class).count().to_string();
        let counts: Vec<String> = (0..self.classes().len()).map(count).collect();
        html += &table(self.classes(), [&counts]);
        show(&html);
    }
}

impl Evaluation {
    /// Shows accuracies and the confusion matrix, darker where there are more of a class.
    pub fn evcxr_display(&self) {
        let mut html = format!(
            "<b>accuracy {:.3}</b>, balanced {:.3}, {} samples<table>",
            self.accuracy(),
            self.balanced_accuracy(),
            self.samples()
        );
        for row in self.confusion() {
            let all = row.iter().sum::<usize>().max(1);
            html += "<tr>";
            for &count in row {
                let share = count as f64 / all as f64;
                let ink = if share > 0.5 { "white" } else { "black" };
                html += &format!(
                    "<td style=\"text-align:right;color:{ink};background:rgba(31,78,140,{share:.2})\">{count}</td>"
                );
            }
            html += "</tr>";
        }
        show(&(html + "</table>rows: truth, columns: predicted"));
    }
}

impl Choice {
    /// Shows the ten best settings that were tried on as many samples as the best.
    pub fn evcxr_display(&self) {
        let mut trials: Vec<&Trial> = self.trials.iter().filter(|trial| trial.samples == self.best.samples).collect();
        trials.sort_by(|a, b| b.accuracy().mean.total_cmp(&a.accuracy().mean));
        let row = |trial: &&Trial| vec![trial.accuracy().to_string(), trial.trainer.to_string()];
        let rows: Vec<Vec<String>> = trials.iter().take(10).map(row).collect();
        let chosen = format!("<b>chosen</b>: {}, {}", self.best.accuracy(), escaped(&self.best.trainer.to_string()));
        show(&(chosen + &table(&["accuracy in cross-validation", "settings"], rows.iter())));
    }
}

impl ModelBuf {
    /// Shows what is in the model, and how large it is.
    pub fn evcxr_display(&self) {
        let model = self.view();
        let labels: Vec<&str> = model.labels().collect();
        let rows = [
            ["file", &format!("{} bytes", self.as_bytes().len())],
            ["dimension", &format!("{} bits", model.metadata().dimension())],
            ["RAM on the chip", &format!("{} bytes for one classification", model.scratch_words() * 4)],
            ["labels", &labels.join(", ")],
            ["method", model.metadata().provenance.method],
        ];
        show(&table(&["", "model"], rows.iter()));
    }
}

fn table<R: AsRef<[C]>, C: AsRef<str>>(header: &[impl AsRef<str>], rows: impl IntoIterator<Item = R>) -> String {
    let cells = |tag: &str, text: &str| format!("<{tag} style=\"text-align:left\">{}</{tag}>", escaped(text));
    let head: String = header.iter().map(|text| cells("th", text.as_ref())).collect();
    let body = rows.into_iter().map(|row| {
        let row: String = row.as_ref().iter().map(|text| cells("td", text.as_ref())).collect();
        format!("<tr>{row}</tr>")
    });
    format!("<table><tr>{head}</tr>{}</table>", body.collect::<String>())
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// The lines that evcxr takes for HTML.
fn show(html: &dyn Display) {
    println!("EVCXR_BEGIN_CONTENT text/html\n{html}\nEVCXR_END_CONTENT");
}
