//! Every text a map needs, once: street names, postcodes, letters. Sorted, so that a text is its
//! rank and equal maps number alike.

use std::collections::BTreeSet;

use unicode_normalization::UnicodeNormalization;

/// The id of no text.
pub(crate) const NO_STRING: u32 = u32::MAX;

/// Texts by rank.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Strings {
    ends: Vec<u32>,
    bytes: String,
}

impl Strings {
    /// Numbers the texts.
    pub(crate) fn of(texts: BTreeSet<String>) -> Strings {
        let mut strings = Strings::default();
        for text in texts {
            strings.bytes.push_str(&text);
            strings.ends.push(strings.bytes.len() as u32);
        }
        strings
    }

    /// Joins stored parts again, or says what does not fit.
    pub(crate) fn from_parts(ends: Vec<u32>, bytes: Vec<u8>) -> Result<Strings, &'static str> {
        let bytes = String::from_utf8(bytes).map_err(|_| "a text is not UTF-8")?;
        let strings = Strings { ends, bytes };
        let sound = strings.ends.is_sorted()
            && strings.ends.iter().all(|end| strings.bytes.is_char_boundary(*end as usize));
        if !sound {
            return Err("a text ends where there is none");
        }
        let texts = 0..strings.ends.len() as u32;
        if !texts.map(|id| strings.get(id)).is_sorted_by(|a, b| a < b) {
            return Err("the texts are not in order");
        }
        Ok(strings)
    }

    /// The parts to store: where each text ends, and all texts joined.
    pub(crate) fn parts(&self) -> (&[u32], &[u8]) {
        (&self.ends, self.bytes.as_bytes())
    }

    /// The text of an id; empty for [`NO_STRING`].
    pub(crate) fn get(&self, id: u32) -> &str {
        let Some(end) = self.ends.get(id as usize) else { return "" };
        let start = if id == 0 { 0 } else { self.ends[id as usize - 1] };
        &self.bytes[start as usize..*end as usize]
    }

    /// The id of exactly that text, or [`NO_STRING`].
    pub(crate) fn id(&self, text: &str) -> u32 {
        let (mut low, mut high) = (0, self.ends.len() as u32);
        while low < high {
            let middle = low + (high - low) / 2;
            match self.get(middle).cmp(text) {
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
                std::cmp::Ordering::Equal => return middle,
            }
        }
        NO_STRING
    }

    /// Whether the id names a text or none.
    pub(crate) fn knows(&self, id: u32) -> bool {
        id == NO_STRING || (id as usize) < self.ends.len()
    }
}

/// A name as it is compared: composed (NFKC), small letters, single spaces.
pub(crate) fn fold(text: &str) -> String {
    let text: String = text.nfkc().collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_its_rank() {
        let texts = ["Åsgata", "a", "", "b"].map(String::from);
        let strings = Strings::of(texts.clone().into());
        for text in &texts {
            assert_eq!(strings.get(strings.id(text)), text);
        }
        assert_eq!(strings.id("c"), NO_STRING);
        assert_eq!(strings.get(NO_STRING), "");
        let (ends, bytes) = strings.parts();
        assert_eq!(Strings::from_parts(ends.to_vec(), bytes.to_vec()), Ok(strings.clone()));
        assert!(Strings::from_parts(vec![0, 9], b"a".to_vec()).is_err());
        assert!(Strings::from_parts(vec![1, 2], "å".into()).is_err());
        assert!(Strings::from_parts(vec![1, 2], b"ba".to_vec()).is_err());
    }

    #[test]
    fn folding_forgets_case_and_spacing() {
        assert_eq!(fold("  Kjølberggata \t Øst"), "kjølberggata øst");
    }
}
