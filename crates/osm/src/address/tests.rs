//! What the index answers, on addresses written by hand.

use super::*;
use crate::tags::Tags;

fn house(lon: i32, text: &str) -> House {
    House { point: Point { lon, lat: 599_000_000 }, is_door: true, tags: Tags::parse(text) }
}

fn book_of(houses: &[House]) -> AddressBook {
    let mut collector = Collector::default();
    houses.iter().for_each(|house| add_house(house, &mut collector));
    collector.finish()
}

/// The answer to a line: the place, or what comes nearest.
fn told(book: &AddressBook, query: &AddressQuery) -> String {
    let list = |candidates: Vec<Candidate>| {
        candidates.iter().map(Candidate::to_string).collect::<Vec<_>>().join(" | ")
    };
    match Addresses::new(book).find(query) {
        AddressAnswer::One(found) => found.position().lon.to_string(),
        AddressAnswer::Ambiguous(several) => format!("several: {}", list(several)),
        AddressAnswer::Unknown(nearest) => format!("none: {}", list(nearest)),
    }
}

fn ask(houses: &[House], line: &str) -> String {
    told(&book_of(houses), &AddressQuery::parse(line).unwrap())
}

fn town() -> Vec<House> {
    vec![
        house(1000, "addr:street=Øvre~gate addr:housenumber=22A addr:postcode=0578 addr:city=Oslo"),
        house(2000, "addr:street=Øvre~gate addr:housenumber=22B addr:postcode=0578 addr:city=Oslo"),
        house(3000, "addr:street=Øvre~gate addr:housenumber=24 addr:postcode=0578 addr:city=Oslo"),
        house(900_000, "addr:street=Øvre~gate addr:housenumber=24 addr:postcode=0190"),
        house(5000, "addr:street=Øvre~gate addr:housenumber=26;28-30"),
        house(6000, "addr:place=Heimen addr:housenumber=1 addr:postcode=0578"),
        house(12_000, "addr:place=Heimen addr:housenumber=1 addr:postcode=0578"),
        house(7000, "addr:street=Nedre~gate addr:housenumber=x"),
    ]
}

#[test]
fn found_in_every_common_spelling() {
    let town = town();
    assert_eq!(ask(&town, " øvre  GATE 22b, 0578 Oslo"), "2000");
    assert_eq!(ask(&town, "Øvre gt. 22 B 0578"), "2000");
    assert_eq!(ask(&town, "Øvre gata 22B"), "2000");
    assert_eq!(ask(&town, "Øvre gate 24, 0190"), "900000");
    assert_eq!(ask(&town, "Øvre gate 28"), "5000");
    assert_eq!(ask(&town, "Øvre gate 30, 0578"), "5000", "no postcode in the map");
}

#[test]
fn near_points_are_one_and_far_ones_ambiguous() {
    let town = town();
    assert_eq!(ask(&town, "Heimen 1"), "6000");
    let both = "several: Øvre gate 24, 0190 | Øvre gate 24, 0578 Oslo";
    assert_eq!(ask(&town, "Øvre gate 24"), both);
}

#[test]
fn the_unknown_is_answered_with_its_neighbours_and_never_used() {
    let town = town();
    assert_eq!(
        ask(&town, "Øvre gate 22, 0578"),
        "none: Øvre gate 22 A, 0578 Oslo | Øvre gate 22 B, 0578 Oslo | Øvre gate 24, 0578 Oslo"
    );
    for line in ["Ovre gate 24, 0578", "Ovre gata 24 0578", "Øvri gate 24 0578", "Øvreg 24 0578"]
    {
        assert!(ask(&town, line).starts_with("none: Øvre gate 24, 0578 Oslo"), "{line}");
    }
    for line in ["Ø. gate 24, 0578", "Øvr.gt. 24, 0578", "Øvre gate 24-26, 0578"] {
        assert!(ask(&town, line).starts_with("none: Øvre gate 24, 0578 Oslo"), "{line}");
    }
    assert_eq!(
        ask(&town, "Øe. gate 22 A H0301"),
        "none: Øvre gate 22 A, 0578 Oslo | Øvre gate 22 B, 0578 Oslo | Øvre gate 24, 0190"
    );
    assert_eq!(ask(&town, "Øvre gate 22 A H0301"), "1000", "the dwelling is behind the same door");
    assert_eq!(ask(&town, "Øa. gate 24"), "none: ");
    assert_eq!(ask(&town, "Ingensteds 1"), "none: ");
    assert_eq!(ask(&[], "Ingensteds 1"), "none: ");
}

#[test]
fn a_name_that_is_there_is_not_taken_for_another_spelling() {
    let houses = [
        house(1000, "addr:street=Storgata addr:housenumber=1"),
        house(2000, "addr:street=Storgaten addr:housenumber=1"),
        house(3000, "addr:street=Storgaten addr:housenumber=3"),
        house(4000, "addr:street=Sofies~gate addr:housenumber=3"),
    ];
    assert_eq!(ask(&houses, "Storgata 1"), "1000");
    assert_eq!(ask(&houses, "Storgaten 1"), "2000");
    assert!(ask(&houses, "Storgata 3").starts_with("none: Storgata 1"), "it has no 3");
    let which = ask(&houses, "Storgt. 1");
    assert!(which.starts_with("several: Storgata 1"), "{which}");
    assert_eq!(ask(&houses, "Sofiesgt. 3"), "4000");
}

#[test]
fn confidence_falls_with_every_difference() {
    let book = book_of(&town());
    let sure = |line: &str| {
        let found = Addresses::new(&book).candidates(&AddressQuery::parse(line).unwrap(), 1);
        found.first().map_or(0, Candidate::confidence)
    };
    let sure = [
        "Øvre gate 22 B 0578",
        "Øvre gt. 22 B 0578",
        "Ovre gate 22 B 0578",
        "Øvri gate 22 B 0578",
        "Øvri gite 22 B 0578",
        "Øvri gite 22 C 0578",
        "Øvri gite 20 0578",
        "Øvri gite 21 0999",
        "Nowhere 1",
    ]
    .map(sure);
    assert!(sure.is_sorted_by(|a, b| a > b), "{sure:?}");
    assert_eq!((sure[0], sure[8]), (100, 0));
}

#[test]
fn the_best_source_of_a_door_is_the_one_that_stays() {
    let mut collector = Collector::default();
    let point = |lon| Point { lon, lat: 599_000_000 };
    let map = Told { street: "Gata", postcode: "0578", ..Told::default() };
    let official = Told { street: "GATA", postcode: "0579", municipality: "0301", ..map };
    let one = || (1, String::new());
    collector.add(&map, one(), point(3000), Source::Interpolated);
    collector.add(&map, one(), point(2000), Source::Middle);
    collector.add(&map, one(), point(1000), Source::Point);
    let told_of =
        |collector: Collector, line| told(&collector.finish(), &AddressQuery::parse(line).unwrap());
    let mut more = Collector::default();
    for (told, lon, source) in [
        (&map, 2000, Source::Middle),
        (&official, 4000, Source::Register),
        (&map, 1000, Source::Point),
    ] {
        more.add(told, one(), point(lon), source);
    }
    assert_eq!(told_of(collector, "Gata 1"), "1000");
    let book = more.finish();
    assert_eq!((book.streets.len(), book.doors.len()), (1, 1), "the register has the last word");
    assert_eq!(told(&book, &AddressQuery::parse("gata 1 0579").unwrap()), "4000");
}

#[test]
fn municipalities_are_told_apart_where_they_are_known() {
    let mut collector = Collector::default();
    let one = || (1, String::new());
    for (municipality, municipality_name, lon) in
        [("0301", "OSLO", 1000), ("3201", "BÆRUM", 5_000_000), ("", "", 9_000_000)]
    {
        let told =
            Told { street: "Kirkeveien", municipality, municipality_name, ..Told::default() };
        let source = if municipality.is_empty() { Source::Point } else { Source::Register };
        collector.add(&told, one(), Point { lon, lat: 599_000_000 }, source);
    }
    let book = collector.finish();
    let ask = |municipality| {
        let query = AddressQuery { municipality, ..AddressQuery::parse("Kirkeveien 1").unwrap() };
        told(&book, &query)
    };
    assert!(ask(None).starts_with("several: Kirkeveien 1, OSLO | Kirkeveien 1, BÆRUM"));
    assert!(ask(Some("0301")).starts_with("several: "), "the third does not say where it lies");
}

/// Every text that can be asked for is answered, whatever it is.
#[test]
fn no_query_makes_it_fall_over() {
    let book = book_of(&town());
    for line in [
        "\u{0} 1",
        "😀😀😀 1",
        "Ø 1",
        "gt. 1",
        ". 1",
        "- 0",
        "Øvre gate 4294967295",
        "g. 1",
        "St. 1",
    ] {
        if let Some(query) = AddressQuery::parse(line) {
            assert!(told(&book, &query).contains(':'), "{line}");
        }
    }
}
