//! Makes the graph of one mode: cuts ways at junctions and obstacles, numbers what is left along a
//! space-filling curve, and puts time and length on it. The only place where tags become numbers.

use std::collections::{BTreeMap, BTreeSet};

use hjemrute_travel::Band;

use super::bands::ALWAYS;
use super::bans::{self, Places};
use super::{Bands, CLOSED, Edge, Exception, Graph, components};
use crate::geometry::{Point, millimetres};
use crate::pbf::{CUT, Extract, Way};
use crate::profile::{Clock, Obstacle, Passage, Profile, class};
use crate::strings::{NO_STRING, Strings, fold};
use crate::tags::Tags;

/// The graph of what the profile may use.
pub(crate) fn build(extract: &Extract, profile: &Profile, strings: &Strings) -> Graph {
    let mut pieces = Pieces::new(extract, profile);
    let clock = Clock::of_norway();
    let usable = extract.ways.iter();
    let usable = usable.filter_map(|way| Some((way, by_hour(profile, clock, &way.tags)?)));
    let usable: Vec<(&Way, ByHour)> = usable.collect();
    usable.iter().for_each(|(way, _)| pieces.count(&way.nodes));
    let (classes, percents) = profile.percents();
    for (way, by_hour) in usable {
        let name = way.tags.get("name").map_or(NO_STRING, |name| strings.id(&fold(name)));
        let own = |known: &String| Some(known.as_str()) == class(&way.tags);
        let class = classes.iter().position(own).unwrap_or(classes.len());
        pieces.cut(way, by_hour, name, class as u8);
    }
    let (mut graph, places) = pieces.into_graph(percents);
    graph.through_ms = profile.through_ms();
    graph.turns_ms = profile.turns_ms();
    if graph.turns_ms.is_some() {
        mark_ruled(&mut graph, profile.turns_everywhere());
        let (bans, bands) = bans::bans(extract, profile, &graph, &places);
        (graph.bans, graph.ban_bands) = (bans.into(), bands.into());
    }
    components::mark_kept(&mut graph);
    graph
}

/// Sets the flags on the ends where rules for turning hold: everywhere, or where three roads meet.
fn mark_ruled(graph: &mut Graph, everywhere: bool) {
    let mut roads = vec![0u32; graph.nodes as usize];
    for edge in graph.edges.iter().filter(|edge| edge.has(Edge::ROAD)) {
        roads[edge.tail as usize] += 1;
        roads[edge.head as usize] += 1;
    }
    let ruled = |node: u32| everywhere || roads[node as usize] > 2;
    for edge in graph.edges.iter_mut() {
        let tail = if ruled(edge.tail) { Edge::RULED_TAIL } else { 0 };
        edge.flags |= tail | if ruled(edge.head) { Edge::RULED_HEAD } else { 0 };
    }
}

/// How a way is passed in the standard band, and in the bands where it is passed otherwise.
#[derive(Clone)]
struct ByHour {
    standard: Passage,
    /// With the bands, as a sum of bits.
    others: Vec<(u32, Passage)>,
}

fn by_hour(profile: &Profile, clock: &Clock, tags: &Tags) -> Option<ByHour> {
    if !tags.have_hours() {
        return Some(ByHour { standard: profile.passage(tags)?, others: Vec::new() });
    }
    let at = |band: Band| profile.passage_at(tags, clock.middle(band));
    let standard = at(Band::STANDARD)?;
    let mut others: Vec<(u32, Passage)> = Vec::new();
    for band in Band::all() {
        let passage = at(band)?;
        match others.iter_mut().find(|(_, known)| *known == passage) {
            Some((bands, _)) => *bands |= 1 << band.index(),
            None if passage != standard => others.push((1 << band.index(), passage)),
            None => {}
        }
    }
    Some(ByHour { standard, others })
}

/// Where a piece ends: a node of the map, or one side of an obstacle, which is nobody else's.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum End {
    Node(u32),
    Blind(u32),
}

struct Piece {
    /// The way it was cut from, as the map calls it.
    way: i64,
    /// How many pieces were cut before it.
    number: usize,
    ends: [End; 2],
    nodes: Vec<u32>,
    by_hour: ByHour,
    /// Which class of way it is, for the percents of the bands.
    class: u8,
    /// Seconds per decimetre do not fit whole numbers: the duration and length of the whole way.
    timed: Option<(u32, u64)>,
    name: u32,
}

struct Pieces<'a> {
    extract: &'a Extract,
    obstacles: BTreeMap<u32, Obstacle>,
    ferry_wait_ms: u32,
    /// How many ways meet at each node; an end of a way counts twice.
    meetings: Vec<u8>,
    pieces: Vec<Piece>,
    blind: u32,
}

impl<'a> Pieces<'a> {
    fn new(extract: &'a Extract, profile: &Profile) -> Pieces<'a> {
        let obstacles = extract.marked.iter().map(|(node, tags)| (*node, profile.obstacle(tags)));
        Pieces {
            extract,
            obstacles: obstacles.filter(|(_, obstacle)| *obstacle != Obstacle::None).collect(),
            ferry_wait_ms: profile.ferry_wait_ms(),
            meetings: vec![0; extract.points.len()],
            pieces: Vec::new(),
            blind: 0,
        }
    }

    fn count(&mut self, nodes: &[u32]) {
        for run in runs(nodes) {
            let ends = [run[0], run[run.len() - 1]];
            for node in run.iter().copied().chain(ends) {
                let meetings = &mut self.meetings[node as usize];
                *meetings = meetings.saturating_add(1);
            }
        }
    }

    fn cut(&mut self, way: &Way, by_hour: ByHour, name: u32, class: u8) {
        let timed = by_hour
            .standard
            .duration
            .map(|seconds| (seconds, runs(&way.nodes).map(|run| self.length(run)).sum()));
        for run in runs(&way.nodes) {
            let mut start = 0;
            for at in 1..run.len() {
                if at + 1 == run.len() || self.splits(run[at]) {
                    let ends = [run[start], run[at]].map(|node| self.end(node));
                    let nodes = run[start..=at].to_vec();
                    let number = self.pieces.len();
                    self.pieces.push(Piece {
                        way: way.id,
                        number,
                        ends,
                        nodes,
                        by_hour: by_hour.clone(),
                        class,
                        timed,
                        name,
                    });
                    start = at;
                }
            }
        }
    }

    fn splits(&self, node: u32) -> bool {
        self.meetings[node as usize] > 1 || self.obstacles.contains_key(&node)
    }

    fn end(&mut self, node: u32) -> End {
        if self.obstacles.get(&node) == Some(&Obstacle::Closed) {
            self.blind += 1;
            End::Blind(self.blind)
        } else {
            End::Node(node)
        }
    }

    /// Millimetres along nodes.
    fn length(&self, nodes: &[u32]) -> u64 {
        let point = |node: u32| self.extract.points[node as usize];
        nodes.windows(2).map(|pair| millimetres(point(pair[0]), point(pair[1])) as u64).sum()
    }

    fn into_graph(self, percents: Vec<Vec<u32>>) -> (Graph, Places) {
        let ids = self.number();
        let landings = self.landings();
        let mut ordered: Vec<([u32; 2], &Piece)> =
            self.pieces.iter().map(|piece| (piece.ends.map(|end| ids[&end]), piece)).collect();
        ordered.sort_by_key(|(ends, _)| *ends);
        let (mut edges, mut points, mut exceptions) = (Vec::new(), Vec::new(), Vec::new());
        for ([tail, head], piece) in &ordered {
            let [tail_ms, head_ms] = piece.ends.map(|end| self.lost_before(end, piece, &landings));
            let (tail, head, first_point) = (*tail, *head, points.len() as u32);
            points.extend(piece.nodes.iter().map(|&node| self.extract.points[node as usize]));
            let edge = Edge { tail, head, tail_ms, head_ms, first_point, ..self.measured(piece) };
            exceptions.extend(self.exceptions(piece, edges.len() as u32));
            edges.push(edge);
        }
        let places = self.places(&ids, &ordered);
        let nodes = ids.len() as u32;
        let mut bands = Bands { exceptions: exceptions.into(), ..Bands::default() };
        if percents.iter().flatten().any(|percent| *percent != 100) {
            let classes: Vec<u8> = ordered.iter().map(|(_, piece)| piece.class).collect();
            (bands.percents, bands.classes) = (percents.concat().into(), classes.into());
        }
        let (edges, points) = (edges.into(), points.into());
        let graph = Graph { nodes, edges, points, bands, ..Graph::default() };
        (graph, places)
    }

    /// Where the ways and nodes that signs speak of ended up.
    fn places(&self, ids: &BTreeMap<End, u32>, ordered: &[([u32; 2], &Piece)]) -> Places {
        let signs = &self.extract.restrictions;
        let wanted =
            signs.iter().flat_map(|sign| sign.from.iter().chain(&sign.over).chain(&sign.to));
        let wanted: BTreeSet<i64> = wanted.copied().collect();
        let mut edges: Vec<(i64, usize, u32)> = Vec::new();
        for (edge, (_, piece)) in
            (0..).zip(ordered).filter(|(_, (_, piece))| wanted.contains(&piece.way))
        {
            edges.push((piece.way, piece.number, edge));
        }
        edges.sort_unstable();
        let mut ways: BTreeMap<i64, Vec<u32>> = BTreeMap::new();
        edges.into_iter().for_each(|(way, _, edge)| ways.entry(way).or_default().push(edge));
        let node = |node: u32| Some((node, *ids.get(&End::Node(node))?));
        Places { ways, nodes: signs.iter().filter_map(|sign| node(sign.node)).collect() }
    }

    /// Milliseconds forward and backward.
    fn times(&self, piece: &Piece, passage: &Passage) -> [u32; 2] {
        let mm = self.length(&piece.nodes);
        [passage.forward, passage.backward].map(|speed| match (speed, piece.timed) {
            (None, _) => CLOSED,
            (Some(_), Some((seconds, whole))) => {
                fits(mm * u64::from(seconds) * 1000 / whole.max(1))
            }
            (Some(speed), None) => fits(mm * 3600 / u64::from(speed.max(1))),
        })
    }

    fn measured(&self, piece: &Piece) -> Edge {
        let ByHour { standard, others } = &piece.by_hour;
        let [forward_ms, backward_ms] = self.times(piece, standard);
        let flag = |set: bool, flag: u32| if set { flag } else { 0 };
        let restricted = standard.restricted || others.iter().any(|(_, then)| then.restricted);
        Edge {
            forward_ms,
            backward_ms,
            length_dm: fits((self.length(&piece.nodes) + 50) / 100),
            name: piece.name,
            flags: flag(restricted, Edge::RESTRICTED)
                | flag(restricted && !standard.restricted, Edge::OPEN_NOW)
                | flag(standard.snap, Edge::SNAP)
                | flag(standard.road, Edge::ROAD),
            ..bytemuck::Zeroable::zeroed()
        }
    }

    /// What a piece is in other bands.
    fn exceptions(&self, piece: &Piece, edge: u32) -> Vec<Exception> {
        let exception = |(bands, then): &(u32, Passage)| {
            let [forward_ms, backward_ms] = self.times(piece, then);
            let open = if then.restricted { 0 } else { Edge::OPEN_NOW };
            Exception { edge, bands: bands & ALWAYS, forward_ms, backward_ms, open }
        };
        piece.by_hour.others.iter().map(exception).collect()
    }

    /// Milliseconds lost at an end before setting out from it along the piece.
    fn lost_before(&self, end: End, piece: &Piece, landings: &[bool]) -> u32 {
        let End::Node(node) = end else { return 0 };
        let obstacle = match self.obstacles.get(&node) {
            Some(Obstacle::Delay(ms)) => *ms,
            _ => 0,
        };
        let boarding = piece.by_hour.standard.ferry && landings[node as usize];
        obstacle + if boarding { self.ferry_wait_ms } else { 0 }
    }

    /// The nodes where one can stand on land.
    fn landings(&self) -> Vec<bool> {
        let mut landings = vec![false; self.extract.points.len()];
        for piece in self.pieces.iter().filter(|piece| !piece.by_hour.standard.ferry) {
            for end in piece.ends {
                if let End::Node(node) = end {
                    landings[node as usize] = true;
                }
            }
        }
        landings
    }

    /// Numbers the ends so that neighbours on the ground are neighbours in memory.
    fn number(&self) -> BTreeMap<End, u32> {
        let mut ends = Vec::with_capacity(2 * self.pieces.len());
        for piece in &self.pieces {
            let corners = [piece.nodes[0], piece.nodes[piece.nodes.len() - 1]];
            for (end, corner) in piece.ends.into_iter().zip(corners) {
                ends.push((morton(self.extract.points[corner as usize]), end));
            }
        }
        ends.sort_unstable();
        ends.dedup();
        ends.into_iter().enumerate().map(|(id, (_, end))| (end, id as u32)).collect()
    }
}

/// The stretches of a way whose nodes are all there, at least two different points each.
fn runs(nodes: &[u32]) -> impl Iterator<Item = &[u32]> {
    nodes.split(|node| *node == CUT).filter(|run| run.len() > 1)
}

/// A length or time that fits; what does not is as good as closed.
fn fits(number: u64) -> u32 {
    u32::try_from(number).unwrap_or(CLOSED).min(CLOSED - 1)
}

/// Interleaves the bits of both coordinates.
fn morton(point: Point) -> u64 {
    let spread = |coordinate: i32| {
        let mut bits = u64::from((coordinate as u32) ^ 0x8000_0000);
        bits = (bits | bits << 16) & 0x0000_ffff_0000_ffff;
        bits = (bits | bits << 8) & 0x00ff_00ff_00ff_00ff;
        bits = (bits | bits << 4) & 0x0f0f_0f0f_0f0f_0f0f;
        bits = (bits | bits << 2) & 0x3333_3333_3333_3333;
        (bits | bits << 1) & 0x5555_5555_5555_5555
    };
    spread(point.lon) | spread(point.lat) << 1
}
