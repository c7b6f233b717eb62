//! The objects of one unpacked block, read with doubt: every index is looked up, every two columns
//! that belong together must be equally long, every sum is checked. A damaged block is an error with
//! a word why, never a panic and never half an object. Knows nothing of roads.
//!
//! <https://github.com/openstreetmap/OSM-binary/blob/master/osmpbf/osmformat.proto>

use super::wire::{Fields, Numbers, Value};
use crate::geometry::Point;
use crate::tags::Tags;

/// A block with more texts than this was not made by a sane program; each costs memory.
const TEXTS_LIMIT: usize = 1 << 20;
/// So many nodes a way has at most; the editors of the map stop at 2,000.
const NODES_LIMIT: usize = 1 << 16;

/// An object of the map.
#[derive(Debug)]
pub(crate) enum Object {
    /// A point.
    Node(Node),
    /// A line.
    Way(Way),
    /// What belongs together.
    Relation(Relation),
}

/// A point of the map.
#[derive(Debug)]
pub(crate) struct Node {
    pub(crate) id: i64,
    pub(crate) point: Point,
    pub(crate) tags: Tags,
}

/// A line of the map.
#[derive(Debug)]
pub(crate) struct Way {
    pub(crate) id: i64,
    pub(crate) nodes: Vec<i64>,
    pub(crate) tags: Tags,
}

/// What belongs together.
#[derive(Debug)]
pub(crate) struct Relation {
    pub(crate) members: Vec<Member>,
    pub(crate) tags: Tags,
}

/// A part of a relation, and what it is there for.
#[derive(Debug)]
pub(crate) struct Member {
    pub(crate) kind: Kind,
    pub(crate) id: i64,
    pub(crate) role: String,
}

/// What a member is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Node,
    Way,
    Relation,
}

/// What is wrong with a block.
type Wrong = &'static str;

/// Shows every object of a block, in its order.
pub(super) fn objects(block: &[u8], look: &mut impl FnMut(Object)) -> Result<(), Wrong> {
    let (mut texts, mut groups) = (Vec::new(), Vec::new());
    let (mut granularity, mut south_west) = (100, [0, 0]);
    for field in Fields::of(block) {
        match field? {
            (1, Value::Bytes(table)) => read_texts(table, &mut texts)?,
            (2, Value::Bytes(group)) => groups.push(group),
            (17, Value::Number(number)) => granularity = number as i64,
            (19, Value::Number(number)) => south_west[1] = number as i64,
            (20, Value::Number(number)) => south_west[0] = number as i64,
            _ => {}
        }
    }
    let block = Block { texts, granularity, south_west };
    groups.into_iter().try_for_each(|group| block.group(group, look))
}

fn read_texts<'a>(table: &'a [u8], texts: &mut Vec<&'a [u8]>) -> Result<(), Wrong> {
    for field in Fields::of(table) {
        if let (1, Value::Bytes(text)) = field? {
            texts.push(text);
        }
        if texts.len() > TEXTS_LIMIT {
            return Err("a block of more than a million texts");
        }
    }
    Ok(())
}

struct Block<'a> {
    texts: Vec<&'a [u8]>,
    /// A unit of its coordinates, in thousand-millionths of a degree.
    granularity: i64,
    /// What its coordinates are counted from, east and north.
    south_west: [i64; 2],
}

impl Block<'_> {
    fn group(&self, group: &[u8], look: &mut impl FnMut(Object)) -> Result<(), Wrong> {
        for field in Fields::of(group) {
            match field? {
                (1, Value::Bytes(message)) => look(Object::Node(self.node(message)?)),
                (2, Value::Bytes(message)) => self.dense(message, look)?,
                (3, Value::Bytes(message)) => look(Object::Way(self.way(message)?)),
                (4, Value::Bytes(message)) => look(Object::Relation(self.relation(message)?)),
                _ => {}
            }
        }
        Ok(())
    }

    fn node(&self, message: &[u8]) -> Result<Node, Wrong> {
        let columns = Columns::of(message)?;
        let point = self.point(signed(columns.number(9)?), signed(columns.number(8)?))?;
        Ok(Node { id: signed(columns.number(1)?), point, tags: self.tags(&columns)? })
    }

    /// Many nodes, column by column: each number is told by its difference to the one before.
    fn dense(&self, message: &[u8], look: &mut impl FnMut(Object)) -> Result<(), Wrong> {
        let columns = Columns::of(message)?;
        let [mut ids, mut lats, mut lons] = [1, 8, 9].map(|field| Deltas::of(columns.row(field)));
        let mut tags = columns.row(10);
        let untagged = tags.is_empty();
        loop {
            let (id, lat, lon) = match (ids.next()?, lats.next()?, lons.next()?) {
                (Some(id), Some(lat), Some(lon)) => (id, lat, lon),
                (None, None, None) => break,
                _ => return Err("nodes without a place"),
            };
            let tags = if untagged { Tags::default() } else { self.next_tags(&mut tags)? };
            look(Object::Node(Node { id, point: self.point(lon, lat)?, tags }));
        }
        if tags.is_empty() { Ok(()) } else { Err("tags without a node") }
    }

    /// The tags up to the next zero.
    fn next_tags(&self, row: &mut Numbers<'_>) -> Result<Tags, Wrong> {
        let mut pairs = Vec::new();
        loop {
            let key = row.next().ok_or("tags that do not end")??;
            if key == 0 {
                return Ok(Tags::of(pairs));
            }
            let value = row.next().ok_or("a key without a value")??;
            pairs.push((self.text(key)?, self.text(value)?));
        }
    }

    fn way(&self, message: &[u8]) -> Result<Way, Wrong> {
        let columns = Columns::of(message)?;
        let nodes = Deltas::of(columns.row(8)).all(NODES_LIMIT)?;
        Ok(Way { id: columns.number(1)? as i64, nodes, tags: self.tags(&columns)? })
    }

    fn relation(&self, message: &[u8]) -> Result<Relation, Wrong> {
        let columns = Columns::of(message)?;
        let mut ids = Deltas::of(columns.row(9));
        let (mut roles, mut kinds) = (columns.row(8), columns.row(10));
        let mut members = Vec::new();
        loop {
            let (id, role, kind) = match (ids.next()?, roles.next(), kinds.next()) {
                (Some(id), Some(role), Some(kind)) => (id, role?, kind?),
                (None, None, None) => break,
                _ => return Err("members without a role"),
            };
            let kind = match kind {
                0 => Kind::Node,
                1 => Kind::Way,
                2 => Kind::Relation,
                _ => return Err("a member of unknown kind"),
            };
            members.push(Member { kind, id, role: self.text(role)?.to_owned() });
        }
        Ok(Relation { members, tags: self.tags(&columns)? })
    }

    fn tags(&self, columns: &Columns<'_>) -> Result<Tags, Wrong> {
        let (mut keys, mut values) = (columns.row(2), columns.row(3));
        let mut pairs = Vec::new();
        loop {
            match (keys.next(), values.next()) {
                (Some(key), Some(value)) => pairs.push((self.text(key?)?, self.text(value?)?)),
                (None, None) => return Ok(Tags::of(pairs)),
                _ => return Err("a key without a value"),
            }
        }
    }

    fn text(&self, number: u64) -> Result<&str, Wrong> {
        let known = usize::try_from(number).ok().and_then(|number| self.texts.get(number));
        std::str::from_utf8(known.ok_or("a text that is not there")?)
            .map_err(|_| "a text that is not UTF-8")
    }

    fn point(&self, lon: i64, lat: i64) -> Result<Point, Wrong> {
        let [west, south] = self.south_west;
        let place = |offset: i64, units: i64| {
            let degrees = self.granularity.checked_mul(units)?.checked_add(offset)?;
            i32::try_from(degrees / 100).ok()
        };
        let point = place(west, lon).zip(place(south, lat)).map(|(lon, lat)| Point { lon, lat });
        point.ok_or("a node that is not on the earth")
    }
}

/// The fields of a message by number; of two with one number there is none, as it never happens.
struct Columns<'a> {
    fields: Vec<(u64, Value<'a>)>,
}

impl<'a> Columns<'a> {
    fn of(message: &'a [u8]) -> Result<Columns<'a>, Wrong> {
        let mut fields: Vec<(u64, Value<'a>)> = Vec::with_capacity(8);
        for field in Fields::of(message) {
            let (number, value) = field?;
            if fields.iter().any(|(other, _)| *other == number) {
                return Err("a field that is there twice");
            }
            fields.push((number, value));
        }
        Ok(Columns { fields })
    }

    fn get(&self, number: u64) -> Option<Value<'a>> {
        self.fields.iter().find(|field| field.0 == number).map(|field| field.1)
    }

    /// A field that must be there.
    fn number(&self, number: u64) -> Result<u64, Wrong> {
        match self.get(number) {
            Some(Value::Number(value)) => Ok(value),
            _ => Err("an object without a number or a place"),
        }
    }

    /// Packed numbers; none if the field is not there.
    fn row(&self, number: u64) -> Numbers<'a> {
        match self.get(number) {
            Some(Value::Bytes(bytes)) => Numbers::of(bytes),
            _ => Numbers::of(&[]),
        }
    }
}

/// Numbers told by their differences.
struct Deltas<'a> {
    row: Numbers<'a>,
    last: i64,
}

impl<'a> Deltas<'a> {
    fn of(row: Numbers<'a>) -> Deltas<'a> {
        Deltas { row, last: 0 }
    }

    fn next(&mut self) -> Result<Option<i64>, Wrong> {
        let Some(number) = self.row.next() else { return Ok(None) };
        self.last = self.last.checked_add(signed(number?)).ok_or("a number out of bounds")?;
        Ok(Some(self.last))
    }

    /// All of them, if they are no more than that.
    fn all(mut self, limit: usize) -> Result<Vec<i64>, Wrong> {
        let mut numbers = Vec::new();
        while let Some(number) = self.next()? {
            numbers.push(number);
            if numbers.len() > limit {
                return Err("a way of more than 65,536 nodes");
            }
        }
        Ok(numbers)
    }
}

/// The signed number that a `sint64` stands for.
fn signed(number: u64) -> i64 {
    (number >> 1) as i64 ^ -((number & 1) as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A field of a message: its number and its bytes, or its number and a value.
    fn bytes(number: u8, content: &[u8]) -> Vec<u8> {
        [&[number << 3 | 2, content.len() as u8], content].concat()
    }

    fn read(group: &[u8]) -> Result<usize, Wrong> {
        let table = [bytes(1, b""), bytes(1, b"highway"), bytes(1, b"path"), bytes(1, &[0xff])];
        let block = [bytes(1, &table.concat()), bytes(2, group)].concat();
        let mut seen = 0;
        objects(&block, &mut |_| seen += 1).map(|()| seen)
    }

    #[test]
    fn what_does_not_fit_together_is_refused_with_a_word() {
        let dense = |columns: &[(u8, &[u8])]| {
            let columns: Vec<u8> = columns.iter().flat_map(|(n, row)| bytes(*n, row)).collect();
            read(&bytes(2, &columns))
        };
        let rows: [(u8, &[u8]); 3] = [(1, &[2, 2]), (8, &[0, 1]), (9, &[4, 4])];
        assert_eq!(dense(&rows), Ok(2));
        assert_eq!(dense(&[&rows[..], &[(10, &[1, 2, 0, 0])]].concat()), Ok(2));
        for (row, why) in [
            (&[1, 2, 0][..], "tags that do not end"),
            (&[1, 2, 0, 1], "a key without a value"),
            (&[1, 9, 0, 0], "a text that is not there"),
            (&[1, 3, 0, 0], "a text that is not UTF-8"),
            (&[1, 2, 0, 0, 0], "tags without a node"),
        ] {
            assert_eq!(dense(&[&rows[..], &[(10, row)]].concat()), Err(why));
        }
        assert_eq!(dense(&rows[..2]), Err("nodes without a place"));
        assert_eq!(dense(&[rows[0], rows[0]]), Err("a field that is there twice"));
        let way = |columns: &[u8]| read(&bytes(3, columns));
        assert_eq!(way(&[8, 7]), Ok(1));
        assert_eq!(way(&bytes(2, &[1])), Err("an object without a number or a place"));
        assert_eq!(way(&[&[8, 7][..], &bytes(2, &[1])].concat()), Err("a key without a value"));
        let far = [&[0xff; 9][..], &[1]].concat();
        let off = [&[8, 2, 9 << 3][..], &far, &[8 << 3, 0]].concat();
        assert_eq!(read(&bytes(1, &off)), Err("a node that is not on the earth"));
        assert_eq!(signed(3), -2);
    }
}
