//! Where a door is: the addresses of the map and of the official register, looked up by street, number,
//! letter, postcode and municipality. Never guesses: an address that is there, in whatever spelling is
//! common, is found; what is only like it is told with how sure that is, for a person to choose from.
//! Knows nothing of roads; a street need not have one of its name.

mod book;
mod interpolation;
mod like;
mod register;
mod spelling;
#[cfg(test)]
mod tests;
mod utm;
mod written;

use std::fmt;
use std::path::Path;

use hjemrute_travel::Position;

use crate::Error;
use crate::geometry::Point;
use crate::pbf::{Extract, House};
use crate::strings::fold;
use book::{Collector, Door, Source, Told, places};
use spelling::Keys;

pub(crate) use book::AddressBook;

/// How many candidates are worth showing where nobody asked for a number.
const SHOWN: usize = 3;

/// An address as somebody wrote it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AddressQuery<'a> {
    /// The street, in any case and spacing, abbreviated or not.
    pub street: &'a str,
    /// The house number.
    pub number: u32,
    /// The letter after it; none is not any.
    pub letter: Option<&'a str>,
    /// Four digits; without it every postcode will do.
    pub postcode: Option<&'a str>,
    /// Four digits; without it, and where the map does not tell them, every municipality will do.
    pub municipality: Option<&'a str>,
}

/// What the map knows of an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AddressAnswer {
    /// It is here.
    One(Candidate),
    /// There are several such addresses, too far apart to be one; at most three of them.
    Ambiguous(Vec<Candidate>),
    /// There is none; at most three that come nearest.
    Unknown(Vec<Candidate>),
}

/// An address of the map, printed as `Tøyengata 22 A, 0578 Oslo`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    text: String,
    street: String,
    position: Position,
    confidence: u8,
}

impl Candidate {
    /// Where it is.
    pub fn position(&self) -> Position {
        self.position
    }

    /// The street as the map writes it.
    pub fn street(&self) -> &str {
        &self.street
    }

    /// How sure it is that this was meant, in percent: 100 for an address as it was written, 95 for one
    /// of another common spelling, less for what differs. A measure to sort and show by, not to act on.
    pub fn confidence(&self) -> u8 {
        self.confidence
    }
}

impl fmt::Display for Candidate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// How many doors a map has, by who says where they are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AddressCounts {
    /// Doors of the official register.
    pub register: usize,
    /// Points of the map: nodes and entrances.
    pub points: usize,
    /// Middles of houses of the map.
    pub middles: usize,
    /// Estimates between two numbered houses.
    pub interpolated: usize,
    /// Streets that they stand at, those of one name in two municipalities counted twice.
    pub streets: usize,
}

/// The addresses of a map, to be asked.
#[derive(Clone, Copy, Debug)]
pub struct Addresses<'a> {
    book: &'a AddressBook,
}

/// A door, with the index of its street.
type At<'a> = (usize, &'a Door);

impl<'a> Addresses<'a> {
    pub(crate) fn new(book: &'a AddressBook) -> Addresses<'a> {
        Addresses { book }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.book.doors.len()
    }

    /// Whether the map has none, as extracts for routing often do.
    pub fn is_empty(&self) -> bool {
        self.book.doors.is_empty()
    }

    /// How many of each source there are.
    pub fn counts(&self) -> AddressCounts {
        let of = |source: Source| {
            self.book.doors.iter().filter(|door| door.rank() == source as u32).count()
        };
        AddressCounts {
            register: of(Source::Register),
            points: of(Source::Point),
            middles: of(Source::Middle),
            interpolated: of(Source::Interpolated),
            streets: self.book.streets.len(),
        }
    }

    /// Looks an address up: as it is written but for case and spacing, and if there is no street of
    /// that name, under its abbreviations and endings (`gt.` for `gata`), where only one street has
    /// them.
    pub fn find(&self, query: &AddressQuery) -> AddressAnswer {
        let (mut found, confidence) = self.exactly(query);
        found.sort_by_key(|(street, door)| (door.rank(), *street));
        let points: Vec<Point> = found.iter().map(|(_, door)| door.point()).collect();
        let names = found.iter().map(|(street, _)| self.book.streets[*street].keys[0]);
        let one_name = names.clone().all(|name| names.clone().next() == Some(name));
        let candidate = |index: &usize| self.candidate(found[*index], confidence);
        match places(&points)[..] {
            [] => AddressAnswer::Unknown(self.candidates(query, SHOWN)),
            [ref only] if one_name => AddressAnswer::One(candidate(&only[0])),
            ref several => {
                let firsts = several.iter().map(|place| candidate(&place[0])).take(SHOWN);
                AddressAnswer::Ambiguous(firsts.collect())
            }
        }
    }

    /// The doors that are the address, and how sure that is.
    fn exactly(&self, query: &AddressQuery) -> (Vec<At<'a>>, u8) {
        let keys = Keys::of(query.street);
        let named = self.book.named(&keys.same);
        if !named.is_empty() {
            return (self.fitting(named, query), like::SAME);
        }
        let short = self.book.strings.id(&keys.short);
        let streets = self.book.streets.iter().enumerate();
        let streets = streets.filter(|(_, street)| street.keys[1] == short).map(|(index, _)| index);
        (self.fitting(streets, query), like::SHORT)
    }

    fn fitting(&self, streets: impl Iterator<Item = usize>, query: &AddressQuery) -> Vec<At<'a>> {
        let strings = &self.book.strings;
        let letter = fold(query.letter.unwrap_or_default());
        let letter = strings.id(&letter);
        // What the map does not tell cannot differ.
        let agrees = |known: u32, asked: Option<&str>| {
            let known = strings.get(known);
            known.is_empty() || asked.is_none_or(|asked| asked.trim() == known)
        };
        let book = self.book;
        streets
            .filter(|street| agrees(book.streets[*street].municipality, query.municipality))
            .flat_map(|street| {
                let doors = book.doors(street);
                let start = doors.partition_point(|door| door.number() < query.number);
                let end = doors.partition_point(|door| door.number() <= query.number);
                doors[start..end].iter().map(move |door| (street, door))
            })
            .filter(|(_, door)| door.letter == letter && agrees(door.postcode, query.postcode))
            .collect()
    }

    fn candidate(&self, (street, door): At, confidence: u8) -> Candidate {
        let get = |id| self.book.strings.get(id);
        let street = &self.book.streets[street];
        let (name, letter) = (get(street.name), get(door.letter));
        let mut text = format!("{name} {}", door.number());
        if !letter.is_empty() {
            text += &format!(" {}", letter.to_uppercase());
        }
        let town = if get(door.town).is_empty() { street.municipality_name } else { door.town };
        let post = [get(door.postcode), get(town)].map(str::to_owned);
        let post: Vec<String> = post.into_iter().filter(|part| !part.is_empty()).collect();
        if !post.is_empty() {
            text += &format!(", {}", post.join(" "));
        }
        Candidate { text, street: name.into(), position: door.point().into(), confidence }
    }
}

/// The addresses of a map file, and of a register where there is one; what lies where `inside` says is
/// kept of it. The number tells one register from another.
///
/// # Errors
/// If the register cannot be used.
pub(crate) fn book(
    extract: &Extract,
    register: Option<&Path>,
    inside: impl Fn(Point) -> bool,
) -> Result<(AddressBook, u32), Error> {
    let mut collector = Collector::default();
    extract.houses.iter().for_each(|house| add_house(house, &mut collector));
    extract.interpolations.iter().for_each(|way| interpolation::add(way, &mut collector));
    let checksum = register.map(|path| register::add(path, inside, &mut collector)).transpose()?;
    Ok((collector.finish(), checksum.unwrap_or_default()))
}

/// Adds what a house of the map says: one address, or several as in `12;14`.
fn add_house(house: &House, into: &mut Collector) {
    let tag = |key| house.tags.get(key).unwrap_or_default().trim();
    let street = if tag("addr:street").is_empty() { tag("addr:place") } else { tag("addr:street") };
    let told =
        Told { street, postcode: tag("addr:postcode"), town: tag("addr:city"), ..Told::default() };
    let source = if house.is_door { Source::Point } else { Source::Middle };
    for number in written::numbers(tag("addr:housenumber")) {
        into.add(&told, number, house.point, source);
    }
}
