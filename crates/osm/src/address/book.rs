//! Every address of a map as it is stored: streets in the order of their names, and the doors of each
//! in the order of their numbers. What several sources tell of one door becomes one door here, by the
//! word of the best of them. Knows where a door is, not what somebody may have meant.

use std::collections::BTreeMap;

use bytemuck::{Pod, Zeroable};

use super::spelling::Keys;
use super::written::Number;
use crate::geometry::{Point, millimetres};
use crate::store::{Reader, Writer};
use crate::strings::{NO_STRING, Strings};

/// Points of one address no further apart than this are one door.
const ONE_PLACE_MM: i64 = 100_000;
/// An estimate this near to the door itself is not needed.
const ESTIMATED_MM: i64 = 1_000_000;

/// Who says where a door is, the best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u32)]
pub(super) enum Source {
    /// The official register.
    Register,
    /// A point of the map: a node, or the entrance of a house.
    Point,
    /// The middle of a house of the map.
    Middle,
    /// An estimate between two numbered houses.
    Interpolated,
}

/// A street: of one name in one municipality.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Pod, Zeroable)]
#[repr(C)]
pub(super) struct Street {
    /// The name under the comparisons of [`Keys`], and the letters that each is made of.
    pub(super) keys: [u32; 3],
    pub(super) letters: [u32; 3],
    pub(super) name: u32,
    pub(super) municipality: u32,
    pub(super) municipality_name: u32,
    /// Index of its first door; the last is before that of the next street.
    first: u32,
}

/// One door of a street.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Pod, Zeroable)]
#[repr(C)]
pub(super) struct Door {
    number: u32,
    pub(super) letter: u32,
    pub(super) postcode: u32,
    pub(super) town: u32,
    lon: i32,
    lat: i32,
    source: u32,
}

impl Door {
    pub(super) fn number(&self) -> u32 {
        self.number
    }

    pub(super) fn point(&self) -> Point {
        Point { lon: self.lon, lat: self.lat }
    }

    /// Less is better; the order of [`Source`].
    pub(super) fn rank(&self) -> u32 {
        self.source
    }
}

/// The addresses of a map.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct AddressBook {
    pub(super) strings: Strings,
    pub(super) streets: Vec<Street>,
    pub(super) doors: Vec<Door>,
}

/// The sections it is stored in.
const SECTIONS: [u32; 4] = [8, 9, 10, 11];

impl AddressBook {
    /// Adds its arrays to a map to be stored.
    pub(crate) fn write<'a>(&'a self, writer: &mut Writer<'a>) {
        let [streets, doors, ends, bytes] = SECTIONS;
        writer.add(streets, &self.streets);
        writer.add(doors, &self.doors);
        writer.add(ends, self.strings.parts().0);
        writer.add(bytes, self.strings.parts().1);
    }

    /// Out of a stored map, or what is wrong with it.
    pub(crate) fn read(reader: &Reader) -> Result<AddressBook, String> {
        let [streets, doors, ends, bytes] = SECTIONS;
        let strings =
            Strings::from_parts(reader.take(ends)?.to_vec(), reader.take(bytes)?.to_vec())?;
        let (streets, doors) = (reader.take(streets)?.to_vec(), reader.take(doors)?.to_vec());
        let book = AddressBook { strings, streets, doors };
        if book.is_sound() { Ok(book) } else { Err("its addresses are damaged".into()) }
    }

    fn is_sound(&self) -> bool {
        let known = |ids: &[u32]| ids.iter().all(|id| self.strings.knows(*id));
        let firsts = self.streets.iter().map(|street| street.first as usize);
        self.streets.iter().all(|street| {
            known(&street.keys)
                && known(&[street.name, street.municipality, street.municipality_name])
        }) && self.doors.iter().all(|door| known(&[door.letter, door.postcode, door.town]))
            && self.streets.is_sorted_by_key(|street| street.keys[0])
            && firsts.clone().is_sorted()
            && firsts.clone().next().unwrap_or(self.doors.len()) == 0
            && firsts.clone().next_back().unwrap_or(0) <= self.doors.len()
    }

    /// Where every door is.
    pub(crate) fn points(&self) -> impl Iterator<Item = Point> {
        self.doors.iter().map(Door::point)
    }

    /// The doors of a street, by its index.
    pub(super) fn doors(&self, street: usize) -> &[Door] {
        let end = self.streets.get(street + 1).map_or(self.doors.len(), |next| next.first as usize);
        &self.doors[self.streets[street].first as usize..end]
    }

    /// Streets whose name, under the strictest comparison, is that.
    pub(super) fn named(&self, same: &str) -> std::ops::Range<usize> {
        let id = self.strings.id(same);
        let start = self.streets.partition_point(|street| street.keys[0] < id);
        let end = self.streets.partition_point(|street| street.keys[0] <= id);
        if id == NO_STRING { 0..0 } else { start..end }
    }
}

/// The letters of a text, each as one of 32 bits.
pub(super) fn letters(text: &str) -> u32 {
    text.chars().fold(0, |letters, letter| letters | 1 << (u32::from(letter) % 32))
}

/// What a source tells of a door; empty where it does not.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Told<'a> {
    pub(super) street: &'a str,
    pub(super) postcode: &'a str,
    pub(super) town: &'a str,
    pub(super) municipality: &'a str,
    pub(super) municipality_name: &'a str,
}

/// Gathers what the sources tell, each text once.
#[derive(Debug, Default)]
pub(super) struct Collector {
    texts: BTreeMap<String, u32>,
    entries: Vec<Entry>,
}

/// The texts by the number they got when they were first met.
#[derive(Clone, Copy, Debug)]
struct Entry {
    street: u32,
    municipality: u32,
    municipality_name: u32,
    door: Door,
}

impl Collector {
    /// Adds a door.
    pub(super) fn add(&mut self, told: &Told, (number, letter): Number, at: Point, source: Source) {
        let [letter, postcode, town, street, municipality, municipality_name] = [
            &letter,
            told.postcode,
            told.town,
            told.street,
            told.municipality,
            told.municipality_name,
        ]
        .map(|text| self.text(text));
        let (lon, lat) = (at.lon, at.lat);
        let door = Door { number, letter, postcode, town, lon, lat, source: source as u32 };
        self.entries.push(Entry { street, municipality, municipality_name, door });
    }

    fn text(&mut self, text: &str) -> u32 {
        if let Some(id) = self.texts.get(text) {
            return *id;
        }
        let id = self.texts.len() as u32;
        self.texts.insert(text.to_owned(), id);
        id
    }

    /// The book of all that was added, the same in whatever order it came.
    pub(super) fn finish(self) -> AddressBook {
        let (keys, strings, ranks) = self.keyed();
        let id = |text: &str| strings.id(text);
        let entries = self.entries.into_iter().map(|entry| {
            let keys = &keys[entry.street as usize];
            let [letter, postcode, town] =
                [entry.door.letter, entry.door.postcode, entry.door.town]
                    .map(|text| ranks[text as usize]);
            let street = Street {
                keys: keys.all().map(id),
                letters: keys.all().map(letters),
                name: ranks[entry.street as usize],
                municipality: ranks[entry.municipality as usize],
                municipality_name: ranks[entry.municipality_name as usize],
                first: 0,
            };
            (street, Door { letter, postcode, town, ..entry.door })
        });
        let mut entries: Vec<(Street, Door)> = entries.collect();
        entries.sort_by_key(|(street, door)| {
            let Street { keys, municipality, name, .. } = *street;
            let Door { number, letter, postcode, town, lon, lat, source } = *door;
            // Of two that are as good, the one that tells its postcode.
            let untold = strings.get(postcode).is_empty();
            (
                (keys[0], number, letter),
                source,
                untold,
                municipality,
                postcode,
                (lon, lat),
                town,
                name,
            )
        });
        bound(&merged(&entries, &strings), strings)
    }

    /// The keys of every text that is a street, all texts in order, and the rank of each.
    fn keyed(&self) -> (Vec<Keys>, Strings, Vec<u32>) {
        let mut texts: Vec<&str> = vec![""; self.texts.len()];
        self.texts.iter().for_each(|(text, id)| texts[*id as usize] = text);
        let mut streets = vec![false; texts.len()];
        self.entries.iter().for_each(|entry| streets[entry.street as usize] = true);
        let keys = texts
            .iter()
            .zip(&streets)
            .map(|(text, street)| Keys::of(if *street { text } else { "" }));
        let keys: Vec<Keys> = keys.collect();
        let all = keys.iter().flat_map(|keys| keys.all().map(str::to_owned));
        let strings = Strings::of(all.chain(self.texts.keys().cloned()).collect());
        let ranks = texts.iter().map(|text| strings.id(text)).collect();
        (keys, strings, ranks)
    }
}

/// Of entries in order, those that tell something new.
fn merged(entries: &[(Street, Door)], strings: &Strings) -> Vec<(Street, Door)> {
    let one_address = |a: &(Street, Door), b: &(Street, Door)| {
        let of = |(street, door): &(Street, Door)| (street.keys[0], door.number, door.letter);
        of(a) == of(b)
    };
    let unknown = |text: u32| strings.get(text).is_empty();
    let mut merged: Vec<(Street, Door)> = Vec::new();
    for group in entries.chunk_by(one_address) {
        let start = merged.len();
        for cluster in near_each_other(group) {
            let kept = merged.len();
            for (street, door) in cluster {
                let told = merged[kept..].iter().any(|(other, better)| {
                    let agree = |a, b| a == b || unknown(a);
                    let official =
                        better.source == Source::Register as u32 && door.source > better.source;
                    agree(street.municipality, other.municipality)
                        && (official || agree(door.postcode, better.postcode))
                });
                let needless = door.source == Source::Interpolated as u32
                    && merged[start..].iter().any(|(_, better)| {
                        better.source < door.source
                            && millimetres(better.point(), door.point()) <= ESTIMATED_MM
                    });
                if !told && !needless {
                    merged.push((street, door));
                }
            }
        }
    }
    merged
}

/// The entries of one address by place: those of a place hang together by steps of at most 100 m.
/// Places come in the order of their best entries, and entries in the order they had.
fn near_each_other(entries: &[(Street, Door)]) -> Vec<Vec<(Street, Door)>> {
    let points: Vec<Point> = entries.iter().map(|(_, door)| door.point()).collect();
    places(&points)
        .iter()
        .map(|place| place.iter().map(|index| entries[*index]).collect())
        .collect()
}

/// Indices of points, by place: points of a place hang together by steps of at most 100 m. Each place
/// in order, and the places by their firsts.
pub(super) fn places(points: &[Point]) -> Vec<Vec<usize>> {
    let mut places: Vec<Vec<usize>> = Vec::new();
    for (index, point) in points.iter().enumerate() {
        let near = |place: &Vec<usize>| {
            place.iter().any(|other| millimetres(points[*other], *point) <= ONE_PLACE_MM)
        };
        let (joined, mut rest): (Vec<_>, Vec<_>) = places.into_iter().partition(near);
        let mut place: Vec<usize> = joined.into_iter().flatten().collect();
        place.push(index);
        place.sort_unstable();
        rest.push(place);
        places = rest;
    }
    places.sort_unstable();
    places
}

/// Entries bound into a book, streets by name and municipality.
fn bound(entries: &[(Street, Door)], strings: Strings) -> AddressBook {
    let mut entries = entries.to_vec();
    // Stable: the doors of one number stay in the order of their sources.
    entries.sort_by_key(|(street, door)| {
        (street.keys[0], street.municipality, door.number, door.letter)
    });
    let mut book = AddressBook { strings, ..AddressBook::default() };
    for street in entries
        .chunk_by(|(a, _), (b, _)| (a.keys[0], a.municipality) == (b.keys[0], b.municipality))
    {
        // The name as the best source writes it.
        let best = street.iter().min_by_key(|(street, door)| (door.source, street.name));
        let first = book.doors.len() as u32;
        book.streets.extend(best.map(|(best, _)| Street { first, ..*best }));
        book.doors.extend(street.iter().map(|(_, door)| *door));
    }
    book
}

#[cfg(test)]
impl AddressBook {
    /// The doors of every street of that name.
    pub(super) fn doors_of(&self, name: &str) -> impl Iterator<Item = &Door> {
        self.named(&Keys::of(name).same).flat_map(|street| self.doors(street))
    }
}
