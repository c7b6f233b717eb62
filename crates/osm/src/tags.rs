//! The tags of one object of the map: what it is said to be. Knows no meaning of any tag.

/// Keys and values as written by the mappers.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tags(osmpbfreader::Tags);

impl Tags {
    /// The value of a key.
    pub(crate) fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key).map(|value| value.as_str())
    }

    /// Whether some of it holds at some hours only.
    pub(crate) fn have_hours(&self) -> bool {
        self.0.keys().any(|key| key.ends_with(":conditional"))
    }

    /// Gives a key another value.
    pub(crate) fn set(&mut self, key: &str, value: &str) {
        self.0.insert(key.into(), value.into());
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

impl From<osmpbfreader::Tags> for Tags {
    fn from(tags: osmpbfreader::Tags) -> Tags {
        Tags(tags)
    }
}

#[cfg(test)]
impl Tags {
    /// Tags written as `highway=residential oneway=yes`; a `_` in a value stays.
    pub(crate) fn parse(text: &str) -> Tags {
        let pairs = text.split_whitespace().map(|pair| pair.split_once('=').unwrap());
        Tags(pairs.map(|(key, value)| (key.into(), value.replace('~', " ").into())).collect())
    }
}
