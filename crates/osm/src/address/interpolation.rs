//! Houses between houses: a way along a street that says its numbers run on evenly from one numbered
//! node to the next. What comes out is an estimate, and weaker than any address the map has itself.

use super::book::{Collector, Source, Told};
use super::written::numbers;
use crate::geometry::{Point, millimetres};
use crate::pbf::Interpolation;
use crate::tags::Tags;

/// More houses than this between two neighbours are a slip of the pen.
const MOST: u32 = 200;

/// Adds the houses of one such way, numbered ends included.
pub(super) fn add(way: &Interpolation, into: &mut Collector) {
    let numbered: Vec<(usize, u32, &Tags)> = way
        .nodes
        .iter()
        .enumerate()
        .filter_map(|(index, (_, tags))| {
            let tags = tags.as_ref()?;
            match numbers(tags.get("addr:housenumber")?)[..] {
                // A letter is no number to count from.
                [(number, ref letter)] if letter.is_empty() => Some((index, number, tags)),
                _ => None,
            }
        })
        .collect();
    for &(index, number, tags) in &numbered {
        // With a street of its own it is an address already.
        if let Some(street) = street(&way.tags).filter(|_| street(tags).is_none()) {
            put(into, &way.tags, street, number, way.nodes[index].0, Source::Point);
        }
    }
    for ends in numbered.windows(2) {
        let [(first, from, tags), (last, to, other)] = *ends else { continue };
        let line: Vec<Point> = way.nodes[first..=last].iter().map(|(point, _)| *point).collect();
        let said = |tags| street(tags).or(street(&way.tags));
        if let Some(street) = said(tags).filter(|street| Some(*street) == said(other)) {
            let told = if self::street(tags).is_some() { tags } else { &way.tags };
            for (number, point) in between(way.tags.get("addr:interpolation"), from, to, &line) {
                put(into, told, street, number, point, Source::Interpolated);
            }
        }
    }
}

fn put(into: &mut Collector, tags: &Tags, street: &str, number: u32, point: Point, source: Source) {
    let get = |key| tags.get(key).unwrap_or_default().trim();
    let told =
        Told { street, postcode: get("addr:postcode"), town: get("addr:city"), ..Told::default() };
    into.add(&told, (number, String::new()), point, source);
}

fn street(tags: &Tags) -> Option<&str> {
    let street = tags.get("addr:street").or(tags.get("addr:place")).map(str::trim);
    street.filter(|street| !street.is_empty())
}

/// The numbers that lie between two neighbours, evenly along the line.
fn between(kind: Option<&str>, from: u32, to: u32, line: &[Point]) -> Vec<(u32, Point)> {
    let step = match kind {
        Some("odd" | "even") if from % 2 == to % 2 => 2,
        Some("all") => 1,
        Some(step) => step.parse().unwrap_or(0),
        None => 0,
    };
    let apart = from.abs_diff(to);
    // Nothing is known of a row that its own step does not go out in.
    if step == 0 || !apart.is_multiple_of(step) || apart / step > MOST {
        return Vec::new();
    }
    let count = apart / step;
    let number = |index| if from < to { from + step * index } else { from - step * index };
    (1..count).map(|index| (number(index), along(line, index, count))).collect()
}

/// The point a share of the way along a line.
fn along(line: &[Point], part: u32, parts: u32) -> Point {
    let lengths: Vec<i64> = line.windows(2).map(|pair| millimetres(pair[0], pair[1])).collect();
    let mut rest = lengths.iter().sum::<i64>() * i64::from(part) / i64::from(parts);
    for (pair, length) in line.windows(2).zip(lengths) {
        if rest <= length && length > 0 {
            // To the nearest unit, in either direction.
            let on = |a: i32, b: i32| {
                let whole = 2 * (i64::from(b) - i64::from(a)) * rest + length;
                a + whole.div_euclid(2 * length) as i32
            };
            return Point { lon: on(pair[0].lon, pair[1].lon), lat: on(pair[0].lat, pair[1].lat) };
        }
        rest -= length;
    }
    line.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node(lon: i32, tags: &str) -> (Point, Option<Tags>) {
        let tags = (!tags.is_empty()).then(|| Tags::parse(tags));
        (Point { lon, lat: 599_000_000 }, tags)
    }

    /// Number and place of every house of the way.
    fn houses(kind: &str, nodes: Vec<(Point, Option<Tags>)>) -> Vec<(u32, i32)> {
        let tags = Tags::parse(&format!("addr:interpolation={kind} addr:street=Gata"));
        let mut collector = Collector::default();
        add(&Interpolation { nodes, tags }, &mut collector);
        collector.finish().doors_of("Gata").map(|door| (door.number(), door.point().lon)).collect()
    }

    #[test]
    fn numbers_run_evenly_between_neighbours_and_around_corners() {
        let row = || {
            vec![node(0, "addr:housenumber=1"), node(3000, ""), node(4000, "addr:housenumber=9")]
        };
        assert_eq!(houses("odd", row()), [(1, 0), (3, 1000), (5, 2000), (7, 3000), (9, 4000)]);
        assert_eq!(houses("4", row()), [(1, 0), (5, 2000), (9, 4000)]);
        let down = vec![node(0, "addr:housenumber=3"), node(2000, "addr:housenumber=1")];
        assert_eq!(houses("all", down), [(1, 2000), (2, 1000), (3, 0)]);
    }

    #[test]
    fn a_numbered_node_on_the_way_divides_it() {
        let row = ["2", "8", "10"].map(|number| format!("addr:housenumber={number}"));
        let row = [0, 900, 1000].into_iter().zip(row).map(|(lon, tags)| node(lon, &tags)).collect();
        assert_eq!(houses("even", row), [(2, 0), (4, 300), (6, 600), (8, 900), (10, 1000)]);
    }

    #[test]
    fn nothing_is_made_up_where_the_row_does_not_go_out() {
        let row = |a: &str, b: &str| {
            vec![
                node(0, &format!("addr:housenumber={a}")),
                node(900, &format!("addr:housenumber={b}")),
            ]
        };
        assert_eq!(houses("odd", row("1", "8")), [(1, 0), (8, 900)]);
        assert_eq!(houses("3", row("1", "8")), [(1, 0), (8, 900)]);
        assert_eq!(houses("alphabetic", row("1", "9")), [(1, 0), (9, 900)]);
        assert_eq!(houses("all", row("1", "9999")), [(1, 0), (9999, 900)]);
        assert_eq!(
            houses("odd", row("1a", "9")),
            [(9, 900)],
            "a letter is no number to count from"
        );
        let other = vec![
            node(0, "addr:housenumber=1 addr:street=Gata"),
            node(900, "addr:housenumber=9 addr:street=Veien"),
        ];
        assert_eq!(houses("odd", other), []);
    }
}
