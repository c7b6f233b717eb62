//! Where a door is: the addresses of the map, looked up exactly by street, number, letter and
//! postcode. Never guesses: what is not there is answered with what comes nearest, for a person to
//! choose from. Knows nothing of roads; a street need not have one of its name.

use std::collections::BTreeSet;
use std::fmt;

use bytemuck::{Pod, Zeroable};
use hjemrute_travel::Position;

use crate::geometry::{Point, millimetres};
use crate::pbf::House;
use crate::strings::{NO_STRING, Strings, fold};

/// Points of one address no further apart than this are one door.
const ONE_PLACE_MM: i64 = 100_000;
/// How many candidates are worth showing.
const SHOWN: usize = 3;

/// An address as somebody wrote it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AddressQuery<'a> {
    /// The street, in any case and spacing.
    pub street: &'a str,
    /// The house number.
    pub number: u32,
    /// The letter after it; none is not any.
    pub letter: Option<&'a str>,
    /// Four digits; without it every postcode will do.
    pub postcode: Option<&'a str>,
}

/// What the map knows of an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AddressAnswer {
    /// It is here.
    One(Position),
    /// There are several such addresses, too far apart to be one; at most three of them.
    Ambiguous(Vec<Candidate>),
    /// There is none; at most three that come nearest.
    Unknown(Vec<Candidate>),
}

/// An address of the map, printed as `Tøyengata 22 A, 0578`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    text: String,
    position: Position,
}

impl Candidate {
    /// Where it is.
    pub fn position(&self) -> Position {
        self.position
    }
}

impl fmt::Display for Candidate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// The addresses of a map, by folded street, number, letter and postcode.
#[derive(Clone, Copy, Debug)]
pub struct Addresses<'a> {
    strings: &'a Strings,
    doors: &'a [Door],
}

/// One address as it is stored; every text is an id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Pod, Zeroable)]
#[repr(C)]
pub(crate) struct Door {
    folded: u32,
    number: u32,
    letter: u32,
    postcode: u32,
    street: u32,
    lon: i32,
    lat: i32,
}

impl Door {
    pub(crate) fn point(&self) -> Point {
        Point { lon: self.lon, lat: self.lat }
    }

    /// Whether all texts are there.
    pub(crate) fn is_sound(&self, strings: &Strings) -> bool {
        let texts = [self.folded, self.letter, self.postcode, self.street];
        texts.into_iter().all(|id| strings.knows(id))
    }
}

impl<'a> Addresses<'a> {
    pub(crate) fn new(strings: &'a Strings, doors: &'a [Door]) -> Addresses<'a> {
        Addresses { strings, doors }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.doors.len()
    }

    /// Whether the map has none, as extracts for routing often do.
    pub fn is_empty(&self) -> bool {
        self.doors.is_empty()
    }

    /// Looks an address up, exactly but for case and spacing.
    pub fn find(&self, query: &AddressQuery) -> AddressAnswer {
        let folded = self.strings.id(&fold(query.street));
        let letter = fold(query.letter.unwrap_or_default());
        let postcode = query.postcode.map(str::trim);
        let fits = |door: &&&Door| {
            let known = self.strings.get(door.postcode);
            door.number == query.number
                && self.strings.get(door.letter) == letter
                && (known.is_empty() || postcode.is_none_or(|postcode| postcode == known))
        };
        let doors = if folded == NO_STRING { &[] } else { self.street(folded) };
        let found: Vec<&Door> =
            doors.iter().collect::<Vec<_>>().iter().filter(fits).copied().collect();
        match found[..] {
            [] => AddressAnswer::Unknown(self.nearest(query)),
            [first, ..] => match places(&found)[..] {
                [_] => AddressAnswer::One(first.point().into()),
                ref several => AddressAnswer::Ambiguous(self.shown(several.iter().copied())),
            },
        }
    }

    fn street(&self, folded: u32) -> &'a [Door] {
        let start = self.doors.partition_point(|door| door.folded < folded);
        let end = self.doors.partition_point(|door| door.folded <= folded);
        &self.doors[start..end]
    }

    /// The doors that differ least: in letter, in postcode, in number, or in a slip of the pen.
    fn nearest(&self, query: &AddressQuery) -> Vec<Candidate> {
        let street = fold(query.street);
        let letter = fold(query.letter.unwrap_or_default());
        let streets = self.streets_like(&street);
        let doors = streets.iter().flat_map(|(slips, folded)| {
            self.street(*folded).iter().map(move |door| (*slips, door))
        });
        let mut doors: Vec<_> = doors
            .map(|(slips, door)| {
                let other_post =
                    query.postcode.is_some_and(|code| code != self.strings.get(door.postcode));
                let other_letter = self.strings.get(door.letter) != letter;
                let off = door.number.abs_diff(query.number);
                ((slips, off, other_post, other_letter), door)
            })
            .collect();
        doors.sort();
        self.shown(doors.into_iter().map(|(_, door)| door))
    }

    /// Streets of that name, or else those that differ by at most two letters.
    fn streets_like(&self, street: &str) -> Vec<(usize, u32)> {
        let exact = self.strings.id(street);
        if exact != NO_STRING && !self.street(exact).is_empty() {
            return vec![(0, exact)];
        }
        let streets: BTreeSet<u32> = self.doors.iter().map(|door| door.folded).collect();
        let slips = |folded| (slips(street, self.strings.get(folded)), folded);
        streets.into_iter().map(slips).filter(|(slips, _)| *slips <= 2).collect()
    }

    fn shown<'d>(&self, doors: impl Iterator<Item = &'d Door>) -> Vec<Candidate> {
        let mut shown: Vec<Candidate> = Vec::new();
        for door in doors {
            let candidate = Candidate { text: self.text(door), position: door.point().into() };
            if !shown.iter().any(|other| other.text == candidate.text) {
                shown.push(candidate);
            }
            if shown.len() == SHOWN {
                break;
            }
        }
        shown
    }

    fn text(&self, door: &Door) -> String {
        let [street, letter, postcode] =
            [door.street, door.letter, door.postcode].map(|id| self.strings.get(id));
        let mut text = format!("{street} {}", door.number);
        if !letter.is_empty() {
            text += &format!(" {}", letter.to_uppercase());
        }
        if !postcode.is_empty() {
            text += &format!(", {postcode}");
        }
        text
    }
}

/// One door of each place: doors of a place hang together by steps of at most 100 m.
fn places<'d>(doors: &[&'d Door]) -> Vec<&'d Door> {
    let mut places: Vec<Vec<&Door>> = Vec::new();
    for door in doors {
        let near = |place: &Vec<&Door>| {
            place.iter().any(|other| millimetres(other.point(), door.point()) <= ONE_PLACE_MM)
        };
        let (joined, mut rest): (Vec<_>, Vec<_>) = places.into_iter().partition(near);
        let mut place: Vec<&Door> = joined.into_iter().flatten().collect();
        place.push(door);
        place.sort();
        rest.push(place);
        places = rest;
    }
    let mut firsts: Vec<&Door> = places.into_iter().map(|place| place[0]).collect();
    firsts.sort();
    firsts
}

/// How many letters must be changed, put in or left out (Levenshtein).
fn slips(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, letter) in a.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for j in 0..b.len() {
            let changed = diagonal + usize::from(letter != b[j]);
            diagonal = row[j + 1];
            row[j + 1] = changed.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

/// The texts the addresses need.
pub(crate) fn texts(houses: &[House]) -> impl Iterator<Item = String> {
    houses.iter().flat_map(written).flat_map(|door| {
        [fold(door.street), door.street.to_owned(), door.letter, door.postcode.to_owned()]
    })
}

/// The addresses in order of look-up.
pub(crate) fn doors(houses: &[House], strings: &Strings) -> Vec<Door> {
    let door = |written: Written| Door {
        folded: strings.id(&fold(written.street)),
        number: written.number,
        letter: strings.id(&written.letter),
        postcode: strings.id(written.postcode),
        street: strings.id(written.street),
        lon: written.point.lon,
        lat: written.point.lat,
    };
    let mut doors: Vec<Door> = houses.iter().flat_map(written).map(door).collect();
    doors.sort();
    doors
}

/// An address as the map writes it.
struct Written<'h> {
    street: &'h str,
    number: u32,
    letter: String,
    postcode: &'h str,
    point: Point,
}

/// The addresses of one house: `12`, `12 B`, or several as in `12;14` and `12-14`.
fn written(house: &House) -> impl Iterator<Item = Written<'_>> {
    let tag = |key| house.tags.get(key).unwrap_or_default().trim();
    let street = if tag("addr:street").is_empty() { tag("addr:place") } else { tag("addr:street") };
    tag("addr:housenumber").split([';', ',', '-', '/']).filter_map(move |number| {
        let (number, letter) = numbered(number)?;
        Some(Written { street, number, letter, postcode: tag("addr:postcode"), point: house.point })
    })
}

/// The number and the folded letter of `12 B`.
fn numbered(text: &str) -> Option<(u32, String)> {
    let text = text.trim();
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (number, letter) = text.split_at(digits);
    Some((number.parse().ok()?, fold(letter)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tags::Tags;

    fn house(lon: i32, text: &str) -> House {
        House { point: Point { lon, lat: 599_000_000 }, tags: Tags::parse(text) }
    }

    fn ask(houses: &[House], street: &str, number: u32, letter: &str, postcode: &str) -> String {
        let strings = Strings::of(texts(houses).collect());
        let doors = doors(houses, &strings);
        let some = |text: &'static str| (!text.is_empty()).then_some(text);
        let (letter, postcode) = (letter.to_owned().leak(), postcode.to_owned().leak());
        let query = AddressQuery { street, number, letter: some(letter), postcode: some(postcode) };
        let list = |candidates: Vec<Candidate>| {
            candidates.iter().map(Candidate::to_string).collect::<Vec<_>>().join(" | ")
        };
        match Addresses::new(&strings, &doors).find(&query) {
            AddressAnswer::One(position) => position.lon.to_string(),
            AddressAnswer::Ambiguous(several) => format!("several: {}", list(several)),
            AddressAnswer::Unknown(nearest) => format!("none: {}", list(nearest)),
        }
    }

    fn town() -> Vec<House> {
        vec![
            house(1000, "addr:street=Øvre~gate addr:housenumber=22A addr:postcode=0578"),
            house(2000, "addr:street=Øvre~gate addr:housenumber=22B addr:postcode=0578"),
            house(3000, "addr:street=Øvre~gate addr:housenumber=24 addr:postcode=0578"),
            house(900_000, "addr:street=Øvre~gate addr:housenumber=24 addr:postcode=0190"),
            house(5000, "addr:street=Øvre~gate addr:housenumber=26;28-30"),
            house(6000, "addr:place=Heimen addr:housenumber=1 addr:postcode=0578"),
            house(12_000, "addr:place=Heimen addr:housenumber=1 addr:postcode=0578"),
            house(7000, "addr:street=Nedre~gate addr:housenumber=x"),
        ]
    }

    #[test]
    fn exact_but_for_case_and_spacing() {
        let town = town();
        assert_eq!(ask(&town, " øvre  GATE", 22, "b", "0578"), "2000");
        assert_eq!(ask(&town, "Øvre gate", 24, "", "0190"), "900000");
        assert_eq!(ask(&town, "Øvre gate", 28, "", ""), "5000");
        assert_eq!(ask(&town, "Øvre gate", 30, "", "0578"), "5000", "no postcode in the map");
    }

    #[test]
    fn near_points_are_one_and_far_ones_ambiguous() {
        let town = town();
        assert_eq!(ask(&town, "Heimen", 1, "", ""), "6000");
        let both = "several: Øvre gate 24, 0190 | Øvre gate 24, 0578";
        assert_eq!(ask(&town, "Øvre gate", 24, "", ""), both);
    }

    #[test]
    fn the_unknown_is_answered_with_its_neighbours() {
        let town = town();
        assert_eq!(
            ask(&town, "Øvre gate", 22, "", "0578"),
            "none: Øvre gate 22 A, 0578 | Øvre gate 22 B, 0578 | Øvre gate 24, 0578"
        );
        assert!(ask(&town, "Ovre gata", 24, "", "0578").starts_with("none: Øvre gate 24, 0578"));
        assert_eq!(ask(&town, "Ingensteds", 1, "", ""), "none: ");
        assert_eq!(ask(&[], "Ingensteds", 1, "", ""), "none: ");
    }
}
