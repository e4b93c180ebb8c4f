//! Names met while reading, as indices.

use std::collections::HashMap;

/// Gives every new name the next index.
#[derive(Default)]
pub(crate) struct Names {
    index: HashMap<String, usize>,
    list: Vec<String>,
}

impl Names {
    pub(crate) fn index(&mut self, name: &str) -> usize {
        if let Some(&index) = self.index.get(name) {
            return index;
        }
        let index = self.list.len();
        self.list.push(name.to_owned());
        self.index.insert(name.to_owned(), index);
        index
    }

    /// The names in order (by number if all are whole numbers, else by text), and where each index went.
    ///
    /// Sorted, so that two files with the same classes agree on their indices whatever row comes first.
    pub(crate) fn sorted(self) -> (Vec<String>, Vec<usize>) {
        let mut order: Vec<(Option<i64>, String, usize)> =
            self.list.into_iter().enumerate().map(|(index, name)| (name.parse().ok(), name, index)).collect();
        if order.iter().any(|(number, ..)| number.is_none()) {
            for (number, ..) in &mut order {
                *number = None;
            }
        }
        order.sort();
        let mut moved = vec![0; order.len()];
        for (to, (.., from)) in order.iter().enumerate() {
            moved[*from] = to;
        }
        (order.into_iter().map(|(_, name, _)| name).collect(), moved)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sorted(list: &[&str]) -> (Vec<String>, Vec<usize>) {
        let mut names = Names::default();
        for (index, name) in list.iter().enumerate() {
            assert_eq!(names.index(name), index);
            assert_eq!(names.index(name), index);
        }
        names.sorted()
    }

    #[test]
    fn numbers_sort_as_numbers_and_text_as_text() {
        assert_eq!(sorted(&["10", "9", "-1"]), (vec!["-1".into(), "9".into(), "10".into()], vec![2, 1, 0]));
        assert_eq!(sorted(&["b", "10", "9"]), (vec!["10".into(), "9".into(), "b".into()], vec![2, 0, 1]));
    }
}
