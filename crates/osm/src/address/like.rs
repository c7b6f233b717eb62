//! What comes near an address: streets of that name under weaker comparisons or with a letter or two
//! wrong, and their doors of that number or its neighbours. Every difference takes something off how
//! sure it is that this was meant. Only tells; nothing of it is ever used without a person.

use super::book::{Street, letters};
use super::spelling::Keys;
use super::{AddressQuery, Addresses, At, Candidate};
use crate::strings::fold;

/// How sure a street is, in percent: of the same name; of the same name but for abbreviations; but for
/// letters that keyboards lack; with one letter wrong, and with two.
pub(super) const SAME: u8 = 100;
pub(super) const SHORT: u8 = 95;
const PLAIN: u8 = 85;
/// How sure a street is whose first word was abbreviated.
const INITIAL: u8 = 80;
const SLIPS: [u8; 2] = [75, 50];

/// What a difference of the door takes off: another letter, a neighbour on the same side of the street,
/// on the other side, another postcode, another municipality.
const OTHER_LETTER: u8 = 15;
const NEIGHBOUR: u8 = 30;
const ACROSS: u8 = 35;
const OTHER_POST: u8 = 10;
const OTHER_MUNICIPALITY: u8 = 20;

impl Addresses<'_> {
    /// At most so many addresses that may have been meant, the likeliest first.
    pub fn candidates(&self, query: &AddressQuery, most: usize) -> Vec<Candidate> {
        let streets = self.streets_like(query.street);
        let letter = fold(query.letter.unwrap_or_default());
        let mut doors: Vec<_> = streets
            .into_iter()
            .flat_map(|(street, sure)| {
                self.book.doors(street).iter().map(move |door| (sure, (street, door)))
            })
            .map(|(sure, at)| ((sure, self.less(at, query, &letter)), at))
            .map(|((sure, less), at)| {
                let off = at.1.number().abs_diff(query.number);
                let sure = sure.saturating_sub(less).max(1);
                let letter = self.book.strings.get(at.1.letter);
                ((std::cmp::Reverse(sure), off, letter, at.1.rank(), at.0), at)
            })
            .collect();
        doors.sort_by_key(|(key, _)| *key);
        let mut shown: Vec<Candidate> = Vec::new();
        for ((sure, ..), at) in doors {
            if shown.len() == most {
                break;
            }
            let candidate = self.candidate(at, sure.0);
            if !shown.iter().any(|other| other.text == candidate.text) {
                shown.push(candidate);
            }
        }
        shown
    }

    /// What the door's differences take off.
    fn less(&self, (street, door): At, query: &AddressQuery, letter: &str) -> u8 {
        let get = |id| self.book.strings.get(id);
        let differs = |known: &str, asked: Option<&str>| {
            !known.is_empty() && asked.is_some_and(|asked| asked.trim() != known)
        };
        let mut less = 0;
        if door.number() != query.number {
            let same_side = door.number() % 2 == query.number % 2;
            less += if same_side { NEIGHBOUR } else { ACROSS };
        } else if get(door.letter) != letter {
            less += OTHER_LETTER;
        }
        if differs(get(door.postcode), query.postcode) {
            less += OTHER_POST;
        }
        if differs(get(self.book.streets[street].municipality), query.municipality) {
            less += OTHER_MUNICIPALITY;
        }
        less
    }

    /// Streets that may have been meant, with how sure that is; only the surest comparison that finds
    /// any but slips of the pen, and those if there is nothing surer.
    fn streets_like(&self, name: &str) -> Vec<(usize, u8)> {
        let keys = Keys::of(name);
        let ids = keys.all().map(|key| self.book.strings.id(key));
        for (level, sure) in [SAME, SHORT, PLAIN].into_iter().enumerate() {
            let streets = self.book.streets.iter().enumerate();
            let alike = streets.filter(|(_, street)| street.keys[level] == ids[level]);
            let alike: Vec<_> = alike.map(|(index, _)| (index, sure)).collect();
            if !alike.is_empty() {
                return alike;
            }
        }
        match self.streets_of_initial(&keys.same) {
            none if none.is_empty() => self.streets_with_slips(&keys),
            alike => alike,
        }
    }

    /// Streets whose first word is written in short with a full stop: `Thv. Meyers gt`, `O. Ryes pl.`
    fn streets_of_initial(&self, name: &str) -> Vec<(usize, u8)> {
        let Some((short, rest)) = name.split_once('.') else { return Vec::new() };
        let rest = Keys::of(rest).short;
        let fits = |street: &Street| {
            let words = self.book.strings.get(street.keys[0]).split_once(' ');
            words.is_some_and(|(first, others)| {
                stands_for(short, first) && Keys::of(others).short == rest
            })
        };
        let streets = self.book.streets.iter().enumerate();
        streets.filter(|(_, street)| fits(street)).map(|(index, _)| (index, INITIAL)).collect()
    }

    /// Streets with as few letters wrong as any, if they are not too many.
    fn streets_with_slips(&self, keys: &Keys) -> Vec<(usize, u8)> {
        let most = allowed(&keys.same);
        let asked = keys.all().map(|key| (key, letters(key)));
        let with = |slips: usize| {
            let streets = self.book.streets.iter().enumerate();
            let near = streets.filter(|(_, street)| self.within(street, &asked, slips));
            near.map(|(index, _)| (index, SLIPS[slips - 1])).collect::<Vec<_>>()
        };
        (1..=most).map(with).find(|streets| !streets.is_empty()).unwrap_or_default()
    }

    /// Whether a street is called that with at most so many slips, in one of the comparisons.
    fn within(&self, street: &Street, asked: &[(&str, u32); 3], slips: usize) -> bool {
        asked.iter().zip(street.keys).zip(street.letters).any(
            |(((ours, letters), theirs), mask)| {
                // PERF: a slip changes at most two letters of the mask and four bytes; this rules out
                // nearly all. Measured (see RESULTS.md): microseconds, where an automaton takes milliseconds.
                let other = (letters ^ mask).count_ones() as usize;
                let theirs = self.book.strings.get(theirs);
                other <= 2 * slips
                    && ours.len().abs_diff(theirs.len()) <= 4 * slips
                    && strsim::osa_distance(ours, theirs) <= slips
            },
        )
    }
}

/// Whether a word is short for another: it begins with the same letter, and its others follow in that
/// order.
fn stands_for(short: &str, word: &str) -> bool {
    let mut letters = word.chars();
    short.chars().next() == word.chars().next()
        && short.chars().all(|letter| letters.any(|other| other == letter))
        && !short.is_empty()
}

/// How many letters may be wrong in a name: the shorter, the more other names are near.
fn allowed(name: &str) -> usize {
    match name.chars().count() {
        0..=2 => 0,
        3..=7 => 1,
        _ => 2,
    }
}
