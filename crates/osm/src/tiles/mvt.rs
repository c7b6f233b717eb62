//! The bytes of one tile: Mapbox Vector Tile 2.1, which is protobuf. Writes what it is given, in that
//! order; each key and value of a layer once. Knows nothing of maps.

use std::collections::BTreeMap;

use super::mercator::{EXTENT, Grid};
use crate::protobuf::{bytes, number, packed, zigzag};

/// A feature's shape.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    Point(Grid),
    /// Lines of at least two places each.
    Lines(Vec<Vec<Grid>>),
    /// Rings without their first place again; each outer one clockwise, its holes behind it the other
    /// way.
    Rings(Vec<Vec<Grid>>),
}

/// A feature: its shape, and what is said of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Feature<'a> {
    pub(super) shape: Shape,
    pub(super) attributes: Vec<(&'static str, &'a str)>,
}

/// The bytes of a tile of such layers; layers without features are left out.
pub(super) fn tile<'a>(layers: impl IntoIterator<Item = (&'a str, Vec<Feature<'a>>)>) -> Vec<u8> {
    let mut tile = Vec::new();
    for (name, features) in layers.into_iter().filter(|(_, features)| !features.is_empty()) {
        bytes(&mut tile, 3, &layer(name, &features));
    }
    tile
}

fn layer(name: &str, features: &[Feature]) -> Vec<u8> {
    let mut layer = Vec::new();
    number(&mut layer, 15, 2);
    bytes(&mut layer, 1, name.as_bytes());
    let (mut keys, mut values) = (Numbered::default(), Numbered::default());
    for feature in features {
        let pairs = feature.attributes.iter();
        let tags = pairs.flat_map(|(key, value)| [keys.number(key), values.number(value)]);
        let tags = packed(tags.map(u64::from));
        let (kind, commands) = match &feature.shape {
            Shape::Point(at) => (1, commands(&[vec![*at]], false)),
            Shape::Lines(lines) => (2, commands(lines, false)),
            Shape::Rings(rings) => (3, commands(rings, true)),
        };
        let mut message = Vec::new();
        bytes(&mut message, 2, &tags);
        number(&mut message, 3, kind);
        bytes(&mut message, 4, &packed(commands));
        bytes(&mut layer, 2, &message);
    }
    keys.texts.iter().for_each(|key| bytes(&mut layer, 3, key.as_bytes()));
    for value in values.texts {
        let mut message = Vec::new();
        bytes(&mut message, 1, value.as_bytes());
        bytes(&mut layer, 4, &message);
    }
    number(&mut layer, 5, EXTENT as u64);
    layer
}

/// Texts in the order they were first met.
#[derive(Default)]
struct Numbered<'a> {
    texts: Vec<&'a str>,
    known: BTreeMap<&'a str, u32>,
}

impl<'a> Numbered<'a> {
    fn number(&mut self, text: &'a str) -> u32 {
        let next = self.texts.len() as u32;
        let number = *self.known.entry(text).or_insert(next);
        if number == next {
            self.texts.push(text);
        }
        number
    }
}

const MOVE_TO: u64 = 1;
const LINE_TO: u64 = 2;
const CLOSE_PATH: u64 = 7;

/// Parts as commands of a pen: moved to the first place of each, and on from there.
fn commands(parts: &[Vec<Grid>], closed: bool) -> Vec<u64> {
    let mut commands = Vec::new();
    let mut pen = Grid { x: 0, y: 0 };
    for part in parts {
        let mut step = |commands: &mut Vec<u64>, to: Grid| {
            let far = [to.x - pen.x, to.y - pen.y];
            commands.extend(far.map(|far| zigzag(far.into())));
            pen = to;
        };
        let Some((first, rest)) = part.split_first() else { continue };
        commands.push(MOVE_TO | 1 << 3);
        step(&mut commands, *first);
        if !rest.is_empty() {
            commands.push(LINE_TO | (rest.len() as u64) << 3);
            rest.iter().for_each(|to| step(&mut commands, *to));
        }
        if closed {
            commands.push(CLOSE_PATH | 1 << 3);
        }
    }
    commands
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grid<const N: usize>(spots: [(i32, i32); N]) -> Vec<Grid> {
        spots.map(|(x, y)| Grid { x, y }).into()
    }

    /// The examples of the specification, 4.3.5.
    #[test]
    fn geometry_is_as_specified() {
        assert_eq!(commands(&[grid([(25, 17)])], false), [9, 50, 34]);
        assert_eq!(
            commands(&[grid([(2, 2), (2, 10), (10, 10)])], false),
            [9, 4, 4, 18, 0, 16, 16, 0]
        );
        let two = [grid([(2, 2), (2, 10), (10, 10)]), grid([(1, 1), (3, 5)])];
        assert_eq!(commands(&two, false), [9, 4, 4, 18, 0, 16, 16, 0, 9, 17, 17, 10, 4, 8]);
        let ring = [grid([(3, 6), (8, 12), (20, 34)])];
        assert_eq!(commands(&ring, true), [9, 6, 12, 18, 10, 12, 24, 44, 15]);
    }

    #[test]
    fn keys_and_values_stand_once_and_empty_layers_nowhere() {
        let feature = |value| Feature {
            shape: Shape::Point(Grid { x: 1, y: 1 }),
            attributes: vec![("class", value), ("name", value)],
        };
        let bytes = tile([("road", vec![feature("a"), feature("a")]), ("rail", vec![])]);
        let count = |text: &[u8]| bytes.windows(text.len()).filter(|at| *at == text).count();
        assert_eq!(
            (count(b"class"), count(b"name"), count(b"\x0a\x01a"), count(b"rail")),
            (1, 1, 1, 0)
        );
        assert!(tile([("road", vec![])]).is_empty());
    }
}
