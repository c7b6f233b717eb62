//! How street names are compared: as written but for case and spacing, in short (`gata`, `gate` and
//! `gt.` are one), and plain (without what a keyboard may lack). Equal keys are equal names in that
//! sense. Knows nothing of doors.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The words a street ends in, with what all their spellings are held against.
const ENDINGS: [(&str, &[&str]); 5] = [
    ("gt", &["gaten", "gata", "gate", "gt"]),
    ("vn", &["veien", "vegen", "vei", "veg", "vn"]),
    ("pl", &["plassen", "plass"]),
    ("alle", &["alléen", "alleen", "allé", "alle"]),
    ("terr", &["terrassen", "terrasse", "terr"]),
];
/// Endings that are one only as a word of their own, or with a full stop.
const SHORT_ENDINGS: [(&str, &str); 5] =
    [("g", "gt"), ("v", "vn"), ("pl", "pl"), ("al", "alle"), ("ter", "terr")];
/// Words of any place in a name that are also written out.
const TITLES: [(&str, &str); 5] = [
    ("st", "sankt"),
    ("dr", "doktor"),
    ("prof", "professor"),
    ("gen", "general"),
    ("kapt", "kaptein"),
];

/// A name under the three comparisons, each weaker than the one before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Keys {
    /// Composed, small letters, single spaces.
    pub(super) same: String,
    /// Of that, common abbreviations as one, without spaces and signs.
    pub(super) short: String,
    /// Of that, `æøå` and accents as a foreign keyboard would write them.
    pub(super) plain: String,
}

impl Keys {
    /// The keys of a name.
    pub(super) fn of(name: &str) -> Keys {
        let same = crate::strings::fold(name);
        let short = short(&same);
        let plain = plain(&short);
        Keys { same, short, plain }
    }

    /// All three, the strongest first.
    pub(super) fn all(&self) -> [&str; 3] {
        [&self.same, &self.short, &self.plain]
    }
}

fn short(same: &str) -> String {
    let words: Vec<&str> = same
        .split_inclusive([' ', '-', '.'])
        .map(|word| word.trim_end_matches([' ', '-']))
        .filter(|word| !word.is_empty())
        .collect();
    let last = words.len().saturating_sub(1);
    let one = |(index, word): (usize, &&str)| {
        let dotted = word.ends_with('.');
        let word: String = word.chars().filter(|letter| letter.is_alphanumeric()).collect();
        // A name is not all ending: `Gata 3`, `Plassen 1`.
        if index == last
            && (index > 0 || dotted)
            && let Some((_, ending)) = SHORT_ENDINGS.iter().find(|(short, _)| *short == word)
        {
            return (*ending).to_owned();
        }
        let title = TITLES.iter().find(|(short, _)| index < last && *short == word);
        match title {
            Some((_, title)) => (*title).to_owned(),
            None if index == last => ended(&word, dotted),
            None => word,
        }
    };
    words.iter().enumerate().map(one).collect()
}

/// The last word of a name, `tøyengata`, with its ending in the one form.
fn ended(word: &str, dotted: bool) -> String {
    for (ending, spellings) in ENDINGS {
        if let Some(stem) = spellings.iter().find_map(|spelling| word.strip_suffix(spelling)) {
            return format!("{stem}{ending}");
        }
    }
    let short = SHORT_ENDINGS.iter().filter(|_| dotted);
    for (spelling, ending) in short {
        if let Some(stem) = word.strip_suffix(spelling).filter(|stem| stem.chars().count() > 1) {
            return format!("{stem}{ending}");
        }
    }
    word.to_owned()
}

fn plain(short: &str) -> String {
    let mut plain = String::new();
    for letter in short.nfd().filter(|letter| !is_combining_mark(*letter)) {
        match letter {
            'æ' => plain.push_str("ae"),
            'ø' => plain.push('o'),
            'ß' => plain.push_str("ss"),
            other => plain.push(other),
        }
    }
    plain.replace("oe", "o").replace("aa", "a")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn short_of(name: &str) -> String {
        Keys::of(name).short
    }

    #[test]
    fn abbreviations_are_the_words_they_stand_for() {
        for group in [
            &[
                "Tøyengata",
                "TØYENGATA",
                "Tøyengt.",
                "tøyengt",
                "Tøyeng.",
                "Tøyengaten",
                "Tøyen gate",
            ][..],
            &["Kirkeveien", "Kirkevn.", "Kirkevn", "Kirkev.", "Kirkevei", "Kirkevegen"],
            &["St. Olavs gate", "Sankt Olavs gt.", "St.Olavs g.", "St Olavs gate", "St. Olavs g"],
            &["Olaf Ryes plass", "Olaf Ryes pl.", "olaf ryes pl", "Olaf-Ryes plass"],
            &["Dr. Holms vei", "Doktor Holms vei", "Dr Holms v."],
            &["Marselis' gate", "Marselis gate"],
            &["Karenslyst Allé", "Karenslyst alle", "Karenslystalléen"],
            &["7. juni-plassen", "7 juni plass"],
        ] {
            let keys: Vec<String> = group.iter().map(|name| short_of(name)).collect();
            assert!(keys.iter().all(|key| *key == keys[0]), "{keys:?}");
        }
    }

    #[test]
    fn different_names_stay_different() {
        let names = [
            "Kirkegata",
            "Kirkeveien",
            "Kirkeplassen",
            "Nedre gate",
            "Øvre gate",
            "Grensen",
            "Gata",
        ];
        let keys: std::collections::BTreeSet<String> = names.map(short_of).into();
        assert_eq!(keys.len(), names.len());
        assert_ne!(short_of("Skog"), short_of("Sko g."), "a single letter is no ending of its own");
    }

    #[test]
    fn other_keyboards_meet_in_the_plain_key() {
        for group in [
            &["Tøyengata", "Toyengata", "Toeyengata", "Töyengata"][..],
            &["Åkebergveien", "Aakebergveien", "Akebergveien"],
            &["Kjærlighetsstien", "Kjaerlighetsstien"],
            &["Harbitzalléen", "Harbitzalleen"],
        ] {
            let keys = group.iter().map(|name| Keys::of(name).plain).collect::<Vec<_>>();
            assert!(keys.iter().all(|key| *key == keys[0]), "{keys:?}");
        }
        // The letter and its ring or accent apart are the letter.
        assert_eq!(Keys::of("A\u{30a}sgata"), Keys::of("Åsgata"));
    }
}
