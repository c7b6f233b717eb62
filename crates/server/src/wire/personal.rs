//! Finds national identity numbers: a list that holds one is refused whole, and nothing but its
//! place is told. Eleven digits count when both control digits (modulo 11) and the date are right:
//! fødselsnummer, D-nummer (day + 40), H-nummer and synthetic test numbers (month + 40, 65, 80).

use super::json::{Json, Node};
use super::path::Path;

/// More places than this are not told: the list is refused whole anyway.
const MOST: usize = 100;

/// Where national identity numbers stand in the body: pointers, in its order. A number that is a
/// key, or a value under such a key, is told by the object that holds it.
pub(crate) fn personal_ids(body: &Json<'_>) -> Vec<String> {
    let mut found = Vec::new();
    search(body, &Path::Root, &mut found);
    found.dedup();
    found
}

fn search(value: &Json<'_>, path: &Path<'_>, found: &mut Vec<String>) {
    if found.len() >= MOST {
        return;
    }
    match &value.node {
        Node::Text(text) if holds_personal_id(text) => found.push(path.pointer()),
        Node::Number(number) if is_personal_number(number) => found.push(path.pointer()),
        Node::List(values) => {
            for (index, value) in values.iter().enumerate() {
                search(value, &Path::Item(path, index), found);
            }
        }
        Node::Object(members) => {
            for member in members {
                if holds_personal_id(&member.key) {
                    found.push(path.pointer());
                }
                search(&member.value, &Path::Key(path, &member.key), found);
            }
        }
        _ => {}
    }
}

/// Whether the text has a national identity number in it as a word of its own, with or without one
/// space, dot or hyphen after the date.
pub(crate) fn holds_personal_id(text: &str) -> bool {
    // Nearly every text of a list is shorter or has no digits in a row: look no further.
    if text.len() < 11 || !text.bytes().any(|byte| byte.is_ascii_digit()) {
        return false;
    }
    let characters: Vec<char> = text.chars().collect();
    let is_boundary = |at: Option<usize>| {
        !at.and_then(|at| characters.get(at)).is_some_and(|c| c.is_alphanumeric())
    };
    (0..characters.len()).filter(|&start| is_boundary(start.checked_sub(1))).any(|start| {
        [None, Some(6)].into_iter().any(|separator| {
            eleven_digits(&characters[start..], separator).is_some_and(|(digits, length)| {
                is_boundary(Some(start + length)) && is_personal_id(&digits)
            })
        })
    })
}

/// Eleven digits at the front, passing over one separator at that position, and how many characters
/// they take.
fn eleven_digits(characters: &[char], separator: Option<usize>) -> Option<([u8; 11], usize)> {
    let mut digits = [0; 11];
    let mut at = 0;
    for (index, digit) in digits.iter_mut().enumerate() {
        if separator == Some(index) {
            matches!(characters.get(at)?, ' ' | '\u{a0}' | '\u{202f}' | '.' | '-').then_some(())?;
            at += 1;
        }
        *digit = u8::try_from(characters.get(at)?.to_digit(10)?).ok()?;
        at += 1;
    }
    Some((digits, at))
}

/// A number of a JSON body: eleven digits, or ten where a leading zero was lost.
fn is_personal_number(number: &str) -> bool {
    matches!(number.len(), 10 | 11) && holds_personal_id(&format!("{number:0>11}"))
}

fn is_personal_id(digits: &[u8; 11]) -> bool {
    const FIRST: [u32; 10] = [3, 7, 6, 1, 8, 9, 4, 5, 2, 1];
    const SECOND: [u32; 11] = [5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1];
    let divisible = |weights: &[u32]| {
        let sum: u32 =
            weights.iter().zip(digits).map(|(&weight, &digit)| weight * u32::from(digit)).sum();
        sum.is_multiple_of(11)
    };
    has_date(digits) && divisible(&FIRST) && divisible(&SECOND)
}

fn has_date(digits: &[u8; 11]) -> bool {
    let pair = |at: usize| digits[at] * 10 + digits[at + 1];
    let day = pair(0);
    let month = pair(2);
    let is_day = (1..=31).contains(&day) || (41..=71).contains(&day);
    is_day && [0, 40, 65, 80].iter().any(|added| (added + 1..=added + 12).contains(&month))
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::wire::json::{Size, parse};

    /// A number with right control digits for the six digits of a date; nobody has it.
    pub(crate) fn synthetic(date: &str) -> String {
        let with_control = |front: String| {
            let mut digits: Vec<u32> = front.chars().filter_map(|c| c.to_digit(10)).collect();
            for weights in [&[3, 7, 6, 1, 8, 9, 4, 5, 2][..], &[5, 4, 3, 2, 7, 6, 5, 4, 3, 2]] {
                let sum: u32 =
                    weights.iter().zip(&digits).map(|(weight, digit)| weight * digit).sum();
                digits.push((11 - sum % 11) % 11);
            }
            let exists = digits.iter().all(|&digit| digit < 10);
            exists.then(|| digits.iter().map(u32::to_string).collect())
        };
        (0..1000).find_map(|n| with_control(format!("{date}{n:03}"))).expect("of a thousand, one")
    }

    #[test]
    fn every_kind_of_number_is_found_and_a_wrong_digit_is_not() {
        // An ordinary number, a D-nummer, and synthetic ones as the test populations have them.
        for date in ["010170", "410170", "018170", "014170", "016670"] {
            let number = synthetic(date);
            assert!(holds_personal_id(&number), "{date}");
            let last = number.as_bytes()[10] - b'0';
            let wrong = format!("{}{}", &number[..10], (last + 1) % 10);
            assert!(!holds_personal_id(&wrong), "{date}");
        }
        assert!(!holds_personal_id(&synthetic("329970")), "there is no such date");
    }

    #[test]
    fn it_is_found_as_a_word_but_not_inside_one() {
        let number = synthetic("010170");
        let (date, person) = number.split_at(6);
        for text in
            [format!("{date} {person}"), format!("p-{number}"), format!("({date}\u{a0}{person})")]
        {
            assert!(holds_personal_id(&text));
        }
        for text in [format!("a{number}"), format!("{number}0"), format!("{date}  {person}")] {
            assert!(!holds_personal_id(&text), "a part of something longer");
        }
    }

    #[test]
    fn the_place_is_told_and_never_the_number() {
        let number = synthetic("210170");
        let body = format!(
            r#"{{"visits":[{{"ext":{{"deep":["{number}"]}}}},{{"n":{number}}}],"{number}":{{"x":"{number}"}}}}"#
        );
        let json = parse(body.as_bytes(), Size { values: 99, depth: 9 }).unwrap();
        assert_eq!(personal_ids(&json), ["/visits/0/ext/deep/0", "/visits/1/n", ""]);
    }

    #[test]
    fn a_number_that_lost_its_leading_zero_is_found() {
        let number = synthetic("010170");
        assert!(is_personal_number(&number[1..]));
        assert!(!is_personal_number("20") && !is_personal_number("1e1000000"));
    }
}
