//! The real town: what the map of Oslo must answer. Skipped where the shared data are not at hand.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test may")]

use std::time::Instant;

use hjemrute_osm::{AddressAnswer, AddressQuery, Roads, Snap, Step};
use hjemrute_travel::{Leg, Mode, PlaceId, Position};

mod common;
use common::shared;

fn oslo() -> Option<Roads> {
    let path = shared("data/osm/oslo-merged.osm.pbf")?;
    Some(Roads::read(&path, None).unwrap())
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

/// Metres along a line, by the formula of the American radio authority for short distances on the
/// ellipsoid (47 CFR 73.208).
fn length_of(line: &[Position]) -> f64 {
    let metres = |a: &Position, b: &Position| {
        let degrees = |units: i32| f64::from(units) / 1e7;
        let middle = degrees(a.lat / 2 + b.lat / 2).to_radians();
        let cos = |times: f64| (times * middle).cos();
        let north = 111.13209 - 0.56605 * cos(2.0) + 0.00120 * cos(4.0);
        let east = 111.41513 * cos(1.0) - 0.09455 * cos(3.0) + 0.00012 * cos(5.0);
        1000.0 * (north * degrees(b.lat - a.lat)).hypot(east * degrees(b.lon - a.lon))
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
