//! A data set's name with its parameters.

use hdc_train::{Part, Recording, Recordings};

use crate::error::DataError;
use crate::folders::Folders;
use crate::registry::{Info, info};

/// What a loader gets: the entry in the table, the parameters, and where to look for files.
#[derive(Debug)]
pub(crate) struct Request<'a> {
    pub(crate) info: &'static Info,
    /// The name with its parameters, as given.
    pub(crate) spec: &'a str,
    parameters: Vec<(&'a str, &'a str)>,
    pub(crate) folders: &'a Folders,
    /// The side to read; both if nothing.
    pub(crate) part: Option<Part>,
}

impl<'a> Request<'a> {
    /// Reads `name` or `name:key=value,key=value`.
    pub(crate) fn parse(spec: &'a str, folders: &'a Folders) -> Result<Self, DataError> {
        let (name, rest) = spec.split_once(':').unwrap_or((spec, ""));
        let mut request = Self { info: info(name)?, spec, parameters: Vec::new(), folders, part: None };
        for pair in rest.split(',').filter(|pair| !pair.is_empty()) {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            let known = request.info.parameters.iter().any(|parameter| parameter.key == key);
            if !known || value.is_empty() || request.value(key).is_some() {
                return Err(request.refuse(pair));
            }
            request.parameters.push((key, value));
        }
        Ok(request)
    }

    /// The recordings `list` of the set, without names of the channels.
    pub(crate) fn recordings(&self, channels: usize, groups: Vec<String>, list: Vec<Recording>) -> Recordings {
        let classes = self.info.classes.iter().map(ToString::to_string).collect();
        Recordings { name: self.spec.into(), channels, columns: Vec::new(), classes, groups, list }
    }

    /// Whether what is on this side is read.
    pub(crate) fn reads(&self, part: Part) -> bool {
        self.part.is_none_or(|wanted| wanted == part)
    }

    /// The value of `key`, if it was given.
    pub(crate) fn value(&self, key: &str) -> Option<&'a str> {
        self.parameters.iter().find(|(name, _)| *name == key).map(|(_, value)| *value)
    }

    /// The value of `key` as a number from `1` to `last`, if it was given.
    pub(crate) fn number(&self, key: &str, last: u8) -> Result<Option<u8>, DataError> {
        let Some(text) = self.value(key) else { return Ok(None) };
        match text.parse() {
            Ok(number) if (1..=last).contains(&number) => Ok(Some(number)),
            _ => Err(self.refuse(&format!("{key}={text}"))),
        }
    }

    /// The error for parameter text that the set does not take.
    pub(crate) fn refuse(&self, given: &str) -> DataError {
        let known: Vec<String> =
            self.info.parameters.iter().map(|parameter| format!("{}={}", parameter.key, parameter.values)).collect();
        let expected =
            if known.is_empty() { "it has no parameters".into() } else { format!("it takes {}", known.join(", ")) };
        DataError::Parameter { set: self.info.name.into(), given: given.into(), expected }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_read() {
        let folders = Folders(Vec::new());
        assert_eq!(Request::parse("spar:side=left", &folders).unwrap().value("side"), Some("left"));
        assert_eq!(Request::parse("spar", &folders).unwrap().value("side"), None);
        assert_eq!(Request::parse("uci-emg:subject=03", &folders).unwrap().number("subject", 36).unwrap(), Some(3));
    }

    #[test]
    fn what_a_set_does_not_take_is_refused_with_what_it_takes() {
        let folders = Folders(Vec::new());
        for spec in ["spar:size=1", "spar:side", "spar:side=", "spar:side=left,side=right"] {
            let error = Request::parse(spec, &folders).unwrap_err().to_string();
            assert!(error.contains("it takes side=left|right"), "{error}");
        }
        let error = Request::parse("basicmotions:a=b", &folders).unwrap_err().to_string();
        assert!(error.contains("it has no parameters"), "{error}");
        for subject in ["0", "6", "x", "-1"] {
            let spec = format!("hdc-emg:subject={subject}");
            assert!(Request::parse(&spec, &folders).unwrap().number("subject", 5).is_err());
        }
    }
}
