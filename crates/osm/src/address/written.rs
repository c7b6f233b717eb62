//! An address as people and maps write it: `Tøyengata 22 B, 0578 Oslo`, and the house numbers `12b`,
//! `12-14` and `12 A-C`. Knows nothing of which addresses there are.

use super::AddressQuery;
use crate::strings::fold;

/// A house number and its folded letter.
pub(super) type Number = (u32, String);

impl<'a> AddressQuery<'a> {
    /// The address that a line of text means: street, number, letter, then perhaps postcode and town.
    /// `None` if there is no house number in it.
    pub fn parse(line: &'a str) -> Option<AddressQuery<'a>> {
        let (address, post) = match line.split_once(',') {
            Some((address, post)) => (address, postcode(post.split_whitespace().next())),
            None => split_post(line),
        };
        let (street, (number, letter)) = split_number(address.trim())?;
        let letter = Some(letter).filter(|letter| !letter.is_empty());
        Some(AddressQuery { street, number, letter, postcode: post, municipality: None })
    }
}

/// The last word of that form from the end, if a postcode stands behind a house number.
fn split_post(line: &str) -> (&str, Option<&str>) {
    let words = line.split_whitespace();
    for word in words.rev() {
        if let Some(post) = postcode(Some(word)) {
            let at = word.as_ptr() as usize - line.as_ptr() as usize;
            if split_number(line[..at].trim()).is_some() {
                return (&line[..at], Some(post));
            }
        }
    }
    (line, None)
}

fn postcode(word: Option<&str>) -> Option<&str> {
    word.filter(|word| (4..=5).contains(&word.len()) && word.bytes().all(|c| c.is_ascii_digit()))
}

/// Street, number and letter; the number is the last one that has something before it, but for that
/// of a dwelling (`H0201`). Of several numbers (`22-24`) it is the first, and what follows stands for
/// the letter: that is no door by itself, but it is known what comes near it.
fn split_number(address: &str) -> Option<(&str, (u32, &str))> {
    let address = without_dwelling(address);
    let mut starts = address.char_indices().filter(|(at, letter)| {
        let before = address[..*at].chars().next_back();
        letter.is_ascii_digit() && before.is_some_and(|c| !c.is_ascii_digit())
    });
    let (at, _) = starts.rfind(|(at, _)| !address[..*at].trim().is_empty())?;
    let (street, rest) = (address[..at].trim(), &address[at..]);
    if let Some(first) = street.strip_suffix(['-', '–'])
        && let Some((street, (number, _))) = split_number(first.trim_end())
    {
        return Some((street, (number, address[first.len()..].trim())));
    }
    let (number, letter) = digits(rest)?;
    let short = letter.chars().count() <= 3 && letter.chars().all(char::is_alphabetic);
    (short && number > 0).then_some((street, (number, letter)))
}

/// An address without the number of a dwelling in the house: floor and door, as `H0201`.
fn without_dwelling(address: &str) -> &str {
    let is_dwelling = |word: &str| {
        matches!(word.as_bytes(), [b'H' | b'K' | b'L' | b'U' | b'h' | b'k' | b'l' | b'u', digits @ ..]
            if digits.len() == 4 && digits.iter().all(u8::is_ascii_digit))
    };
    match address.trim_end().rsplit_once(' ') {
        Some((house, last)) if is_dwelling(last) => house.trim_end(),
        _ => address,
    }
}

/// The leading number of a text, and what follows.
fn digits(text: &str) -> Option<(u32, &str)> {
    let end = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (number, rest) = text.split_at(end);
    Some((number.parse().ok()?, rest.trim()))
}

/// The house numbers of a map's `12`, `12 B`, `12;14`, `12-14` (both ends) or `12A-C` (each letter).
pub(super) fn numbers(text: &str) -> Vec<Number> {
    let mut numbers: Vec<Number> = Vec::new();
    for part in text.split([';', ',', '/']) {
        let ends: Vec<&str> = part.split('-').map(str::trim).collect();
        match (digits(ends[0]), ends.get(1).and_then(|end| letter(end))) {
            (Some((number, first)), Some(to)) if letter(first).is_some_and(|from| from < to) => {
                let from = letter(first).unwrap_or(to);
                numbers.extend((from..=to).map(|letter| (number, char::from(letter).into())));
            }
            _ => numbers.extend(
                ends.iter()
                    .filter_map(|end| digits(end).map(|(number, letter)| (number, fold(letter)))),
            ),
        }
    }
    numbers
}

/// A single letter from a to z, small.
fn letter(text: &str) -> Option<u8> {
    match text.as_bytes() {
        [letter] if letter.is_ascii_alphabetic() => Some(letter.to_ascii_lowercase()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> String {
        match AddressQuery::parse(line) {
            None => "none".into(),
            Some(AddressQuery { street, number, letter, postcode, .. }) => {
                format!("{street}|{number}|{}|{}", letter.unwrap_or(""), postcode.unwrap_or(""))
            }
        }
    }

    #[test]
    fn lines_are_taken_apart() {
        for (line, parts) in [
            ("Tøyengata 22 B", "Tøyengata|22|B|"),
            ("Tøyengata 22b, 0578 Oslo", "Tøyengata|22|b|0578"),
            ("  tøyengata 22B 0578 OSLO", "tøyengata|22|B|0578"),
            ("7. juni-plassen 1", "7. juni-plassen|1||"),
            ("Rådhusbrygge 1 2", "Rådhusbrygge 1|2||"),
            ("St. Olavs gate 5 A, Oslo", "St. Olavs gate|5|A|"),
            ("Strandbygdvegen 1678", "Strandbygdvegen|1678||"),
            ("Strandbygdvegen 1678 2411 Elverum", "Strandbygdvegen|1678||2411"),
            ("Herslebs gate 2 B H0201", "Herslebs gate|2|B|"),
            ("Herslebs gate 2 u0101, 0561 Oslo", "Herslebs gate|2||0561"),
            ("Herslebs gate 2 H0201 0561 Oslo", "Herslebs gate|2||0561"),
            ("Tøyengata 22-24", "Tøyengata|22|-24|"),
            ("Tøyengata 22 – 24, 0190 Oslo", "Tøyengata|22|– 24|0190"),
            ("Tøyengata", "none"),
            ("22", "none"),
            ("Gata 99999999999", "none"),
            ("", "none"),
        ] {
            assert_eq!(parsed(line), parts, "{line}");
        }
    }

    #[test]
    fn house_numbers_of_every_form() {
        let told = |text| -> Vec<String> {
            numbers(text).into_iter().map(|(number, letter)| format!("{number}{letter}")).collect()
        };
        assert_eq!(told("12"), ["12"]);
        assert_eq!(told("12 B"), ["12b"]);
        assert_eq!(told("12;14-16"), ["12", "14", "16"]);
        assert_eq!(told("12A-C"), ["12a", "12b", "12c"]);
        assert_eq!(told("22A-22D"), ["22a", "22d"]);
        assert_eq!(told("4bis"), ["4bis"]);
        assert_eq!(told("x"), [""; 0]);
    }
}
