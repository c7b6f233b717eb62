//! Truth tables: what the tags of a way or a node mean to each mode.

use hjemrute_travel::Mode;

use super::*;
use crate::Profiles;

/// Metres an hour forward and backward, 0 for closed.
type Speeds = (u32, u32);

fn check(mode: Mode, table: &[(&str, Speeds)]) {
    let profile = Profile::of(mode);
    for (text, expected) in table {
        let passage = profile.passage(&Tags::parse(text));
        let speeds = passage.map_or((0, 0), |passage| {
            (passage.forward.unwrap_or(0), passage.backward.unwrap_or(0))
        });
        assert_eq!(speeds, *expected, "{mode}: {text}");
    }
}

#[test]
fn car() {
    check(
        Mode::Car,
        &[
            ("highway=residential", (24_000, 24_000)),
            ("highway=residential maxspeed=30", (22_500, 22_500)),
            ("highway=residential oneway=yes", (24_000, 0)),
            ("highway=residential oneway=-1", (0, 24_000)),
            ("highway=residential oneway=yes oneway:bicycle=no", (24_000, 0)),
            ("highway=residential oneway=yes cycleway=opposite", (24_000, 0)),
            ("highway=residential maxspeed:backward=20", (24_000, 15_000)),
            ("highway=primary maxspeed=50", (37_000, 37_000)),
            ("highway=primary", (59_200, 59_200)),
            ("highway=primary lit=yes", (37_000, 37_000)),
            ("highway=motorway", (101_200, 0)),
            ("highway=motorway maxspeed=80", (73_600, 0)),
            ("highway=motorway oneway=no", (101_200, 101_200)),
            ("highway=trunk maxspeed=70 motorroad=yes", (59_500, 59_500)),
            ("highway=tertiary maxspeed=40 junction=roundabout", (26_400, 0)),
            ("highway=tertiary maxspeed=40 junction=circular", (26_400, 0)),
            ("highway=living_street", (8_000, 8_000)),
            ("highway=service", (15_000, 15_000)),
            ("highway=service maxspeed=10", (7_500, 7_500)),
            ("highway=service service=driveway", (10_000, 10_000)),
            ("highway=service service=parking_aisle", (8_000, 8_000)),
            ("highway=service service=unheard_of", (15_000, 15_000)),
            ("highway=residential surface=cobblestone maxspeed=80", (24_000, 24_000)),
            ("highway=residential surface=ground", (15_000, 15_000)),
            ("highway=residential access=no", (0, 0)),
            ("highway=residential access=no motor_vehicle=yes", (24_000, 24_000)),
            ("highway=residential motor_vehicle=no", (0, 0)),
            ("highway=residential vehicle=no motorcar=yes", (24_000, 24_000)),
            ("highway=residential bicycle=no foot=no", (24_000, 24_000)),
            ("highway=service access=private", (15_000, 15_000)),
            ("highway=service access=no psv=yes", (0, 0)),
            ("highway=service motor_vehicle=psv", (0, 0)),
            ("highway=busway", (0, 0)),
            ("highway=steps", (0, 0)),
            ("highway=footway", (0, 0)),
            ("highway=cycleway", (0, 0)),
            ("highway=cycleway motor_vehicle=destination", (10_000, 10_000)),
            ("highway=footway access=yes", (0, 0)),
            ("highway=pedestrian motor_vehicle=delivery", (8_000, 8_000)),
            ("highway=construction construction=residential", (0, 0)),
            ("highway=proposed", (0, 0)),
            ("route=ferry motor_vehicle=yes duration=00:20", (0, 0)),
            ("man_made=pier", (0, 0)),
            ("waterway=river", (0, 0)),
        ],
    );
}

#[test]
fn bike() {
    check(
        Mode::Bike,
        &[
            ("highway=residential", (16_000, 16_000)),
            ("highway=residential maxspeed=10", (16_000, 16_000)),
            ("highway=cycleway", (16_000, 16_000)),
            ("highway=cycleway surface=gravel", (12_000, 12_000)),
            ("highway=residential oneway=yes", (16_000, 4_000)),
            ("highway=residential oneway=yes oneway:bicycle=no", (16_000, 16_000)),
            ("highway=residential oneway=yes cycleway=opposite_lane", (16_000, 16_000)),
            ("highway=residential oneway=yes cycleway:left=opposite", (16_000, 16_000)),
            ("highway=residential oneway=yes cycleway:left:oneway=-1", (16_000, 16_000)),
            ("highway=residential oneway=-1", (4_000, 16_000)),
            ("highway=tertiary junction=roundabout", (16_000, 0)),
            ("highway=footway", (8_000, 8_000)),
            ("highway=footway bicycle=yes", (13_000, 13_000)),
            ("highway=footway bicycle=dismount", (4_000, 4_000)),
            ("highway=path bicycle=designated", (14_000, 14_000)),
            ("highway=footway bicycle=no", (0, 0)),
            ("highway=primary bicycle=use_sidepath", (0, 0)),
            ("highway=steps", (2_000, 2_000)),
            ("highway=steps bicycle=dismount", (2_000, 2_000)),
            ("highway=residential access=no", (0, 0)),
            ("highway=residential access=no bicycle=yes", (16_000, 16_000)),
            ("highway=residential motor_vehicle=no", (16_000, 16_000)),
            ("highway=residential vehicle=no", (0, 0)),
            ("highway=motorway", (0, 0)),
            ("highway=motorway bicycle=yes", (0, 0)),
            ("highway=trunk motorroad=yes", (0, 0)),
            ("route=ferry bicycle=yes", (0, 0)),
        ],
    );
}

#[test]
fn ebike() {
    check(
        Mode::Ebike,
        &[
            ("highway=residential", (20_000, 20_000)),
            ("highway=cycleway", (21_000, 21_000)),
            ("highway=residential surface=sett", (14_000, 14_000)),
            ("highway=residential oneway=yes", (20_000, 4_000)),
            ("highway=residential oneway=yes oneway:bicycle=no", (20_000, 20_000)),
            ("highway=footway bicycle=designated", (16_000, 16_000)),
            ("highway=steps", (2_000, 2_000)),
            ("highway=motorway_link", (0, 0)),
        ],
    );
}

#[test]
fn foot() {
    check(
        Mode::Foot,
        &[
            ("highway=footway", (5_000, 5_000)),
            ("highway=residential maxspeed=walk", (5_000, 5_000)),
            ("highway=residential oneway=yes", (5_000, 5_000)),
            ("highway=residential oneway:foot=yes", (5_000, 0)),
            ("highway=tertiary junction=roundabout", (5_000, 5_000)),
            ("highway=steps", (2_000, 2_000)),
            ("highway=steps oneway=yes", (2_000, 2_000)),
            ("highway=residential access=no", (0, 0)),
            ("highway=residential access=no foot=yes", (5_000, 5_000)),
            ("highway=residential vehicle=no", (5_000, 5_000)),
            ("highway=residential foot=no", (0, 0)),
            ("highway=cycleway foot=use_sidepath", (0, 0)),
            ("highway=motorway", (0, 0)),
            ("highway=trunk motorroad=yes", (0, 0)),
            ("highway=trunk", (5_000, 5_000)),
            ("highway=platform", (5_000, 5_000)),
            ("railway=platform", (5_000, 5_000)),
            ("man_made=pier", (5_000, 5_000)),
            ("route=ferry foot=yes", (12_000, 12_000)),
            ("route=ferry", (0, 0)),
            ("route=ferry foot=no", (0, 0)),
        ],
    );
}

#[test]
fn private_ground_is_for_getting_to_a_door() {
    let car = Profile::of(Mode::Car);
    for (text, restricted) in [
        ("highway=service access=private", true),
        ("highway=residential motor_vehicle=destination", true),
        ("highway=service access=customers", true),
        ("highway=service access=delivery", true),
        ("highway=service access=private motor_vehicle=permissive", false),
        ("highway=service", false),
    ] {
        assert_eq!(car.passage(&Tags::parse(text)).unwrap().restricted, restricted, "{text}");
    }
}

#[test]
fn no_door_opens_on_a_tunnel() {
    let car = Profile::of(Mode::Car);
    for (text, snap) in [
        ("highway=primary", true),
        ("highway=primary tunnel=yes", false),
        ("highway=service tunnel=building_passage", true),
        ("highway=primary bridge=yes", false),
        ("highway=primary bridge=no", true),
        ("highway=service layer=-1", false),
        ("highway=service layer=0", true),
        ("highway=motorway", false),
        ("highway=motorway_link", false),
        ("highway=trunk_link", false),
        ("highway=trunk motorroad=yes", false),
    ] {
        assert_eq!(car.passage(&Tags::parse(text)).unwrap().snap, snap, "{text}");
    }
    let ferry = Profile::of(Mode::Foot).passage(&Tags::parse("route=ferry foot=yes")).unwrap();
    assert!(ferry.ferry && !ferry.snap);
}

#[test]
fn nodes() {
    use Obstacle::{Closed, Delay, None};
    for (text, car, bike, foot) in [
        ("barrier=kerb", None, None, None),
        ("barrier=gate", Delay(30_000), Delay(10_000), Delay(5_000)),
        ("barrier=lift_gate", Delay(30_000), Delay(2_000), None),
        ("barrier=gate access=private", Delay(30_000), Delay(10_000), Delay(5_000)),
        ("barrier=gate access=no", Closed, Closed, Closed),
        ("barrier=gate access=no foot=yes", Closed, Closed, Delay(5_000)),
        ("barrier=bollard", Closed, Delay(1_000), None),
        ("barrier=bollard bollard=rising", None, Delay(1_000), None),
        ("barrier=bollard motor_vehicle=yes", None, Delay(1_000), None),
        ("barrier=block", Closed, Delay(1_000), None),
        ("barrier=cycle_barrier", Closed, Delay(5_000), Delay(1_000)),
        ("barrier=entrance", None, None, None),
        ("highway=traffic_signals", Delay(6_000), Delay(8_000), Delay(10_000)),
        ("highway=crossing", Delay(1_000), Delay(1_000), Delay(2_000)),
        ("highway=bus_stop", None, None, None),
        ("barrier=gate highway=crossing", Delay(31_000), Delay(11_000), Delay(7_000)),
    ] {
        for (mode, expected) in [(Mode::Car, car), (Mode::Bike, bike), (Mode::Foot, foot)] {
            assert_eq!(Profile::of(mode).obstacle(&Tags::parse(text)), expected, "{mode}: {text}");
        }
    }
}

#[test]
fn restrictions() {
    use Demand::{No, Only};
    for (text, car, bike) in [
        ("restriction=no_left_turn", Some(No), Some(No)),
        ("restriction=only_straight_on", Some(Only), Some(Only)),
        ("restriction=no_left_turn except=bicycle", Some(No), None),
        ("restriction=no_u_turn except=psv;motorcar", None, Some(No)),
        ("restriction:bicycle=no_right_turn", None, Some(No)),
        ("restriction:motorcar=only_left_turn restriction=no_left_turn", Some(Only), Some(No)),
        ("restriction:hgv=no_left_turn", None, None),
        ("restriction:conditional=no_left_turn~@~(Mo-Fr~07:00-09:00)", None, None),
        ("restriction=give_way", None, None),
        ("", None, None),
    ] {
        for (mode, expected) in [(Mode::Car, car), (Mode::Bike, bike)] {
            assert_eq!(Profile::of(mode).demand(&Tags::parse(text)), expected, "{mode}: {text}");
        }
    }
}

#[test]
fn durations() {
    for (text, seconds) in [
        ("00:08", Some(480)),
        ("01:20:30", Some(4830)),
        ("15", Some(900)),
        ("PT8M", None),
        ("", None),
        ("99999999999", None),
        ("4294967295:59", None),
        ("0", None),
    ] {
        assert_eq!(duration(text), seconds, "{text}");
    }
}

#[test]
fn every_profile_is_sound() {
    for mode in Mode::ALL {
        let profile = Profile::of(mode);
        assert_eq!(profile.access.last().map(String::as_str), Some("access"), "{mode}");
        for (class, rule) in &profile.ways {
            let fastest = rule.kmh.max(rule.tagged_kmh);
            assert!(fastest.is_some_and(|kmh| kmh > 0 && kmh <= 130), "{mode}: {class}");
        }
    }
}

#[test]
fn another_profile_may_stand_in_for_one_compiled_in() {
    let other = include_str!("../../../../benches/osrm/car.toml");
    let profiles = Profiles::standard().with(Mode::Car, other.into()).unwrap();
    let car = profiles.of(Mode::Car);
    for (text, forward, backward) in [
        ("highway=residential", 25_000, 25_000),
        ("highway=residential maxspeed=50", 40_000, 40_000),
        ("highway=residential maxspeed=50 surface=cobblestone", 30_000, 30_000),
        ("highway=primary maxspeed:forward=80", 64_000, 65_000),
        ("highway=footway motor_vehicle=yes", 10_000, 10_000),
    ] {
        let passage = car.passage(&Tags::parse(text)).unwrap();
        assert_eq!((passage.forward, passage.backward), (Some(forward), Some(backward)), "{text}");
    }
    assert_eq!(profiles.of(Mode::Foot).access, Profile::of(Mode::Foot).access);
    let standard = Profiles::standard();
    assert!(!profiles.fingerprint().eq(standard.fingerprint()));
    for bad in [
        "",
        "kmh = 3",
        &other.replace("kmh = 25", "kmh = 0"),
        &other.replace("kmh = 25,", "kmh = -1,"),
    ] {
        assert!(standard.clone().with(Mode::Car, bad.to_owned()).is_err(), "{bad}");
    }
}
