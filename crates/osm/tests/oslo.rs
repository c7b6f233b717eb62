//! The real town: what the map of Oslo must answer. Skipped where the shared data are not at hand.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test may")]

use std::time::Instant;

use hjemrute_osm::{AddressAnswer, AddressQuery, Recipe, Roads, Snap, Step};
use hjemrute_travel::{Leg, Mode, PlaceId, Position};

mod common;
use common::shared;

fn oslo() -> Option<Roads> {
    let path = shared("data/osm/oslo-merged.osm.pbf")?;
    Some(Roads::read(&path, None).unwrap())
}

fn ask(roads: &Roads, street: &str, number: u32, letter: &str, postcode: &str) -> AddressAnswer {
    let letter = (!letter.is_empty()).then_some(letter);
    let postcode = Some(postcode);
    roads.addresses().find(&AddressQuery { street, number, letter, postcode, municipality: None })
}

/// Every address of the CSV file, with its street.
fn doors(count: usize) -> Option<Vec<(String, Position)>> {
    let text = std::fs::read_to_string(shared("data/oslo/oslo_addresses_osm.csv")?).unwrap();
    let lines: Vec<Vec<&str>> =
        text.lines().skip(1).map(|line| line.split(',').collect()).collect();
    let step = lines.len() / count;
    let door = |fields: &Vec<&str>| {
        let [lon, lat] = [fields[5], fields[6]].map(|degrees| degrees.parse().unwrap());
        (fields[1].to_owned(), Position::from_degrees(lon, lat).unwrap())
    };
    Some(lines.iter().step_by(step.max(1)).take(count).map(door).collect())
}

fn snaps(roads: &Roads, mode: Mode, doors: &[(String, Position)]) -> Vec<Option<Snap>> {
    doors.iter().map(|(street, door)| roads.snap(mode, *door, Some(street)).ok()).collect()
}

#[test]
fn addresses_are_found() {
    let Some(roads) = oslo() else { return };
    assert!((13_000..=13_227).contains(&roads.addresses().len()), "{}", roads.addresses().len());
    let found = |answer| match answer {
        AddressAnswer::One(found) => found.position(),
        other => panic!("{other:?}"),
    };
    let toyengata = found(ask(&roads, "Tøyengata", 32, "", "0578"));
    let kjolberggata = found(ask(&roads, "kjølberggata ", 1, "g", "0653"));
    assert!(roads.contains(toyengata) && roads.contains(kjolberggata));
    let AddressAnswer::Unknown(nearest) = ask(&roads, "Tøyengata", 32, "", "0999") else {
        panic!()
    };
    assert_eq!(nearest[0].to_string(), "Tøyengata 32, 0578 Oslo");
    assert!(nearest.len() <= 3);
}

#[test]
fn every_door_is_joined_to_a_road_or_the_metres_are_told() {
    let (Some(roads), Some(doors)) = (oslo(), doors(13_000)) else { return };
    for mode in Mode::ALL {
        let start = Instant::now();
        let (mut far, mut refused, mut apart) = (0, 0, 0);
        for (street, door) in doors.iter().filter(|(_, door)| roads.contains(*door)) {
            match roads.snap(mode, *door, Some(street)) {
                Ok(snap) => {
                    far += usize::from(snap.metres() > 50);
                    apart += usize::from(snap.is_apart());
                }
                Err(refusal) => {
                    assert!(refusal.metres.is_some_and(|metres| metres >= 250), "{refusal:?}");
                    refused += 1;
                }
            }
        }
        let took = start.elapsed();
        println!("{mode}: {far} beyond 50 m, {refused} refused, {apart} apart, {took:.1?} for all");
        assert!(far * 12 < doors.len() && refused * 500 < doors.len(), "{mode}: {far} {refused}");
        assert!(apart * 500 < doors.len(), "{mode}: {apart}");
        let (asked, own) = at_their_own_street(&roads, mode, &doors);
        println!("{mode}: {own} of {asked} ways set out on the street of the address");
        assert!(own * 2 > asked, "{mode}: {own} of {asked}");
    }
}

/// Of some ways from door to door: how many there are, and how many begin on the street of the address.
fn at_their_own_street(roads: &Roads, mode: Mode, doors: &[(String, Position)]) -> (usize, usize) {
    let some: Vec<_> = doors.iter().step_by(20).cloned().collect();
    let places = snaps(roads, mode, &some);
    let ways = places.windows(2).zip(&some).filter_map(|(ends, (street, _))| {
        let way = roads.way(ends[0].as_ref()?, ends[1].as_ref()?)?;
        // The walk to the road has no name.
        let walk = ends[0]?.metres() as i32 + 1;
        let on_road = |step: &&Step| !step.street.is_empty() || step.metres.0 > walk;
        Some(way.steps.iter().find(on_road)?.street == *street)
    });
    ways.fold((0, 0), |(asked, own), at_home| (asked + 1, own + usize::from(at_home)))
}

#[test]
fn a_table_of_the_town_is_whole_and_plausible() {
    let (Some(roads), Some(doors)) = (oslo(), doors(300)) else { return };
    let kmh = [(Mode::Car, 14..40), (Mode::Ebike, 9..20), (Mode::Bike, 7..16), (Mode::Foot, 3..6)];
    for (mode, plausible) in kmh {
        let places = snaps(&roads, mode, &doors);
        let table = roads.table(mode, &places);
        let ids = 0..places.len() as u32;
        let (mut seconds, mut metres) = (0, 0);
        for from in ids.clone() {
            for to in ids.clone() {
                let leg = table.leg(PlaceId(from), PlaceId(to));
                let ends = places[from as usize].zip(places[to as usize]);
                // Two places apart may be on the same island.
                let known = match ends.map(|(from, to)| (from.is_apart(), to.is_apart())) {
                    Some((true, true)) => leg.is_some(),
                    Some((from, to)) => from == to,
                    None => false,
                };
                assert_eq!(leg.is_some(), known || from == to, "{mode} {from} {to}");
                let leg = leg.unwrap_or(Leg::NONE);
                seconds += i64::from(leg.seconds.0);
                metres += i64::from(leg.metres.0);
            }
        }
        let speed = metres * 36 / (seconds * 10);
        println!("{mode}: {speed} km/h on average");
        assert!(plausible.contains(&speed), "{mode}: {speed} km/h");
    }
}

#[test]
fn adding_a_place_changes_nothing_else() {
    let (Some(roads), Some(doors)) = (oslo(), doors(60)) else { return };
    for mode in Mode::ALL {
        let places = snaps(&roads, mode, &doors);
        let all = roads.table(mode, &places);
        let fewer = roads.table(mode, &places[..40]);
        for from in 0..40 {
            for to in 0..40 {
                let pair = (PlaceId(from), PlaceId(to));
                assert_eq!(fewer.leg(pair.0, pair.1), all.leg(pair.0, pair.1), "{mode} {pair:?}");
            }
        }
    }
}

/// Metres along a line, by the haversine formula.
fn length_of(line: &[Position]) -> f64 {
    let metres = |a: &Position, b: &Position| {
        let radians = |unit: i32| (f64::from(unit) / 1e7).to_radians();
        let (north, east) = (radians(b.lat - a.lat) / 2.0, radians(b.lon - a.lon) / 2.0);
        let flat = radians(a.lat).cos() * radians(b.lat).cos();
        let half = north.sin().powi(2) + flat * east.sin().powi(2);
        2.0 * 6_371_008.8 * half.sqrt().asin()
    };
    line.windows(2).map(|pair| metres(&pair[0], &pair[1])).sum()
}

/// The ways between doors, against their table and against the length of their own lines.
fn ways_agree(roads: &Roads, mode: Mode, doors: &[(String, Position)]) {
    let places = snaps(roads, mode, doors);
    let table = roads.table(mode, &places);
    let (start, mut asked) = (Instant::now(), 0);
    for (i, from) in (0..).zip(&places) {
        for (j, to) in (0..).zip(&places).filter(|(j, _)| *j != i) {
            let Some((from, to)) = from.as_ref().zip(to.as_ref()) else { continue };
            let way = roads.way(from, to);
            let leg = table.leg(PlaceId(i), PlaceId(j));
            assert_eq!(way.as_ref().map(|way| way.leg), leg, "{mode}: {i} to {j}");
            let Some(way) = way else { continue };
            asked += 1;
            let (metres, line) = (f64::from(way.leg.metres.0), length_of(&way.line));
            // Every piece of road is rounded to a decimetre, and the plane of a snap is flat.
            let slack = 1.0 + 0.1 * way.line.len() as f64 + metres / 2_000.0;
            assert!((metres - line).abs() < slack, "{mode}: {i} to {j}: {metres} and {line}");
            assert!(way.line.first() == Some(&doors[i as usize].1) || metres == 0.0);
            let told = way.steps.iter().map(|step| (step.seconds.0, step.metres.0));
            let told = told.fold((0, 0), |sum, step| (sum.0 + step.0, sum.1 + step.1));
            assert_eq!(told, (way.leg.seconds.0, way.leg.metres.0), "{mode}: {i} to {j}");
        }
    }
    println!("{mode}: {asked} ways, {:.2?} each", start.elapsed() / asked.max(1));
}

#[test]
fn the_line_of_a_way_is_as_long_as_its_leg() {
    let (Some(roads), Some(doors)) = (oslo(), doors(20)) else { return };
    for mode in Mode::ALL {
        ways_agree(&roads, mode, &doors);
    }
}

/// The same for many more pairs across a city; prints what one costs.
#[test]
#[ignore = "long"]
fn ten_thousand_lines_across_a_city_are_as_long_as_their_legs() {
    let Some(path) = shared("data/osm/mosaic9.osm.pbf") else { return };
    let roads = Roads::read(&path, None).unwrap();
    let doors = points_of("data/osm/mosaic9.pts.csv");
    for mode in Mode::ALL {
        ways_agree(&roads, mode, &doors[..100]);
    }
}

#[test]
fn a_stored_map_answers_as_the_one_read() {
    let (Some(roads), Some(doors)) = (oslo(), doors(50)) else { return };
    let path = std::env::temp_dir().join(format!("hjemrute-{}-oslo.roads", std::process::id()));
    roads.save(&path).unwrap();
    let start = Instant::now();
    let loaded = Roads::load(&path).unwrap();
    println!("loaded in {:.1?}", start.elapsed());
    std::fs::remove_file(&path).unwrap();
    assert_eq!(loaded.map_id(), roads.map_id());
    assert_eq!(loaded.bounds(), roads.bounds());
    for mode in Mode::ALL {
        let places = snaps(&loaded, mode, &doors);
        assert_eq!(places, snaps(&roads, mode, &doors));
        assert_eq!(loaded.table(mode, &places), roads.table(mode, &places));
    }
}

/// The doors of a day's list, whether they are told by position or by address.
fn doors_of_day(roads: &Roads, file: &str) -> Option<Vec<(String, Position)>> {
    let text = std::fs::read_to_string(shared(file)?).unwrap();
    let day: serde_json::Value = serde_json::from_str(&text).unwrap();
    let door = |place: &serde_json::Value| {
        let (position, address) = (&place["position"], &place["address"]);
        let street = address["street"].as_str().unwrap_or_default();
        let degrees = |key| position[key].as_f64();
        if let (Some(lon), Some(lat)) = (degrees("lon"), degrees("lat")) {
            return (street.to_owned(), Position::from_degrees(lon, lat).unwrap());
        }
        let query = AddressQuery {
            street,
            number: address["number"].as_u64().unwrap() as u32,
            letter: address["letter"].as_str(),
            postcode: address["postalCode"].as_str(),
            municipality: address["municipalityNumber"].as_str(),
        };
        match roads.addresses().find(&query) {
            AddressAnswer::One(found) => (street.to_owned(), found.position()),
            other => panic!("{query:?}: {other:?}"),
        }
    };
    Some(day["locations"].as_array().unwrap().iter().map(door).collect())
}

#[test]
fn every_door_of_a_day_can_be_reached_by_every_mode() {
    let Some(roads) = oslo() else { return };
    for day in ["gamle-oslo-60-1", "gamle-oslo-200-1", "grunerlokka-400-4"] {
        let Some(doors) = doors_of_day(&roads, &format!("data/days/{day}.json")) else { return };
        for mode in Mode::ALL {
            let places = snaps(&roads, mode, &doors);
            let table = roads.table(mode, &places);
            let ids = 0..places.len() as u32;
            for (from, to) in ids.clone().flat_map(|from| ids.clone().map(move |to| (from, to))) {
                let leg = table.leg(PlaceId(from), PlaceId(to));
                let leg = leg.unwrap_or_else(|| panic!("{day} {mode}: {from} to {to}"));
                assert!(leg.seconds.0 < 3 * 3600 && leg.metres.0 < 15_000, "{day} {mode}: {leg:?}");
            }
        }
    }
}

/// Prints what maps and tables cost; run with `--release -- --nocapture --ignored`.
#[test]
#[ignore = "a measurement"]
fn what_a_town_costs() {
    for (map, points) in [("oslo-merged", "oslo-east-filtered"), ("mosaic9", "mosaic9")] {
        let Some(path) = shared(&format!("data/osm/{map}.osm.pbf")) else { return };
        let start = Instant::now();
        let roads = Roads::read(&path, None).unwrap();
        println!("{map}: read in {:.2?}", start.elapsed());
        let doors = points_of(&format!("data/osm/{points}.pts.csv"));
        for mode in Mode::ALL {
            snaps(&roads, mode, &doors[..1]);
            for count in [60, 1500] {
                let start = Instant::now();
                let places = snaps(&roads, mode, &doors[..count]);
                let snapped = start.elapsed();
                roads.table(mode, &places[..2]);
                let start = Instant::now();
                roads.table(mode, &places);
                println!("{map} {mode} {count}: snap {snapped:.1?}, table {:.2?}", start.elapsed());
            }
        }
    }
}

fn points_of(file: &str) -> Vec<(String, Position)> {
    let text = std::fs::read_to_string(shared(file).unwrap()).unwrap();
    let lines = text.lines().filter_map(|line| {
        let (lon, lat) = line.split_once(',')?;
        Position::from_degrees(lon.parse().ok()?, lat.parse().ok()?)
    });
    lines.map(|position| (String::new(), position)).collect()
}

/// An address of the CSV file as a query takes it apart.
struct Written {
    street: String,
    number: u32,
    letter: String,
    postcode: String,
    position: Position,
}

impl Written {
    fn query(&self) -> AddressQuery<'_> {
        AddressQuery {
            street: &self.street,
            number: self.number,
            letter: (!self.letter.is_empty()).then_some(&self.letter),
            postcode: Some(&self.postcode),
            municipality: None,
        }
    }
}

/// Every address of the CSV file that lies on the map.
fn written(roads: &Roads) -> Option<Vec<Written>> {
    let text = std::fs::read_to_string(shared("data/oslo/oslo_addresses_osm.csv")?).unwrap();
    let address = |line: &str| {
        let fields: Vec<&str> = line.split(',').collect();
        let number = fields[2].trim_end_matches(|c: char| c.is_alphabetic());
        let [lon, lat] = [fields[5], fields[6]].map(|degrees| degrees.parse().unwrap());
        Written {
            street: fields[1].into(),
            number: number.parse().unwrap(),
            letter: fields[2][number.len()..].into(),
            postcode: fields[3].into(),
            position: Position::from_degrees(lon, lat).unwrap(),
        }
    };
    let all: Vec<Written> = text.lines().skip(1).map(address).collect();
    assert_eq!(all.len(), 13_365);
    Some(all.into_iter().filter(|address| roads.contains(address.position)).collect())
}

/// About how many metres lie between two places of Oslo, the larger of east and north.
fn apart(a: Position, b: Position) -> i32 {
    ((a.lon - b.lon).abs() / 180).max((a.lat - b.lat).abs() / 90)
}

/// How a street is also written; each is the same street.
fn variants(street: &str) -> Vec<String> {
    let mut variants = vec![street.to_uppercase(), format!("  {} ", street.to_lowercase())];
    let short = [
        ("gate", "gt."),
        ("gata", "gt."),
        ("gate", "g."),
        ("veien", "vn."),
        ("vei", "v."),
        ("plass", "pl."),
    ];
    let short = short.iter().filter(|(long, _)| street.ends_with(long) && street != *long);
    variants.extend(short.map(|(long, short)| street.replace(long, short)));
    variants.extend(street.starts_with("St. ").then(|| street.replace("St. ", "Sankt ")));
    variants
        .push(street.replace('ø', "o\u{338}").replace('å', "a\u{30a}").replace("o\u{338}", "ø"));
    variants
}

/// The same with one letter made another, at a place that looks random.
fn with_a_slip(street: &str, random: usize) -> String {
    let letters: Vec<char> = street.chars().collect();
    let places: Vec<usize> = (0..letters.len()).filter(|at| letters[*at].is_alphabetic()).collect();
    let at = places[random % places.len()];
    let others =
        "abcdefghijklmnopqrstuvwxyzæøå".chars().filter(|c| !letters[at].to_lowercase().eq([*c]));
    let other = others.clone().nth(random / 64 % others.count()).unwrap();
    letters.iter().enumerate().map(|(i, c)| if i == at { other } else { *c }).collect()
}

#[test]
fn every_real_address_is_found_however_it_is_written() {
    let Some(roads) = oslo() else { return };
    let Some(addresses) = written(&roads) else { return };
    let find = |query: &AddressQuery| match roads.addresses().find(query) {
        AddressAnswer::One(found) => found.position(),
        other => panic!("{query:?}: {other:?}"),
    };
    let (mut lost, mut among, mut first, mut spelt, mut same) = (0, 0, 0, 0, 0);
    for (index, address) in addresses.iter().enumerate() {
        let query = address.query();
        match roads.addresses().find(&query) {
            AddressAnswer::One(found) => {
                assert!(apart(found.position(), address.position) < 150, "{query:?}: {found:?}");
            }
            other => {
                println!("{query:?}: {other:?}");
                lost += 1;
                continue;
            }
        }
        let line = format!(
            "{} {}{} {} Oslo",
            address.street,
            address.number,
            address.letter.to_lowercase(),
            address.postcode
        );
        assert_eq!(find(&AddressQuery::parse(&line).unwrap()), find(&query), "{line}");
        for street in variants(&address.street) {
            assert_eq!(find(&AddressQuery { street: &street, ..query }), find(&query), "{street}");
            spelt += 1;
        }
        let slip = with_a_slip(&address.street, index.wrapping_mul(2_654_435_761) >> 7);
        let slip = AddressQuery { street: &slip, ..query };
        match roads.addresses().find(&slip) {
            AddressAnswer::Unknown(nearest) => {
                first +=
                    usize::from(nearest.first().is_some_and(|it| it.street() == address.street));
                among += usize::from(nearest.iter().any(|it| it.street() == address.street));
            }
            // `gata` with one letter wrong is `gate`, and the same street.
            AddressAnswer::One(found) => {
                assert_eq!(found.street(), address.street, "{}", slip.street);
                same += 1;
            }
            other => panic!("{}: {other:?}", slip.street),
        }
    }
    let count = addresses.len() - lost;
    println!("{count} found, {lost} not; {spelt} other spellings found, all");
    println!("one letter wrong: {first} first, {among} among three, {same} still the same name");
    assert!(lost * 1000 <= addresses.len(), "{lost} of {}", addresses.len());
    assert!(
        (among + same) * 100 >= count * 99 && (first + same) * 100 >= count * 97,
        "{first} {among} of {count}"
    );
}

/// Kartverket's sample lies in Elverum, which none of the maps shows: it must be refused, and told.
#[test]
fn a_register_of_elsewhere_is_refused() {
    let (Some(map), Some(register)) =
        (shared("data/osm/skoyen.osm.pbf"), shared("data/oslo/matrikkel_sample_elverum.csv"))
    else {
        return;
    };
    let told = Roads::read_by(&map, &with_register(&register)).unwrap_err().to_string();
    assert!(told.contains("none of its 1999 road addresses lies on the map"), "{told}");
}

/// Kartverket's file of a made-up city: so many streets of so many doors each, on the map of Skøyen.
fn register_of(streets: usize, doors: usize) -> String {
    const FIRST: [&str; 13] = [
        "Gran", "Bjørke", "Kirke", "Skole", "Fjell", "Elve", "Sommer", "Vinter", "Linde",
        "Ekeberg", "Håkons", "Sofien", "Tøyen",
    ];
    const MIDDLE: [&str; 20] = [
        "", "berg", "lund", "li", "mo", "åsen", "haug", "dal", "nes", "vik", "stad", "by", "rud",
        "sæter", "eng", "tun", "heim", "bakk", "moen", "løkk",
    ];
    const LAST: [&str; 10] = [
        "gata",
        " gate",
        "veien",
        " vei",
        "svingen",
        "bakken",
        " plass",
        "stien",
        " allé",
        "terrassen",
    ];
    let mut text = "adressenavn;nummer;bokstav;EPSG-kode;Nord;Øst;postnummer;poststed;kommunenummer;kommunenavn\n"
        .to_owned();
    for street in 0..streets {
        let (first, rest) = (FIRST[street % 13], street / 13);
        let name = format!("{first}{}{}", MIDDLE[rest % 20], LAST[rest / 20 % 10]);
        for door in 0..doors {
            let (lat, lon) = (59.9205 + street as f64 * 1e-6, 10.6740 + door as f64 * 1e-5);
            let letter = ["", "A", "B"][door % 3];
            let post = 150 + street % 1000;
            let number = door / 3 * 2 + 1;
            text += &format!(
                "{name};{number};{letter};4258;{lat:.6};{lon:.6};{post:04};OSLO;0301;OSLO\n"
            );
        }
    }
    text
}

/// Prints what the addresses of all Oslo cost; run with `--release -- --nocapture --ignored`.
#[test]
#[ignore = "a measurement"]
fn what_a_city_of_addresses_costs() {
    let Some(map) = shared("data/osm/skoyen.osm.pbf") else { return };
    let folder = std::env::temp_dir();
    let file = |kind| folder.join(format!("hjemrute-{}-city.{kind}", std::process::id()));
    let size = |roads: &Roads| {
        roads.save(&file("roads")).unwrap();
        std::fs::metadata(file("roads")).unwrap().len()
    };
    let without = size(&Roads::read(&map, None).unwrap());
    std::fs::write(file("csv"), register_of(2600, 42)).unwrap();
    let start = Instant::now();
    let roads = Roads::read_by(&map, &with_register(&file("csv"))).unwrap();
    println!("{} addresses read in {:.2?}", roads.addresses().len(), start.elapsed());
    println!("{} bytes more in the map", size(&roads) - without);
    for (what, street) in [
        ("as written", "Tøyenlundveien"),
        ("abbreviated", "TØYENLUNDVN."),
        ("one letter wrong", "Tøyenlindveien"),
        ("two letters wrong", "Tøyemlindveien"),
        ("nowhere", "Qwertyuiopasdfgh"),
    ] {
        let line = format!("{street} 21 B");
        let query = AddressQuery::parse(&line).unwrap();
        let start = Instant::now();
        for _ in 0..1000 {
            std::hint::black_box(roads.addresses().find(std::hint::black_box(&query)));
        }
        println!(
            "{what}: {:.1?} each, {:?}",
            start.elapsed() / 1000,
            roads.addresses().find(&query)
        );
    }
    for kind in ["csv", "roads"] {
        std::fs::remove_file(file(kind)).unwrap();
    }
}

fn with_register(register: &std::path::Path) -> Recipe<'_> {
    Recipe { register: Some(register), ..Recipe::default() }
}
