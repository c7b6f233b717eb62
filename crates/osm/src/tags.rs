//! The tags of one object of the map: what it is said to be. Knows no meaning of any tag.

/// Keys and values as written by the mappers, by key.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tags(Vec<(Box<str>, Box<str>)>);

impl Tags {
    /// Tags out of keys and values; of two with one key the last counts.
    pub(crate) fn of(mut pairs: Vec<(&str, &str)>) -> Tags {
        pairs.reverse();
        pairs.sort_by_key(|(key, _)| *key);
        pairs.dedup_by_key(|(key, _)| *key);
        Tags(pairs.into_iter().map(|(key, value)| (key.into(), value.into())).collect())
    }

    /// The value of a key.
    pub(crate) fn get(&self, key: &str) -> Option<&str> {
        let place = self.0.binary_search_by(|(other, _)| (**other).cmp(key)).ok()?;
        Some(&self.0[place].1)
    }

    /// Whether nothing is said.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether some of it holds at some hours only.
    pub(crate) fn have_hours(&self) -> bool {
        self.0.iter().any(|(key, _)| key.ends_with(":conditional"))
    }

    /// Gives a key another value.
    pub(crate) fn set(&mut self, key: &str, value: &str) {
        match self.0.binary_search_by(|(other, _)| (**other).cmp(key)) {
            Ok(place) => self.0[place].1 = value.into(),
            Err(place) => self.0.insert(place, (key.into(), value.into())),
        }
    }

    /// Whether the key has exactly that value.
    pub(crate) fn is(&self, key: &str, value: &str) -> bool {
        self.get(key) == Some(value)
    }

    /// Whether the key is there and its value is not `no`.
    pub(crate) fn has(&self, key: &str) -> bool {
        self.get(key).is_some_and(|value| value != "no")
    }

    /// The first key of the list that is there, with its value.
    pub(crate) fn first<'k>(&self, keys: &'k [String]) -> Option<(&'k str, &str)> {
        keys.iter().find_map(|key| self.get(key).map(|value| (key.as_str(), value)))
    }
}

#[cfg(test)]
impl Tags {
    /// All of them.
    pub(crate) fn pairs(&self) -> std::collections::BTreeMap<&str, &str> {
        self.0.iter().map(|(key, value)| (&**key, &**value)).collect()
    }

    /// Tags written as `highway=residential oneway=yes`; a `_` in a value stays.
    pub(crate) fn parse(text: &str) -> Tags {
        let text = text.replace('~', "\u{a0}");
        let pairs = text.split(' ').filter_map(|pair| pair.split_once('='));
        let values: Vec<(&str, String)> =
            pairs.map(|(key, value)| (key, value.replace('\u{a0}', " "))).collect();
        Tags::of(values.iter().map(|(key, value)| (*key, value.as_str())).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_has_one_value() {
        let tags = Tags::of(vec![("name", "Gata"), ("highway", "path"), ("name", "Veien")]);
        assert_eq!((tags.get("name"), tags.get("highway")), (Some("Veien"), Some("path")));
        assert_eq!(tags.get("nam"), None);
        assert!(Tags::parse("opening_hours=Mo~08:00").is("opening_hours", "Mo 08:00"));
    }
}
