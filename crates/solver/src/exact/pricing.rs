//! The cheapest day of one carer under prices: forward labelling in the order of time over routes
//! that may forget ([`Memory`]). In whole numbers, and exact for those routes, so what it tells is no
//! more than any real route costs. Knows clocks and prices, nothing of a linear program.

use super::ahead::Ahead;
use super::claim::{self, Claim, Prices};
use super::clock::{Clock, Tariff};
use super::memory::Memory;
use crate::problem::{FAR, JobId, NEVER, Problem, Rest, TaskId, VehicleId, Way, Window};

/// How thorough a pricing is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Care {
    /// Of two ways to the same visit only the cheaper is kept, whatever it remembers, and only the
    /// most promising visits come next: finds routes.
    Quick,
    /// Nothing is lost: proves that there is no cheaper one.
    Exact,
}

/// What pricing one carer's day has come to.
#[derive(Debug)]
pub(crate) struct Priced {
    /// No route is cheaper under the prices, if the pricing was exact; nothing is cheaper than
    /// what was looked for.
    pub(crate) least: i64,
    /// Cheap routes, the cheapest first; tasks in their order.
    pub(crate) routes: Vec<(i64, Vec<TaskId>)>,
}

/// A stop that the carer could make.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    job: JobId,
    task: TaskId,
    pub(crate) place: u32,
    pub(crate) service: i32,
    pub(crate) windows: Vec<Window>,
    /// What making it brings in.
    pub(crate) prize: i64,
    /// What a second late costs.
    pub(crate) late: i64,
    /// The way to where the day ends.
    pub(crate) home: Way,
}

impl Node {
    /// From when to when it can start at all.
    pub(crate) fn span(&self) -> (i32, i32) {
        let first = self.windows.iter().map(|window| window.earliest).min();
        let last = self.windows.iter().map(|window| window.hard).max();
        first.zip(last).unwrap_or((FAR, -FAR))
    }
}

/// A stretch of a route, its last visit made.
#[derive(Clone, Copy, Debug)]
struct Label {
    clock: Clock,
    /// The stretch before it; [`NONE`] at the start.
    from: u32,
    /// The next label of the same second.
    next: u32,
    node: u16,
    memory: u16,
    rested: bool,
}

const NONE: u32 = u32::MAX;

/// How many visits may come next in a quick pricing.
const NEXT: usize = 12;

/// What is known of the stretches that end at one node: cost, free, memory, cheapest first.
type Settled = Vec<(i64, i32, u16, i32)>;

/// Prices the days of the carers, one after the other, in the same rooms.
pub(crate) struct Pricer<'p> {
    problem: &'p Problem,
    claim: &'p Claim,
    memory: &'p Memory,
    tariff: Tariff,
    labels: Vec<Label>,
    /// By second from the start of the shift.
    heads: Vec<u32>,
    settled: Vec<Settled>,
    /// What a day must cost less than to be of use, and what the rest of one costs.
    hope: (i64, Ahead),
    /// How many labels and arcs were looked at so far: the measure of the work done.
    pub(crate) work: u64,
    /// Asked now and then whether to give up.
    stop: &'p dyn Fn() -> bool,
}

impl<'p> Pricer<'p> {
    pub(crate) fn new(
        problem: &'p Problem,
        claim: &'p Claim,
        memory: &'p Memory,
        stop: &'p dyn Fn() -> bool,
    ) -> Pricer<'p> {
        Pricer {
            problem,
            claim,
            memory,
            tariff: Tariff::of(problem),
            labels: Vec::new(),
            heads: Vec::new(),
            settled: Vec::new(),
            hope: (0, Ahead::none()),
            work: 0,
            stop,
        }
    }

    /// The days of the carer that are cheaper than `below`, up to `most` of them; `None` if it is
    /// stopped. Where that takes more than `labels` labels, no day is told, and that none is cheaper
    /// than it can be without memory.
    pub(crate) fn price(
        &mut self,
        (id, below): (VehicleId, i64),
        prices: &Prices,
        care: Care,
        (most, labels): (usize, usize),
    ) -> Option<Priced> {
        let nodes = self.nodes(id, prices);
        let vehicle = self.problem.vehicle(id);
        let next = match care {
            Care::Quick => self.promising(id, &nodes),
            Care::Exact => vec![(0..nodes.len() as u16).collect(); nodes.len()],
        };
        self.clear(nodes.len(), (vehicle.hard_end - vehicle.shift_start).max(0) as usize + 1);
        let mut ends: Vec<(i64, u32)> = Vec::new();
        self.work += (nodes.len() * nodes.len()) as u64;
        let ahead = match care {
            Care::Quick => Ahead::none(),
            Care::Exact => Ahead::of(vehicle, self.problem.ways(id), self.tariff, &nodes),
        };
        self.hope = (below, ahead);
        self.set_off(id, &nodes);
        for second in 0..self.heads.len() {
            while self.heads[second] != NONE {
                let at = self.heads[second];
                let label = self.labels[at as usize];
                self.heads[second] = label.next;
                self.work += 1;
                if self.work.is_multiple_of(8192) && (self.stop)() {
                    return None;
                }
                if self.settles(label, care) {
                    let home = nodes[usize::from(label.node)].home;
                    let end = self.finish(id, label.clock, home, label.rested);
                    ends.extend(end.map(|cost| (cost, at)));
                    self.extend(id, &nodes, &next, at);
                    if self.labels.len() > labels {
                        let ways = self.problem.ways(id);
                        let least = self.hope.1.of_day(vehicle, ways, self.tariff, &nodes)?;
                        return Some(Priced { least: least.min(below), routes: Vec::new() });
                    }
                }
            }
        }
        ends.sort_unstable();
        let least = ends.first().map_or(below, |(cost, _)| below.min(*cost));
        let routes = ends.iter().take_while(|(cost, _)| *cost < below).take(most);
        let routes = routes.map(|(cost, at)| (*cost, self.route(&nodes, *at))).collect();
        Some(Priced { least, routes })
    }

    fn clear(&mut self, nodes: usize, seconds: usize) {
        self.labels.clear();
        self.heads.clear();
        self.heads.resize(seconds, NONE);
        self.settled.iter_mut().for_each(Settled::clear);
        self.settled.resize_with(nodes * 2, Settled::new);
    }

    /// The stops that the carer could make, each as the member of the crew that brings in most.
    fn nodes(&self, id: VehicleId, prices: &Prices) -> Vec<Node> {
        let problem = self.problem;
        let wishes = claim::wishes(problem, id);
        let node = |job: JobId| {
            let able = problem.job(job).tasks().filter(|task| problem.fit(id, *task) != NEVER);
            let prize =
                |task: TaskId| prices.task[task.ix()] - claim::fit(problem, id, task, &wishes);
            let (prize, task) = able.map(|task| (prize(task), task)).max_by_key(|best| best.0)?;
            Some(self.node(id, task, prize, prices))
        };
        problem.job_ids().filter_map(node).collect()
    }

    fn node(&self, id: VehicleId, task: TaskId, prize: i64, prices: &Prices) -> Node {
        let problem = self.problem;
        let (job, place) = (problem.tasks[task.ix()].job, problem.tasks[task.ix()].place);
        Node {
            job,
            task,
            place,
            service: problem.job(job).stay(problem.vehicle(id)),
            windows: self.claim.windows(problem, job).collect(),
            prize,
            late: self.claim.late(problem, job, prices),
            home: problem.ways(id).at(place, problem.vehicle(id).end),
        }
    }

    /// By node: those that bring in most for the way to them and the wait there.
    fn promising(&self, id: VehicleId, nodes: &[Node]) -> Vec<Vec<u16>> {
        let ways = self.problem.ways(id);
        let spans: Vec<(i32, i32)> = nodes.iter().map(Node::span).collect();
        let of = |(from, (opens, closes)): (&Node, &(i32, i32))| {
            let worth = |(to, (node, (first, last))): (u16, (&Node, &(i32, i32)))| {
                let way = ways.at(from.place, node.place);
                let spent = from.service + way.door;
                let feasible = opens + spent <= *last && from.job != node.job;
                let clock = Clock { ready: closes + spent, free: closes + spent, cost: 0 };
                let wait = clock.wait(self.tariff, *first).cost;
                feasible.then_some((self.tariff.ride(way) + wait - node.prize, to))
            };
            let mut next: Vec<(i64, u16)> =
                (0..).zip(nodes.iter().zip(&spans)).filter_map(worth).collect();
            next.sort_unstable();
            next.into_iter().take(NEXT).map(|(_, to)| to).collect()
        };
        nodes.iter().zip(&spans).map(of).collect()
    }

    /// From the start place to every first stop, with the break before it or without.
    fn set_off(&mut self, id: VehicleId, nodes: &[Node]) {
        let vehicle = self.problem.vehicle(id);
        let start = Clock::start(vehicle);
        let rested = vehicle.rest.and_then(|rest| start.rest_first(rest));
        let begun = [(Some(start), vehicle.rest.is_none()), (rested, true)];
        for (to, node) in nodes.iter().enumerate() {
            let way = self.problem.ways(id).at(vehicle.start, node.place);
            for (clock, rested) in begun {
                let Some(clock) = clock else { continue };
                self.arrive(id, (to, node), (clock, way), (NONE, 0, rested));
            }
        }
    }

    /// Whether the label is worth going on from; then it is remembered.
    fn settles(&mut self, label: Label, care: Care) -> bool {
        let Clock { cost, free, ready } = label.clock;
        let settled = &mut self.settled[usize::from(label.node) * 2 + usize::from(label.rested)];
        let at = settled.partition_point(|kept| kept.0 <= cost);
        let dominated = match care {
            Care::Quick => at > 0,
            Care::Exact => settled[..at].iter().any(|&(cost, free, memory, ready)| {
                memory & !label.memory == 0
                    && Clock { cost, free, ready }.no_worse(self.tariff, label.clock)
            }),
        };
        if !dominated {
            settled.insert(at, (cost, free, label.memory, ready));
        }
        !dominated
    }

    /// What the day comes to when the carer now goes home.
    fn finish(&self, id: VehicleId, clock: Clock, way: Way, rested: bool) -> Option<i64> {
        let vehicle = self.problem.vehicle(id);
        let finish = |rest| clock.finish(self.tariff, way, vehicle, rest);
        match vehicle.rest.filter(|_| !rested) {
            None => finish(None),
            Some(rest) => {
                let before = finish(Some((rest, false)));
                before.into_iter().chain(finish(Some((rest, true)))).min()
            }
        }
    }

    /// From the label to every stop that it does not remember.
    fn extend(&mut self, id: VehicleId, nodes: &[Node], next: &[Vec<u16>], at: u32) {
        let label = self.labels[at as usize];
        let from = &nodes[usize::from(label.node)];
        let ways = self.problem.ways(id);
        for &to in &next[usize::from(label.node)] {
            let (to, node) = (usize::from(to), &nodes[usize::from(to)]);
            let memory = self.memory.carry(from.job, node.job, label.memory);
            if memory & 1 == 0 {
                let way = ways.at(from.place, node.place);
                self.arrive(id, (to, node), (label.clock, way), (at, memory, label.rested));
            }
        }
    }

    /// Goes to the stop and makes it, in every way that may be worth it.
    #[inline]
    fn arrive(
        &mut self,
        id: VehicleId,
        (to, node): (usize, &Node),
        (clock, way): (Clock, Way),
        (from, memory, rested): (u32, u16, bool),
    ) {
        let rest = self.problem.vehicle(id).rest.filter(|_| !rested);
        let stretch = Stretch { tariff: self.tariff, way, rest, first: from == NONE };
        let home = node.home;
        stretch.to(node, clock, |clock, rests, _| {
            let (node, memory, rested) = (to as u16, memory | 1, rested || rests);
            let label = Label { clock, from, next: NONE, node, memory, rested };
            self.put(id, label, home);
        });
    }

    /// Queues a label that can still come home in time, and cheap enough.
    #[inline]
    fn put(&mut self, id: VehicleId, label: Label, home: Way) {
        let vehicle = self.problem.vehicle(id);
        let (below, ahead) = &self.hope;
        let hopeless = ahead
            .least(label.node.into(), label.clock.ready)
            .is_some_and(|rest| label.clock.cost + rest >= *below);
        if hopeless || label.clock.ready + home.ride > vehicle.hard_end {
            return;
        }
        let second = (label.clock.ready - vehicle.shift_start) as usize;
        let at = self.labels.len() as u32;
        self.labels.push(Label { next: self.heads[second], ..label });
        self.heads[second] = at;
    }

    fn route(&self, nodes: &[Node], last: u32) -> Vec<TaskId> {
        let mut route = Vec::new();
        let mut at = last;
        while at != NONE {
            let label = self.labels[at as usize];
            route.push(nodes[usize::from(label.node)].task);
            at = label.from;
        }
        route.reverse();
        route
    }

    /// What those stops in that order cost at the least, and how many half seconds they are then late
    /// at time-critical visits; `None` if they cannot be made so. Of the prices only that of a late
    /// second has a say, and in the choice alone.
    pub(crate) fn cost(
        &self,
        id: VehicleId,
        tasks: &[TaskId],
        prices: &Prices,
    ) -> Option<(i64, i32)> {
        let (problem, vehicle) = (self.problem, self.problem.vehicle(id));
        let wishes = claim::wishes(problem, id);
        let start = Clock::start(vehicle);
        let rested = vehicle.rest.and_then(|rest| start.rest_first(rest));
        let mut stretches = vec![(start, vehicle.rest.is_none(), Late::default())];
        stretches.extend(rested.map(|clock| (clock, true, Late::default())));
        let mut place = vehicle.start;
        for (at, &task) in tasks.iter().enumerate() {
            let node = self.node(id, task, -claim::fit(problem, id, task, &wishes), prices);
            let way = problem.ways(id).at(place, node.place);
            let mut next = Vec::new();
            for (clock, rested, late) in stretches {
                let rest = vehicle.rest.filter(|_| !rested);
                let stretch = Stretch { tariff: self.tariff, way, rest, first: at == 0 };
                stretch.to(&node, clock, |clock, rests, seconds| {
                    let late = if self.claim.is_critical(node.job) {
                        late.and(problem, &node, seconds)
                    } else {
                        late
                    };
                    next.push((clock, rested || rests, late));
                });
            }
            (stretches, place) = (next, node.place);
        }
        let way = problem.ways(id).at(place, vehicle.end);
        let ends = stretches
            .into_iter()
            .filter_map(|(clock, rested, late)| Some((self.finish(id, clock, way, rested)?, late)));
        let (weighed, late) = ends.min()?;
        Some((weighed - late.weighed, late.halves))
    }
}

/// Lateness at time-critical visits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Late {
    /// In half seconds: each of two carers counts for half.
    halves: i32,
    /// What it weighed in the choice.
    weighed: i64,
}

impl Late {
    fn and(self, problem: &Problem, node: &Node, seconds: i32) -> Late {
        let each = if problem.job(node.job).is_double() { 1 } else { 2 };
        Late {
            halves: self.halves + each * seconds,
            weighed: self.weighed + node.late * i64::from(seconds),
        }
    }
}

/// The way to a stop.
#[derive(Clone, Copy)]
struct Stretch {
    tariff: Tariff,
    way: Way,
    /// The break, while it has not been taken.
    rest: Option<Rest>,
    /// Whether it is the first of the day.
    first: bool,
}

impl Stretch {
    /// Tells every way to go there and make it that may be worth it: with the break or without, in
    /// this window or a later one; whether it takes the break, and by how much it is late.
    #[inline]
    fn to(self, node: &Node, clock: Clock, mut tell: impl FnMut(Clock, bool, i32)) {
        if clock.ready + self.way.door > node.windows.last().map_or(0, |last| last.hard) {
            return;
        }
        self.go(node, clock, None, &mut tell);
        if let Some(rest) = self.rest {
            self.go(node, clock, Some((rest, true)), &mut tell);
            // Before the departure the break costs no waiting: the day has begun with it.
            if !self.first {
                self.go(node, clock, Some((rest, false)), &mut tell);
            }
        }
    }

    #[inline]
    fn go(
        self,
        node: &Node,
        clock: Clock,
        rest: Option<(Rest, bool)>,
        tell: &mut impl FnMut(Clock, bool, i32),
    ) {
        let Some(there) = clock.go(self.tariff, self.way, rest) else { return };
        for window in node.windows.iter().filter(|window| there.ready <= window.hard) {
            let Some(made) = there.serve(self.tariff, *window, node.late, node.service) else {
                continue;
            };
            let late = (there.ready - window.latest).max(0);
            tell(
                Clock { cost: made.cost + window.price - node.prize, ..made },
                rest.is_some(),
                late,
            );
            // Who is in time gains nothing by a later window, if the time is free.
            if late == 0 && window.price == 0 {
                return;
            }
        }
    }
}
