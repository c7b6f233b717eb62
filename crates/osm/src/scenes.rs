//! Small streets drawn by hand, through all rooms of the crate: what a map means for the way from
//! one door to another. Metres east and north of a corner in Oslo; the maps are real `.osm.pbf`.

use std::io::Cursor;

use hjemrute_travel::{Band, Hours, Leg, Mode, PlaceId, Position};

use crate::array::Bytes;
use crate::fixture::PbfWriter;
use crate::{Roads, Snap, pbf};

type Tags = [(&'static str, &'static str)];

/// A street plan in the making.
struct Scene {
    map: PbfWriter,
    ways: i64,
}

/// A position so many metres east and north of the corner.
fn at(east: i32, north: i32) -> Position {
    // 5.5968 mm and 11.1411 mm a unit.
    Position { lon: 107_000_000 + east * 17_867 / 100, lat: 599_000_000 + north * 8976 / 100 }
}

impl Scene {
    fn new() -> Scene {
        Scene { map: PbfWriter::new(), ways: 0 }
    }

    fn node(mut self, id: i64, east: i32, north: i32, tags: &Tags) -> Scene {
        let position = at(east, north);
        self.map.node(id, position.lon, position.lat, tags);
        self
    }

    fn way(mut self, nodes: &[i64], tags: &Tags) -> Scene {
        self.ways += 1;
        self.map.way(self.ways, nodes, tags);
        self
    }

    /// Forbids or demands a turn; members as (0 for a node or 1 for a way, which, role).
    fn sign(mut self, members: &[(u64, i64, &str)], tags: &Tags) -> Scene {
        let tags = [&[("type", "restriction")], tags].concat();
        self.map.members(1, members, &tags);
        self
    }

    fn roads(self) -> Roads {
        let extract = pbf::read(&mut Cursor::new(self.map.finish()), None).unwrap();
        Roads::build(&extract, None, "scene").unwrap()
    }
}

/// The leg between two positions.
fn leg(roads: &Roads, mode: Mode, from: Position, to: Position) -> Option<Leg> {
    let places = [from, to].map(|place| roads.snap(mode, place, None).ok());
    roads.table(mode, &places).leg(PlaceId(0), PlaceId(1))
}

fn seconds(roads: &Roads, mode: Mode, from: Position, to: Position) -> i32 {
    leg(roads, mode, from, to).unwrap().seconds.0
}

fn metres(roads: &Roads, mode: Mode, from: Position, to: Position) -> i32 {
    leg(roads, mode, from, to).unwrap().metres.0
}

/// A straight street of a kilometre with a node every 500 m.
fn street(tags: &Tags) -> Scene {
    Scene::new().node(1, 0, 0, &[]).node(2, 500, 0, &[]).node(3, 1000, 0, &[]).way(&[1, 2, 3], tags)
}

#[test]
fn partial_edges_and_the_walk_to_the_door_count() {
    let roads = street(&[("highway", "residential")]).roads();
    // 400 m at 24 km/h are 60 s; 10 m and 20 m on foot are 21.6 s.
    let there = leg(&roads, Mode::Car, at(100, 10), at(500, -20)).unwrap();
    assert!((81..=82).contains(&there.seconds.0), "{there:?}");
    assert!((429..=431).contains(&there.metres.0), "{there:?}");
    assert_eq!(leg(&roads, Mode::Car, at(500, -20), at(100, 10)), Some(there));
    // 5 km/h are 288 s and the walk.
    assert!((309..=311).contains(&seconds(&roads, Mode::Foot, at(100, 10), at(500, -20))));
}

#[test]
fn doors_at_the_same_spot_are_no_way_apart() {
    let roads = street(&[("highway", "residential")]).roads();
    assert_eq!(leg(&roads, Mode::Car, at(100, 10), at(100, 10)), Some(Leg::NONE));
    assert_eq!(leg(&roads, Mode::Foot, at(-20, 0), at(-30, 0)), Some(Leg::NONE));
}

#[test]
fn one_way_streets_are_driven_round() {
    let square = |tags: &Tags| {
        let corners = [(1, 0, 0), (2, 200, 0), (3, 200, 200), (4, 0, 200)];
        let scene = corners
            .into_iter()
            .fold(Scene::new(), |scene, (id, east, north)| scene.node(id, east, north, &[]));
        scene.way(&[1, 2, 3, 4, 1], tags).roads()
    };
    let roads = square(&[("highway", "residential"), ("oneway", "yes")]);
    let (west, east) = (at(50, 0), at(150, 0));
    assert!((99..=101).contains(&metres(&roads, Mode::Car, west, east)));
    assert!((699..=701).contains(&metres(&roads, Mode::Car, east, west)));
    assert!((99..=101).contains(&metres(&roads, Mode::Foot, east, west)));
    // Pushing a bicycle back is faster than riding round.
    assert!((99..=101).contains(&metres(&roads, Mode::Bike, east, west)));
    let open = square(&[("highway", "residential"), ("oneway", "yes"), ("oneway:bicycle", "no")]);
    let (pushed, ridden) =
        (seconds(&roads, Mode::Bike, east, west), seconds(&open, Mode::Bike, east, west));
    assert!(ridden * 3 < pushed, "{ridden} {pushed}");
}

/// A crossing of two straight streets, each of two ways: 1 west, 2 south, 3 east, 4 north of 9.
fn crossing() -> Scene {
    let arms = [(1, -300, 0), (2, 0, -300), (3, 300, 0), (4, 0, 300)];
    let street = [("highway", "residential")];
    let scene = Scene::new().node(9, 0, 0, &[]);
    arms.into_iter().fold(scene, |scene, (id, east, north)| {
        scene.node(id, east, north, &[]).way(&[id, 9], &street)
    })
}

/// What a sign may speak of: west to south is a right turn, west to north a left one.
const FROM_WEST_TO_NORTH: [(u64, i64, &str); 3] = [(1, 1, "from"), (0, 9, "via"), (1, 4, "to")];

#[test]
fn a_forbidden_turn_is_driven_round() {
    let (west, north) = (at(-100, 0), at(0, 100));
    let metres = |tags: &Tags, mode| {
        metres(&crossing().sign(&FROM_WEST_TO_NORTH, tags).roads(), mode, west, north)
    };
    let banned = [("restriction", "no_left_turn")];
    assert!((199..=201).contains(&metres(&[("restriction", "give_way")], Mode::Car)));
    // On to the end of another arm, back, and then it is no left turn any more.
    assert!((799..=801).contains(&metres(&banned, Mode::Car)));
    assert!((799..=801).contains(&metres(&banned, Mode::Bike)));
    assert!((199..=201).contains(&metres(&banned, Mode::Foot)));
    let but_bicycles = [("restriction", "no_left_turn"), ("except", "bicycle")];
    assert!((199..=201).contains(&metres(&but_bicycles, Mode::Bike)));
    assert!((799..=801).contains(&metres(&but_bicycles, Mode::Car)));
}

#[test]
fn the_only_way_on_is_taken() {
    let only = crossing().sign(&FROM_WEST_TO_NORTH, &[("restriction", "only_left_turn")]).roads();
    let west = at(-100, 0);
    assert!((199..=201).contains(&metres(&only, Mode::Car, west, at(0, 100))));
    assert!((799..=801).contains(&metres(&only, Mode::Car, west, at(0, -100))));
    // Who starts out the other way comes back under the same sign.
    assert!((799..=801).contains(&metres(&only, Mode::Car, west, at(100, 0))));
    assert!((199..=201).contains(&metres(&only, Mode::Car, at(100, 0), at(0, -100))));
}

#[test]
fn a_sign_over_a_way_binds_those_who_came_by_the_first() {
    let street = [("highway", "residential")];
    let plan = || {
        let scene = Scene::new().node(1, -200, 0, &[]).node(2, 0, 0, &[]).node(3, 100, 0, &[]);
        let scene = scene.node(4, 100, 200, &[]).node(5, 300, 0, &[]).node(6, 0, -200, &[]);
        let ways: [&[i64]; 5] = [&[1, 2], &[2, 3], &[3, 4], &[3, 5], &[6, 2]];
        ways.into_iter().fold(scene, |scene, way| scene.way(way, &street))
    };
    let sign = [(1, 1, "from"), (1, 2, "via"), (1, 3, "to")];
    let roads = plan().sign(&sign, &[("restriction", "no_left_turn")]).roads();
    let (west, south, north) = (at(-100, 0), at(0, -100), at(100, 100));
    assert!((299..=301).contains(&metres(&roads, Mode::Car, south, north)));
    // To the end in the east and back again.
    assert!((699..=701).contains(&metres(&roads, Mode::Car, west, north)));
    assert!((299..=301).contains(&metres(&roads, Mode::Car, at(100, 100), west)));
}

#[test]
fn where_turning_back_is_forbidden_one_drives_on() {
    // Two carriageways, joined by a short link and again far on in the east.
    let street = [("highway", "secondary"), ("oneway", "yes")];
    let (link, drive) = ([("highway", "secondary_link")], [("highway", "residential")]);
    let plan = || {
        let nodes = [(1, -300, 0), (2, 0, 0), (3, 500, 0), (4, 500, 30), (5, 0, 30), (6, -300, 30)];
        let scene = nodes
            .into_iter()
            .fold(Scene::new(), |scene, (id, east, north)| scene.node(id, east, north, &[]));
        let ways: [&[i64]; 4] = [&[1, 2], &[2, 3], &[4, 5], &[5, 6]];
        let scene = ways.into_iter().fold(scene, |scene, way| scene.way(way, &street));
        scene.way(&[2, 5], &link).way(&[3, 4], &drive).way(&[6, 1], &drive)
    };
    let (south, north) = (at(-100, 0), at(-100, 30));
    let metres = |roads: &Roads| metres(roads, Mode::Car, south, north);
    assert!((229..=231).contains(&metres(&plan().roads())));
    let sign = [(1, 1, "from"), (1, 5, "via"), (1, 4, "to")];
    let signed = plan().sign(&sign, &[("restriction", "no_u_turn")]).roads();
    assert!((1229..=1231).contains(&metres(&signed)));
    // At a dead end there is nothing else to do, sign or not.
    let back = crossing()
        .sign(&[(1, 4, "from"), (0, 4, "via"), (1, 4, "to")], &[("restriction", "no_u_turn")]);
    assert!(leg(&back.roads(), Mode::Car, at(0, 100), at(0, 200)).is_some());
}

/// The seconds by car between two positions in a band.
fn seconds_in(roads: &Roads, band: Band, from: Position, to: Position) -> i32 {
    let places = [from, to].map(|place| roads.snap(Mode::Car, place, None).ok());
    let table = roads.table_in(Mode::Car, band, &places);
    table.leg(PlaceId(0), PlaceId(1)).unwrap().seconds.0
}

fn hours(hours: Hours) -> Band {
    Band { hours, winter: false }
}

#[test]
fn the_rush_takes_longer_and_only_on_the_classes_it_is_on() {
    let (west, east) = (at(0, 0), at(1000, 0));
    let roads = street(&[("highway", "primary"), ("maxspeed", "50")]).roads();
    // A kilometre at 37 km/h.
    assert_eq!(seconds_in(&roads, Band::STANDARD, west, east), 97);
    assert_eq!(seconds_in(&roads, hours(Hours::Morning), west, east), 125);
    assert_eq!(seconds_in(&roads, hours(Hours::Night), west, east), 86);
    let winter = Band { winter: true, ..Band::STANDARD };
    assert_eq!(seconds_in(&roads, winter, west, east), 103);
    let yard = street(&[("highway", "service")]).roads();
    assert_eq!(seconds_in(&yard, hours(Hours::Morning), west, east), 250);
    assert_eq!(roads.representative(Mode::Foot, hours(Hours::Morning)), Band::STANDARD);
}

#[test]
fn a_limit_of_the_winter_holds_in_winter() {
    let tags = [("highway", "trunk"), ("maxspeed", "80")];
    let tags = [&tags[..], &[("maxspeed:conditional", "60 @ (Nov 01 - Apr 8)")]].concat();
    let roads = street(&tags).roads();
    let (west, east) = (at(0, 0), at(1000, 0));
    let winter = Band { winter: true, ..Band::STANDARD };
    assert_eq!(seconds_in(&roads, Band::STANDARD, west, east), 53);
    // 51 km/h, and 5 % for the season.
    assert_eq!(seconds_in(&roads, winter, west, east), 74);
}

#[test]
fn a_street_closed_in_the_rush_is_private_then() {
    let roads = Scene::new()
        .node(1, 0, 0, &[])
        .node(2, 400, 0, &[])
        .node(3, 0, 400, &[])
        .node(4, 400, 400, &[])
        .node(5, -200, 0, &[])
        .node(6, 600, 0, &[])
        .way(&[5, 1, 3, 4, 2, 6], &[("highway", "service")])
        .way(
            &[1, 2],
            &[
                ("highway", "service"),
                ("motor_vehicle:conditional", "no @ (Mo-Fr 07:00-09:00,15:00-17:00; PH off)"),
            ],
        )
        .roads();
    let (west, east, inside) = (at(-100, 0), at(500, 0), at(200, 0));
    let straight = seconds_in(&roads, Band::STANDARD, west, east);
    assert!((144..=152).contains(&straight), "600 m at 15 km/h: {straight}");
    assert!(seconds_in(&roads, hours(Hours::Morning), west, east) > straight + 180, "round");
    let there = seconds_in(&roads, Band::STANDARD, west, inside);
    assert!((there..there + 4).contains(&seconds_in(&roads, hours(Hours::Morning), west, inside)));
    assert!(seconds_in(&roads, hours(Hours::Evening), west, east) <= straight);
}

#[test]
fn a_turn_forbidden_at_some_hours_is_free_at_others() {
    let sign = [("restriction:conditional", "no_left_turn @ (07:00-09:00)")];
    let roads = crossing().sign(&FROM_WEST_TO_NORTH, &sign).roads();
    let seconds = |band| seconds_in(&roads, band, at(-100, 0), at(0, 100));
    assert_eq!(seconds(Band::STANDARD), 33);
    assert!(seconds(hours(Hours::Morning)) > 100);
    assert!(seconds(hours(Hours::Afternoon)) < 40);
}

#[test]
fn a_sign_where_the_way_goes_on_means_the_lane_that_leads_there() {
    let tags: &Tags = &[("highway", "residential"), ("oneway", "yes")];
    let both: &Tags = &[("highway", "residential")];
    let plan = |sign: &[(u64, i64, &str)]| {
        let corners = [(1, -300, 0), (2, 0, 0), (3, 300, 0), (4, 0, 300), (5, 300, 300)];
        let scene = corners
            .into_iter()
            .fold(Scene::new(), |scene, (id, east, north)| scene.node(id, east, north, &[]));
        let scene = scene.way(&[1, 2, 3], tags).way(&[2, 4], both).way(&[3, 5, 4], both);
        let scene = scene.way(&[4, 1], both);
        scene.sign(sign, &[("restriction", "no_left_turn")]).roads()
    };
    let sign = [(1, 1, "from"), (0, 2, "via"), (1, 2, "to")];
    let (west, north) = (at(-100, 0), at(0, 100));
    assert!((199..=201).contains(&metres(&plan(&[]), Mode::Car, west, north)));
    assert!(metres(&plan(&sign), Mode::Car, west, north) > 1000, "on, and round the block");
}

#[test]
fn a_sign_over_several_ways_holds_in_whatever_order_they_are_told() {
    let street: &Tags = &[("highway", "residential")];
    let plan = |sign: &[(u64, i64, &str)]| {
        let corners =
            [(1, -200, 0), (2, 0, 0), (3, 50, 0), (4, 100, 0), (5, 150, 0), (6, 150, 200)];
        let scene = corners
            .into_iter()
            .fold(Scene::new(), |scene, (id, east, north)| scene.node(id, east, north, &[]));
        let scene = scene.node(7, 400, 0, &[]);
        let ways: [&[i64]; 6] = [&[1, 2], &[2, 3], &[3, 4], &[5, 4], &[5, 6], &[5, 7]];
        let scene = ways.into_iter().fold(scene, |scene, way| scene.way(way, street));
        scene.sign(sign, &[("restriction", "no_left_turn")]).roads()
    };
    let sign = [(1, 1, "from"), (1, 4, "via"), (1, 2, "via"), (1, 3, "via"), (1, 5, "to")];
    let (west, north) = (at(-100, 0), at(150, 100));
    assert!((349..=351).contains(&metres(&plan(&[]), Mode::Car, west, north)));
    assert!((849..=851).contains(&metres(&plan(&sign), Mode::Car, west, north)), "to the end");
    assert!((224..=226).contains(&metres(&plan(&sign), Mode::Car, at(25, 0), north)), "not by it");
}

#[test]
fn turning_costs_a_little() {
    let roads = crossing().roads();
    let seconds = |from, to| seconds(&roads, Mode::Car, from, to);
    let (west, on) = (at(-100, 0), seconds(at(-100, 0), at(100, 0)));
    assert_eq!(on, 30);
    assert_eq!(seconds(west, at(0, 100)), on + 3);
    assert_eq!(seconds(west, at(0, -100)), on + 1);
}

#[test]
fn a_stub_that_cannot_be_left_is_nobodys_road() {
    let roads = street(&[("highway", "residential")])
        .node(4, 500, 100, &[])
        .way(&[2, 4], &[("highway", "residential"), ("oneway", "yes")])
        .roads();
    let snap = roads.snap(Mode::Car, at(500, 90), None).unwrap();
    assert_eq!(snap.metres(), 90, "joined to the street, not to the stub beside it");
    assert!(roads.snap(Mode::Foot, at(500, 90), None).unwrap().metres() <= 1);
}

#[test]
fn bollards_stop_cars_and_gates_cost_them_time() {
    let ring = |tags: &Tags| {
        Scene::new()
            .node(1, 0, 0, &[])
            .node(2, 100, 0, tags)
            .node(3, 200, 0, &[])
            .node(4, 100, 400, &[])
            .way(&[1, 2, 3, 4, 1], &[("highway", "residential")])
            .roads()
    };
    let (west, east) = (at(50, 0), at(150, 0));
    let open = ring(&[]);
    let gate = ring(&[("barrier", "gate")]);
    let bollard = ring(&[("barrier", "bollard")]);
    let free = seconds(&open, Mode::Car, west, east);
    assert_eq!(seconds(&gate, Mode::Car, west, east), free + 30);
    assert!(metres(&bollard, Mode::Car, west, east) > 800);
    assert_eq!(metres(&bollard, Mode::Bike, west, east), metres(&open, Mode::Bike, west, east));
    assert_eq!(leg(&bollard, Mode::Foot, west, east), leg(&open, Mode::Foot, west, east));
}

#[test]
fn private_ground_serves_its_doors_but_not_through_traffic() {
    let roads = Scene::new()
        .node(1, 0, 0, &[])
        .node(2, 400, 0, &[])
        .node(3, 0, 600, &[])
        .node(4, 400, 600, &[])
        .node(5, -200, 0, &[])
        .node(6, 600, 0, &[])
        .way(&[5, 1, 3, 4, 2, 6], &[("highway", "residential")])
        .way(&[1, 2], &[("highway", "residential"), ("access", "private")])
        .roads();
    let (west, east, inside) = (at(-100, 0), at(500, 0), at(200, 0));
    assert!((1798..=1802).contains(&metres(&roads, Mode::Car, west, east)), "round, not through");
    assert!((299..=301).contains(&metres(&roads, Mode::Car, west, inside)));
    assert!((44..=46).contains(&seconds(&roads, Mode::Car, west, inside)), "without a fee");
    assert!((299..=301).contains(&metres(&roads, Mode::Car, inside, east)));
}

#[test]
fn a_name_is_preferred_where_it_is_nearly_as_near() {
    let roads = street(&[("highway", "residential"), ("name", "Storgata")])
        .node(4, 0, 30, &[])
        .node(5, 1000, 30, &[])
        .way(&[4, 5], &[("highway", "residential"), ("name", "Bakgata")])
        .node(6, 0, 300, &[])
        .node(7, 1000, 300, &[])
        .way(&[6, 7], &[("highway", "residential"), ("name", "Langt unna")])
        .way(&[1, 4, 6], &[("highway", "residential")])
        .roads();
    let metres = |street| roads.snap(Mode::Car, at(500, 20), street).unwrap().metres();
    assert_eq!(metres(None), 10);
    assert_eq!(metres(Some("STORGATA ")), 20);
    assert_eq!(metres(Some("Langt unna")), 10, "too far off");
    assert_eq!(metres(Some("Fins ikke")), 10);
}

#[test]
fn too_far_from_any_road_is_told_with_the_metres() {
    let roads = street(&[("highway", "residential")]).roads();
    assert!((239..=241).contains(&roads.snap(Mode::Car, at(500, 240), None).unwrap().metres()));
    let refused = |position| roads.snap(Mode::Car, position, None).unwrap_err().metres;
    assert!(refused(at(500, 260)).is_some_and(|metres| (259..=261).contains(&metres)));
    assert_eq!(refused(at(500, 9000)), None);
    assert_eq!(refused(Position { lon: i32::MAX, lat: i32::MIN }), None);
}

#[test]
fn a_place_without_a_road_has_no_way_and_harms_nobody() {
    let roads = street(&[("highway", "residential")]).roads();
    let snap = |east| roads.snap(Mode::Car, at(east, 0), None).ok();
    let places: [Option<Snap>; 3] = [snap(100), None, snap(900)];
    let table = roads.table(Mode::Car, &places);
    assert_eq!(table.leg(PlaceId(0), PlaceId(1)), None);
    assert_eq!(table.leg(PlaceId(1), PlaceId(2)), None);
    assert!(table.leg(PlaceId(0), PlaceId(2)).is_some());
    assert_eq!(roads.table(Mode::Car, &[]).places(), 0);
}

#[test]
fn islands_are_reached_on_foot_by_ferry_and_not_by_car() {
    let ferry = [("route", "ferry"), ("foot", "yes"), ("duration", "00:08")];
    let roads = street(&[("highway", "residential")])
        .node(4, 1000, 1000, &[])
        .node(5, 1000, 1300, &[])
        .way(&[3, 4], &ferry)
        .way(&[4, 5], &[("highway", "footway")])
        .way(&[4, 5], &[("highway", "service")])
        .roads();
    let (pier, hut) = (at(1000, 0), at(1000, 1100));
    // Waiting 900 s, 480 s on board, 100 m on foot.
    assert!((1450..=1454).contains(&seconds(&roads, Mode::Foot, pier, hut)));
    assert!(roads.snap(Mode::Foot, at(1000, 500), None).is_err(), "nobody lives on a ferry");
    assert!(roads.snap(Mode::Car, hut, None).is_err());
}

#[test]
fn an_island_without_a_bridge_keeps_its_doors() {
    let mut plan = street(&[("highway", "residential"), ("name", "Bryggegata")])
        .node(4, 4000, 0, &[])
        .way(&[3, 4], &[("highway", "residential")]);
    for part in 0..=12 {
        plan = plan.node(10 + part, 200 * part as i32, 100, &[]);
        if part > 0 {
            plan = plan.way(&[9 + part, 10 + part], &[("highway", "residential")]);
        }
    }
    let roads = plan.roads();
    let snap = |north, street| roads.snap(Mode::Car, at(500, north), street).unwrap();
    let island = snap(95, None);
    assert!(island.is_apart() && island.metres() == 5);
    assert!(!snap(5, None).is_apart());
    // Half-way over, the mainland is preferred, but not from further away.
    assert!(!snap(60, None).is_apart() && snap(60, None).metres() == 60);
    assert!(snap(80, Some("Bryggegata")).is_apart());
    let places = [island, snap(110, None), snap(5, None)].map(Some);
    let table = roads.table(Mode::Car, &places);
    let leg = |from, to| table.leg(PlaceId(from), PlaceId(to));
    assert!(leg(0, 1).is_some() && leg(0, 2).is_none() && leg(2, 0).is_none());
    let summary = roads.summary(Mode::Car);
    assert!(summary.main_metres.abs_diff(4000) < 5 && summary.apart_metres.abs_diff(2400) < 5);
}

#[test]
fn nobody_lives_in_a_tunnel() {
    let roads = street(&[("highway", "residential")])
        .node(4, 0, 100, &[])
        .node(5, 1000, 100, &[])
        .way(&[1, 4], &[("highway", "residential")])
        .way(&[4, 5], &[("highway", "residential"), ("tunnel", "yes")])
        .way(&[5, 3], &[("highway", "residential")])
        .roads();
    assert_eq!(roads.snap(Mode::Car, at(500, 100), None).unwrap().metres(), 100);
}

#[test]
fn a_map_of_footpaths_has_no_way_by_car() {
    let roads = street(&[("highway", "footway")]).roads();
    assert_eq!(roads.summary(Mode::Car).arcs, 0);
    let place = roads.snap(Mode::Car, at(100, 0), None);
    assert_eq!(place.unwrap_err().metres, None);
    assert_eq!(leg(&roads, Mode::Car, at(100, 0), at(900, 0)), None);
    assert!(leg(&roads, Mode::Foot, at(100, 0), at(900, 0)).is_some());
}

#[test]
fn equal_maps_have_equal_names_and_answers() {
    let one = street(&[("highway", "residential")]).roads();
    let other = street(&[("highway", "residential")]).roads();
    let third = street(&[("highway", "tertiary")]).roads();
    assert_eq!(one.map_id(), other.map_id());
    assert_ne!(one.map_id(), third.map_id());
    assert!(one.map_id().starts_with("scene 2025-06-15 "), "{}", one.map_id());
}

#[test]
fn a_damaged_store_is_refused_and_never_panics() {
    let from_bytes = |bytes: &[u8]| Roads::from_bytes(Bytes::of(bytes), &Mode::ALL);
    let roads = street(&[("highway", "residential"), ("name", "Gata")]).roads();
    let bytes = roads.to_bytes();
    let again = from_bytes(&bytes).unwrap();
    assert_eq!(again.map_id(), roads.map_id());
    assert_eq!(again.to_bytes(), bytes);
    for bit in 0..bytes.len() * 8 {
        let mut bytes = bytes.clone();
        bytes[bit / 8] ^= 1 << (bit % 8);
        assert!(from_bytes(&bytes).is_err(), "bit {bit}");
    }
    for length in 0..bytes.len() {
        assert!(from_bytes(&bytes[..length]).is_err(), "{length} bytes");
    }
}
