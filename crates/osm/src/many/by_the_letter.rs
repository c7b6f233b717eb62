//! Tables against an oracle that shares nothing with them: it remembers the lanes it came by, judges
//! every turn by the signs themselves, shrinks and orders nothing, and searches one place at a time.

use std::collections::{BTreeMap, BTreeSet};

use hjemrute_travel::{Leg, Mode, PlaceId, Position};
use proptest::prelude::*;

use super::*;
use crate::geometry::{Plane, Point};

const NODES: u32 = 7;
/// No sign of the towns speaks of more lanes.
const LONGEST_BAN: usize = 4;

fn an_edge() -> impl Strategy<Value = Edge> {
    let time = || prop_oneof![1 => Just(CLOSED), 4 => (0u32..50).prop_map(|n| n * 700)];
    let lost = || prop_oneof![2 => Just(0u32), 1 => (0u32..20).prop_map(|n| n * 700)];
    let length = (0u32..40).prop_map(|n| n * 70);
    let flags = prop::sample::subsequence(
        vec![Edge::RESTRICTED, Edge::RULED_TAIL, Edge::RULED_HEAD, Edge::RULED_TAIL],
        0..=4,
    );
    ((0..NODES, 0..NODES), (time(), time()), (lost(), lost()), length, flags).prop_map(
        |((tail, head), (forward_ms, backward_ms), (tail_ms, head_ms), length_dm, flags)| {
            let flags = flags.into_iter().fold(Edge::MAIN, |flags, flag| flags | flag);
            let (first_point, name) = (0, 0);
            Edge {
                tail,
                head,
                forward_ms,
                backward_ms,
                tail_ms,
                head_ms,
                length_dm,
                first_point,
                name,
                flags,
            }
        },
    )
}

/// Straight edges between nodes.
fn a_graph() -> impl Strategy<Value = Graph> {
    let corners = prop::collection::vec((0..500_000, 0..500_000), NODES as usize);
    let turns = prop::option::of(prop::array::uniform3((0u32..9).prop_map(|n| n * 700)));
    let picks = prop::collection::vec(prop::collection::vec(any::<u32>(), LONGEST_BAN), 0..6);
    let edges = prop::collection::vec(an_edge(), 1..14);
    let through = (0u32..60).prop_map(|n| n * 700);
    (edges, through, corners, turns, picks).prop_map(
        |(edges, through_ms, corners, turns_ms, picks)| {
            let mut graph = Graph {
                nodes: NODES,
                through_ms,
                edges: edges.into(),
                turns_ms,
                ..Graph::default()
            };
            for edge in graph.edges.iter_mut() {
                edge.first_point = graph.points.len() as u32;
                let [tail, head] = [edge.tail, edge.head].map(|node| corners[node as usize]);
                graph.points.own().extend([tail, head].map(|(lon, lat)| Point { lon, lat }));
            }
            for pick in picks {
                let row = wander(&graph, &pick);
                graph.bans.own().extend(row.into_iter().chain([Graph::END_OF_BAN]));
                graph.ban_bands.own().push(crate::graph::ALWAYS);
            }
            graph
        },
    )
}

/// A row of up to as many lanes as picks, each of which goes on from the one before.
fn wander(graph: &Graph, picks: &[u32]) -> Vec<crate::graph::Lane> {
    let lanes = Road::all(graph);
    let mut row: Vec<&Road> = Vec::new();
    let length = 2 + picks[0] as usize % (LONGEST_BAN - 1);
    for pick in picks.iter().take(length) {
        let on: Vec<&Road> = match row.last() {
            None => lanes.iter().collect(),
            Some(last) => lanes.iter().filter(|lane| lane.start == last.end).collect(),
        };
        if on.is_empty() {
            break;
        }
        row.push(on[*pick as usize % on.len()]);
    }
    row.into_iter().map(|road| crate::graph::Lane(road.number)).collect()
}

pub(crate) fn a_town() -> impl Strategy<Value = (Graph, Vec<Option<Snap>>)> {
    let places = prop::collection::vec((any::<u32>(), any::<u32>(), 0u32..30_000, 0..9), 1..9);
    (a_graph(), places).prop_map(|(graph, places)| {
        let place = |(edge, along, off_mm, there): (u32, u32, u32, i32)| {
            let edge = edge % graph.edges.len() as u32;
            let along_dm = along % (graph.edges[edge as usize].length_dm + 1);
            (there > 0).then_some(Snap {
                mode: Mode::Car,
                door: Position::default(),
                edge,
                along_dm,
                off_mm,
                apart: false,
            })
        };
        let places = places.into_iter().map(place).collect();
        (graph, places)
    })
}

/// One open direction of an edge.
#[derive(Debug)]
struct Road {
    number: u32,
    start: u32,
    end: u32,
    ms: u32,
    lost_ms: u32,
    length_dm: u32,
    turned: bool,
    private: bool,
    ends: [Point; 2],
}

impl Road {
    fn all(graph: &Graph) -> Vec<Road> {
        let both = |(index, edge): (usize, &Edge)| {
            let shape = graph.shape(index);
            let road = |start, end, ms, lost_ms, turned, ends| Road {
                number: 2 * index as u32 + u32::from(turned),
                start,
                end,
                ms,
                lost_ms,
                length_dm: edge.length_dm,
                turned,
                private: edge.has(Edge::RESTRICTED),
                ends,
            };
            let ends = [shape[0], shape[1]];
            [
                road(edge.tail, edge.head, edge.forward_ms, edge.tail_ms, false, ends),
                road(
                    edge.head,
                    edge.tail,
                    edge.backward_ms,
                    edge.head_ms,
                    true,
                    [ends[1], ends[0]],
                ),
            ]
        };
        let roads = graph.edges.iter().enumerate().flat_map(both);
        roads.filter(|road| road.ms != CLOSED).collect()
    }

    /// Milliseconds and decimetres from the start of the road to a place, if it is on it. From the
    /// tail they are cut down to whole ones, whichever way one goes.
    fn until(&self, place: &Snap) -> Option<(u32, u32)> {
        let share = self.ms * place.along_dm / self.length_dm.max(1);
        let there = place.edge == self.number / 2;
        there.then(|| match self.turned {
            true => (self.ms - share, self.length_dm - place.along_dm),
            false => (share, place.along_dm),
        })
    }
}

fn number(ms: u32, dm: u32) -> u64 {
    u64::from(ms) << 32 | u64::from(dm)
}

fn on_foot(place: &Snap) -> u64 {
    number(place.off_mm * 18 / 25, (place.off_mm + 50) / 100)
}

/// What private ground means to one who is about to travel a road.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Ground {
    PrivateSoFar,
    Public,
    PrivateAgain,
}

/// The last few roads, of which the last is about to be travelled.
type State = (Vec<u32>, Ground);

struct Oracle<'a> {
    graph: &'a Graph,
    /// Where rules for turning hold.
    ruled: BTreeSet<u32>,
    roads: BTreeMap<u32, Road>,
}

impl Oracle<'_> {
    fn of(graph: &Graph) -> Oracle<'_> {
        let roads = Road::all(graph).into_iter().map(|road| (road.number, road)).collect();
        let mut ruled = BTreeSet::new();
        for edge in graph.edges.iter().filter(|_| graph.turns_ms.is_some()) {
            ruled.extend(edge.has(Edge::RULED_TAIL).then_some(edge.tail));
            ruled.extend(edge.has(Edge::RULED_HEAD).then_some(edge.head));
        }
        let mut before = crate::graph::Graph::END_OF_BAN;
        for lane in graph.bans.iter().filter(|_| graph.turns_ms.is_some()) {
            if ![before, *lane].contains(&crate::graph::Graph::END_OF_BAN) {
                ruled.insert(lane.start(graph.edge(*lane)));
            }
            before = *lane;
        }
        Oracle { graph, ruled, roads }
    }

    /// The least number of every state that can be reached from a place.
    fn states_from(&self, place: &Snap) -> BTreeMap<State, u64> {
        let mut queue = BTreeSet::new();
        for road in self.roads.values() {
            if let Some((ms, dm)) = road.until(place) {
                let ground = if road.private { Ground::PrivateSoFar } else { Ground::Public };
                let rest = number(road.ms - ms, road.length_dm - dm) + on_foot(place);
                queue.extend(self.turns((vec![road.number], ground), rest));
            }
        }
        let mut settled = BTreeMap::new();
        while let Some((key, state)) = queue.pop_first() {
            if !settled.contains_key(&state) {
                settled.insert(state.clone(), key);
                let road = &self.roads[state.0.last().unwrap()];
                let beyond = key + number(road.ms, road.length_dm);
                queue.extend(self.turns(state, beyond));
            }
        }
        settled
    }

    fn turns(&self, (path, ground): State, key: u64) -> Vec<(u64, State)> {
        let from = &self.roads[path.last().unwrap()];
        let onward: Vec<&Road> = self.roads.values().filter(|to| to.start == from.end).collect();
        let back = from.number ^ 1;
        let dead_end = !onward
            .iter()
            .any(|to| to.number != back && !self.is_banned(&[from.number, to.number]));
        let mut turns = Vec::new();
        for to in onward {
            let mut path: Vec<u32> = path.iter().copied().chain([to.number]).collect();
            let free = !self.ruled.contains(&from.end);
            if !free && (self.is_banned(&path) || (to.number == back && !dead_end)) {
                continue;
            }
            let (next, fee) = match (ground, to.private) {
                (Ground::PrivateAgain, false) => (Ground::Public, self.graph.through_ms),
                (_, false) => (Ground::Public, 0),
                (Ground::PrivateSoFar, true) => (Ground::PrivateSoFar, 0),
                (_, true) => (Ground::PrivateAgain, 0),
            };
            path.drain(..path.len().saturating_sub(LONGEST_BAN - 1));
            let lost = to.lost_ms + fee + self.turn_ms(from, to);
            turns.push((key + number(lost, 0), (path, next)));
        }
        turns
    }

    fn is_banned(&self, path: &[u32]) -> bool {
        let numbers: Vec<u32> = self.graph.bans.iter().map(|lane| lane.0).collect();
        let mut bans = numbers.split(|number| *number == u32::MAX).filter(|ban| ban.len() > 1);
        bans.any(|ban| path.ends_with(ban))
    }

    fn turn_ms(&self, from: &Road, to: &Road) -> u32 {
        let Some([left, right, back]) = self.graph.turns_ms else { return 0 };
        if !self.ruled.contains(&from.end) {
            return 0;
        }
        let ends = self.graph.edges.iter().flat_map(|edge| [edge.tail, edge.head]);
        let plane = Plane::around(to.ends[0]);
        let [(ax, ay), (bx, by)] = [from, to].map(|road| plane.vector(road.ends[0], road.ends[1]));
        let (cross, dot) = (ax * by - ay * bx, ax * bx + ay * by);
        let degrees = (cross as f64).atan2(dot as f64).to_degrees();
        match () {
            () if to.number == from.number ^ 1 => back,
            () if ends.filter(|node| *node == to.start).count() < 3 => 0,
            // The least angle beyond 45° here is much more beyond it.
            () if degrees.abs() <= 45.0 + 1e-9 => 0,
            () if degrees > 0.0 => left,
            () => right,
        }
    }

    fn leg(&self, states: &BTreeMap<State, u64>, from: &Snap, to: &Snap) -> Option<Leg> {
        if (from.edge, from.along_dm) == (to.edge, to.along_dm) {
            return Some(Leg::NONE);
        }
        let around = states.iter().filter_map(|((path, _), key)| {
            let (ms, dm) = self.roads[path.last()?].until(to)?;
            Some(key + number(ms, dm) + on_foot(to))
        });
        let direct = self.roads.values().filter_map(|road| {
            let ((from_ms, from_dm), (to_ms, to_dm)) = (road.until(from)?, road.until(to)?);
            let between = to_dm.checked_sub(from_dm).filter(|dm| *dm > 0)?;
            Some(number(to_ms - from_ms, between) + on_foot(from) + on_foot(to))
        });
        let least = around.chain(direct).min()?;
        Key::of((least >> 32) as u32, least as u32).leg()
    }
}

pub(crate) fn table_of(graph: &Graph, places: &[Option<Snap>]) -> hjemrute_travel::Table {
    let network = Network::of(graph);
    let hierarchy = Hierarchy::of(graph, &network);
    let table = table(graph, &network, &hierarchy, &hierarchy.standard, places);
    let again = hierarchy.customized(graph, &network);
    assert_eq!(table, super::table(graph, &network, &hierarchy, &again, places));
    table
}

fn pairs(places: usize) -> impl Iterator<Item = (PlaceId, PlaceId)> {
    let places = 0..places as u32;
    places.clone().flat_map(move |i| places.clone().map(move |j| (PlaceId(i), PlaceId(j))))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn the_table_is_right_by_the_letter((graph, places) in a_town()) {
        let table = table_of(&graph, &places);
        let oracle = Oracle::of(&graph);
        for (i, from) in places.iter().enumerate() {
            let states = from.map(|from| oracle.states_from(&from)).unwrap_or_default();
            for (j, to) in places.iter().enumerate().filter(|(j, _)| *j != i) {
                let leg = table.leg(PlaceId(i as u32), PlaceId(j as u32));
                let expected = from.zip(*to).and_then(|(from, to)| oracle.leg(&states, &from, &to));
                prop_assert_eq!(leg, expected, "{} to {}", i, j);
            }
        }
    }

    #[test]
    fn one_more_place_is_a_row_and_a_column((graph, places) in a_town()) {
        let table = table_of(&graph, &places);
        let (last, others) = places.split_last().unwrap();
        let network = Network::of(&graph);
        let hierarchy = Hierarchy::of(&graph, &network);
        let among = Among::of(&graph, &network, &hierarchy, &hierarchy.standard, others);
        let fewer = table_of(&graph, others);
        let (new, old) = (PlaceId(others.len() as u32), (0..others.len() as u32).map(PlaceId));
        for (i, j) in old.clone().flat_map(|i| old.clone().map(move |j| (i, j))) {
            prop_assert_eq!(fewer.leg(i, j), table.leg(i, j), "the others stay as they are");
        }
        if let Some(last) = last {
            let legs = among.legs(last);
            let expected = Legs {
                from: old.clone().map(|place| table.leg(new, place)).collect(),
                to: old.clone().map(|place| table.leg(place, new)).collect(),
            };
            prop_assert_eq!(legs, expected);
        }
    }

    #[test]
    fn three_times_the_time_is_three_times_the_time((mut graph, places) in a_town()) {
        // Whole seconds everywhere, so that nothing is rounded: at the ends of edges, no walks.
        let places: Vec<Option<Snap>> = places
            .into_iter()
            .map(|place| place.map(|place| Snap { along_dm: 0, off_mm: 0, ..place }))
            .collect();
        let scale = |graph: &mut Graph, by: u32| {
            for edge in graph.edges.iter_mut() {
                for ms in [&mut edge.forward_ms, &mut edge.backward_ms] {
                    *ms = if *ms == CLOSED { CLOSED } else { *ms * by };
                }
                (edge.tail_ms, edge.head_ms) = (edge.tail_ms * by, edge.head_ms * by);
            }
            graph.through_ms *= by;
            graph.turns_ms = graph.turns_ms.map(|turns| turns.map(|ms| ms * by));
        };
        scale(&mut graph, 10);
        let once = table_of(&graph, &places);
        scale(&mut graph, 3);
        let thrice = table_of(&graph, &places);
        for (i, j) in pairs(places.len()) {
            let seconds = |table: &hjemrute_travel::Table| {
                table.leg(i, j).map(|leg| (leg.seconds.0, leg.metres.0))
            };
            let (once, thrice) = (seconds(&once), seconds(&thrice));
            prop_assert_eq!(once.map(|(seconds, metres)| (seconds * 3, metres)), thrice);
        }
    }

    #[test]
    fn closing_a_turn_shortens_nothing((mut graph, places) in a_town(), pick in any::<Vec<u32>>()) {
        // Nothing a sign forbids may make a dead end, where one may turn back: so a longer row.
        let before = table_of(&graph, &places);
        let picks: Vec<u32> = pick.into_iter().chain([1, 2, 3, 4]).take(LONGEST_BAN).collect();
        let row = wander(&graph, &[&[1], &picks[1..]].concat());
        // And where one turned as one liked before, one turns back no more: which is dearer too.
        if row.len() == 3 {
            graph.bans.own().extend(row.into_iter().chain([Graph::END_OF_BAN]));
            graph.ban_bands.own().push(crate::graph::ALWAYS);
        }
        let after = table_of(&graph, &places);
        for (i, j) in pairs(places.len()) {
            let seconds = |table: &hjemrute_travel::Table| {
                table.leg(i, j).map_or(i32::MAX, |leg| leg.seconds.0)
            };
            prop_assert!(seconds(&after) >= seconds(&before), "{:?} to {:?}", i, j);
        }
    }

    #[test]
    fn closing_a_road_shortens_nothing((mut graph, places) in a_town(), closed in any::<u32>()) {
        // Where turning is not free, a road closed may leave a dead end, to turn back at.
        graph.turns_ms = None;
        let before = table_of(&graph, &places);
        let closed = closed % graph.edges.len() as u32;
        let edge = &mut graph.edges[closed as usize];
        (edge.forward_ms, edge.backward_ms) = (CLOSED, CLOSED);
        let after = table_of(&graph, &places);
        let on_it = |place: &Option<Snap>| place.is_some_and(|place| place.edge == closed);
        for (i, from) in (0..).zip(&places).filter(|(_, place)| !on_it(place)) {
            for (j, _) in (0..).zip(&places).filter(|(_, place)| !on_it(place)) {
                let seconds = |table: &hjemrute_travel::Table| {
                    table.leg(PlaceId(i), PlaceId(j)).map_or(i32::MAX, |leg| leg.seconds.0)
                };
                prop_assert!(seconds(&after) >= seconds(&before), "{} to {} from {:?}", i, j, from);
            }
        }
    }
}
