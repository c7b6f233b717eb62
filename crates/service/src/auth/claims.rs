//! What a signed token says, read so that no name stands twice, and held against what the operator
//! has written down. Decides nothing about signatures or times.

use std::collections::BTreeMap;
use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use toml::Value;

/// A value in a token. Numbers with a fraction, `true`, `false` and `null` decide nothing here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Claim {
    /// A text.
    Text(String),
    /// A whole number.
    Whole(i64),
    /// Several values.
    List(Vec<Claim>),
    /// Values with names, no name twice.
    Table(BTreeMap<String, Claim>),
    /// Anything else.
    Other,
}

impl Claim {
    /// The JSON object that a part of a token is; `None` if it is none.
    pub(super) fn of_part(part: &str) -> Option<Claim> {
        let bytes = URL_SAFE_NO_PAD.decode(part).ok()?;
        let claim = serde_json::from_slice(&bytes).ok()?;
        matches!(claim, Claim::Table(_)).then_some(claim)
    }

    /// The value of that name.
    pub(super) fn get(&self, name: &str) -> Option<&Claim> {
        if let Claim::Table(table) = self { table.get(name) } else { None }
    }

    /// The text of that name.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.get(name)?.as_text()
    }

    fn as_text(&self) -> Option<&str> {
        if let Claim::Text(text) = self { Some(text) } else { None }
    }

    /// The whole number of that name.
    pub(super) fn whole(&self, name: &str) -> Option<i64> {
        if let Claim::Whole(number) = self.get(name)? { Some(*number) } else { None }
    }

    /// The texts of that name, whether they stand in a list or in one text with spaces between.
    pub(super) fn words(&self, name: &str) -> Vec<&str> {
        match self.get(name) {
            Some(Claim::Text(text)) => text.split(' ').collect(),
            Some(Claim::List(all)) => all.iter().filter_map(Claim::as_text).collect(),
            _ => Vec::new(),
        }
    }

    /// Whether all that is wanted stands here: every name of a table, and a text by itself or as one
    /// of a list.
    pub(super) fn holds(&self, wanted: &Value) -> bool {
        match (self, wanted) {
            (Claim::Text(text), Value::String(wanted)) => text == wanted,
            (Claim::Whole(number), Value::Integer(wanted)) => number == wanted,
            (Claim::List(all), Value::String(_)) => all.iter().any(|one| one.holds(wanted)),
            (Claim::Table(_), Value::Table(wanted)) => wanted
                .iter()
                .all(|(name, wanted)| self.get(name).is_some_and(|claim| claim.holds(wanted))),
            _ => false,
        }
    }
}

impl<'de> Deserialize<'de> for Claim {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Claim, D::Error> {
        deserializer.deserialize_any(Reader)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Claim;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value without a name that stands twice")
    }

    fn visit_str<E>(self, text: &str) -> Result<Claim, E> {
        Ok(Claim::Text(text.to_owned()))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Claim, E> {
        Ok(Claim::Whole(number))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Claim, E> {
        Ok(i64::try_from(number).map_or(Claim::Other, Claim::Whole))
    }

    fn visit_f64<E>(self, _: f64) -> Result<Claim, E> {
        Ok(Claim::Other)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Claim, E> {
        Ok(Claim::Other)
    }

    fn visit_unit<E>(self) -> Result<Claim, E> {
        Ok(Claim::Other)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Claim, A::Error> {
        let mut all = Vec::new();
        while let Some(item) = items.next_element()? {
            all.push(item);
        }
        Ok(Claim::List(all))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut items: A) -> Result<Claim, A::Error> {
        let mut table = BTreeMap::new();
        while let Some((name, claim)) = items.next_entry::<String, Claim>()? {
            if table.insert(name, claim).is_some() {
                return Err(A::Error::custom("a name stands twice"));
            }
        }
        Ok(Claim::Table(table))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wanted_must_all_be_there_and_no_name_twice() {
        let read = |text: &str| serde_json::from_str::<Claim>(text);
        let claims = read(r#"{"consumer": {"ID": "0192:1", "more": 1.5}, "groups": ["a", "b"]}"#);
        let claims = claims.unwrap();
        let holds = |wanted: &str| claims.holds(&Value::Table(toml::from_str(wanted).unwrap()));
        assert!(holds("consumer.ID = '0192:1'\ngroups = 'b'"));
        assert!(!holds("consumer.ID = '0192:1'\ngroups = 'c'"));
        assert!(!holds("consumer.ID = '0192'"));
        assert!(!holds("consumer = '0192:1'") && !holds("other = 'b'"));
        assert!(read(r#"{"a": 1, "a": 1}"#).is_err());
        assert!(read(r#"{"b": {"a": 1, "a": 2}}"#).is_err());
        let words = read(r#"{"one": "x y", "many": ["x", 1, "y z"]}"#).unwrap();
        assert_eq!((words.words("one"), words.words("many")), (vec!["x", "y"], vec!["x", "y z"]));
    }
}
