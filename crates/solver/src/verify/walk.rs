//! Walks each list stop by stop with a clock in the hand: places, ways, access, waiting, breaks on
//! the way, and the shift. After each stop the walk goes on from what the list says, so that a
//! wrong figure is named where it stands and not again at every later stop.

use hjemrute_travel::{Leg, PlaceId, Seconds, Table, Time};

use super::clock::{between, forward, later, leg, sum, told};
use super::{Breaches, Reading};
use crate::plan::{Carer, Stop, Visit, VisitStop, WorkList};

/// What a list costs in time, as it was walked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Walk {
    /// On the road.
    pub(super) travel: Seconds,
    /// At doors, and before breaks on the way.
    pub(super) waiting: Seconds,
    /// Behind the end of the shift.
    pub(super) overtime: Seconds,
    /// The longest wait.
    pub(super) worst_wait: Seconds,
    /// On the road, at doors, at visits and resting.
    pub(super) busy: Seconds,
    /// Resting.
    pub(super) resting: Seconds,
}

impl Walk {
    /// What is spent on the road, at doors and at visits.
    pub(super) fn work(&self) -> Seconds {
        Seconds(self.busy.0.saturating_sub(self.resting.0))
    }
}

/// Walks every list; one walk for each list of a carer who is at work.
pub(super) fn check(reading: &Reading, breaches: &mut Breaches) -> Vec<Walk> {
    reading.lists.iter().map(|(carer, list)| walk(reading, carer, list, breaches)).collect()
}

fn walk(reading: &Reading, carer: &Carer, list: &WorkList, breaches: &mut Breaches) -> Walk {
    let mut walker = Walker::new(reading, carer, breaches);
    for (at, stop) in list.stops.iter().enumerate() {
        let rest_of_day = &list.stops[at + 1..];
        match stop {
            Stop::Leave { place, leave } => walker.leave(*place, *leave),
            Stop::Visit(stop) => walker.visit(stop),
            Stop::Break { place, travel, start, leave } => {
                walker.rest(*place, *travel, (*start, *leave), rest_of_day);
            }
            Stop::Key { place, travel, arrive, leave } => {
                walker.key(*place, *travel, (*arrive, *leave));
            }
            Stop::Return { place, travel, arrive } => walker.come_back(*place, *travel, *arrive),
        }
    }
    walker.shift();
    walker.walk
}

/// Where on the day the walk is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    BeforeLeaving,
    OnTheWay,
    Back,
}

struct Walker<'a> {
    reading: &'a Reading<'a>,
    carer: &'a Carer,
    table: Option<&'a Table>,
    breaches: &'a mut Breaches,
    part: Part,
    /// Where the carer stands.
    at: PlaceId,
    /// At whose door the carer was last, or the start: what access is paid against.
    here: PlaceId,
    /// Whether that was a visit's.
    visited: bool,
    /// How many visits of the list were passed.
    passed: usize,
    /// When the carer is free to go on.
    clock: Time,
    /// The first and the last moment on the list.
    span: Option<(Time, Time)>,
    walk: Walk,
}

impl<'a> Walker<'a> {
    fn new(reading: &'a Reading, carer: &'a Carer, breaches: &'a mut Breaches) -> Walker<'a> {
        Walker {
            reading,
            carer,
            table: reading.tables.get(carer.mode),
            breaches,
            part: Part::BeforeLeaving,
            at: carer.start,
            here: carer.start,
            visited: false,
            passed: 0,
            clock: carer.shift_start,
            span: None,
            walk: Walk::default(),
        }
    }

    fn leave(&mut self, place: PlaceId, leave: Time) {
        if place != self.carer.start {
            let (en, nb) = ("the day does not begin at the start place", "dagen starter feil sted");
            self.breaches.carer("start-place", &self.carer.id, en, nb);
        }
        // Leaving before the shift is `shift`'s to name; here it is leaving in the middle of a break.
        if self.clock > self.carer.shift_start && leave < self.clock {
            let clock = self.clock;
            let en = format!("sets off at {leave}, but the break is over at {clock}");
            let nb = format!("drar {leave}, men pausen er over {clock}");
            self.breaches.carer("leaves-in-break", &self.carer.id, en, nb);
        }
        if self.reading.instance.policy.leaves_at_start && leave > self.carer.shift_start {
            let start = self.carer.shift_start;
            let en = format!("sets off at {leave}, but is to when the shift starts at {start}");
            let nb = format!("drar {leave}, men skal dra når vakta starter {start}");
            self.breaches.carer("leaves-late", &self.carer.id, en, nb);
        }
        self.part = Part::OnTheWay;
        self.goes_on(leave, leave);
    }

    fn visit(&mut self, stop: &VisitStop) {
        let Some(visit) = self.reading.visits.get(&stop.visit).copied() else {
            return self.goes_on(stop.start, stop.leave);
        };
        let arrival = self.arrives(visit.place, stop.travel, stop.arrive, Some(visit));
        let access = self.access(visit.place);
        let ready = later(arrival, access);
        self.begins(visit, stop, ready);
        let duration = between(stop.start, stop.leave);
        self.walk.busy = sum(self.walk.busy, sum(access, duration));
        if duration != visit.duration {
            let (duration, wanted) = (told(duration), told(visit.duration));
            let en = format!("lasts {duration}, but is to last {wanted}");
            let nb = format!("varer {duration}, men skal vare {wanted}");
            self.breaches.stop("duration-wrong", (&visit.id, &self.carer.id), en, nb);
        }
        (self.here, self.visited) = (visit.place, true);
        self.goes_on(stop.start, stop.leave);
        self.passed += 1;
        // Under way to a visit that was called off, the carer is free only now.
        let begun = self.reading.begun(self.carer).filter(|begun| begun.stops.len() == self.passed);
        self.clock = begun.map_or(self.clock, |begun| self.clock.max(begun.free));
    }

    /// The start against the moment at which the carer is ready.
    fn begins(&mut self, visit: &Visit, stop: &VisitStop, ready: Time) {
        let names = (&visit.id, &self.carer.id);
        let (start, wait) = (stop.start, forward(ready, stop.start));
        if start < ready {
            let en = format!("starts at {start}, but the carer is ready at {ready}");
            let nb = format!("starter {start}, men den ansatte er klar {ready}");
            self.breaches.stop("start-before-ready", names, en, nb);
        }
        if stop.wait != wait {
            let (said, wait) = (told(stop.wait), told(wait));
            let en = format!("said to wait {said}, waits {wait}");
            let nb = format!("oppgitt ventetid {said}, venter {wait}");
            self.breaches.stop("wait-wrong", names, en, nb);
        }
        self.waits(wait);
    }

    fn waits(&mut self, wait: Seconds) {
        self.walk.waiting = sum(self.walk.waiting, wait);
        self.walk.worst_wait = self.walk.worst_wait.max(wait);
    }

    fn rest(
        &mut self,
        place: PlaceId,
        travel: Leg,
        (start, leave): (Time, Time),
        rest_of_day: &[Stop],
    ) {
        if !self.may_rest_at(place, rest_of_day) {
            let en = "the break is not where it may be taken";
            let nb = "pausen tas ikke der den skal tas";
            self.breaches.carer("break-place", &self.carer.id, en, nb);
        }
        let mut arrival = self.goes_to(place, travel, None);
        if self.has_own_place() && self.part == Part::OnTheWay {
            let access = self.access(place);
            arrival = later(arrival, access);
            self.walk.busy = sum(self.walk.busy, access);
            self.stands_at(place);
        }
        if start < arrival && self.part != Part::BeforeLeaving {
            let en = format!("the break begins at {start}, but the carer is there at {arrival}");
            let nb = format!("pausen begynner {start}, men den ansatte er der {arrival}");
            self.breaches.carer("break-before-arrival", &self.carer.id, en, nb);
        }
        if self.part == Part::OnTheWay {
            self.waits(forward(arrival, start));
        }
        self.walk.busy = sum(self.walk.busy, between(start, leave));
        self.walk.resting = sum(self.walk.resting, between(start, leave));
        self.goes_on(start, leave);
    }

    fn has_own_place(&self) -> bool {
        self.carer.rest.is_some_and(|rest| rest.place.is_some())
    }

    /// Before leaving at the start place, after the return at the end place, in between where the
    /// last visit was or where the next one is, or at the break's own place if it has one.
    fn may_rest_at(&self, place: PlaceId, rest_of_day: &[Stop]) -> bool {
        let own = self.carer.rest.and_then(|rest| rest.place);
        if own.is_some_and(|own| own != place) {
            return false;
        }
        match self.part {
            Part::BeforeLeaving => place == self.carer.start,
            Part::Back => place == self.carer.end,
            Part::OnTheWay if own.is_some() => true,
            Part::OnTheWay => {
                (self.visited && place == self.here) || self.next_visit(rest_of_day) == Some(place)
            }
        }
    }

    /// The place of the next stop, if that is a visit.
    fn next_visit(&self, rest_of_day: &[Stop]) -> Option<PlaceId> {
        match rest_of_day.first()? {
            Stop::Visit(stop) => self.reading.visits.get(&stop.visit).map(|visit| visit.place),
            Stop::Leave { .. } | Stop::Key { .. } | Stop::Break { .. } | Stop::Return { .. } => {
                None
            }
        }
    }

    /// A stop for a key takes the access to its door and nothing else.
    fn key(&mut self, place: PlaceId, travel: Leg, (arrive, leave): (Time, Time)) {
        let arrival = self.arrives(place, travel, arrive, None);
        let access = self.access(place);
        self.walk.busy = sum(self.walk.busy, access);
        let done = later(arrival, access);
        if leave != done {
            let en = format!("goes on from the key at {leave}, but has it at {done}");
            let nb = format!("drar videre fra nøkkelen {leave}, men har den {done}");
            self.breaches.carer("key-time", &self.carer.id, en, nb);
        }
        self.stands_at(place);
        self.goes_on(arrive, leave);
    }

    /// At a door where nobody is visited.
    fn stands_at(&mut self, place: PlaceId) {
        if place != self.here {
            (self.here, self.visited) = (place, false);
        }
    }

    fn come_back(&mut self, place: PlaceId, travel: Leg, arrive: Time) {
        if place != self.carer.end {
            let (en, nb) = ("the day does not end at the end place", "dagen slutter feil sted");
            self.breaches.carer("end-place", &self.carer.id, en, nb);
        }
        self.arrives(place, travel, arrive, None);
        self.part = Part::Back;
        self.goes_on(arrive, arrive);
    }

    /// The way to a stop and the moment of arrival, held against what the list says.
    fn arrives(&mut self, to: PlaceId, said: Leg, arrive: Time, visit: Option<&Visit>) -> Time {
        let arrival = self.goes_to(to, said, visit);
        if arrive != arrival {
            let en = format!("said to arrive at {arrive}, but arrives at {arrival}");
            let nb = format!("oppgitt ankomst {arrive}, men er framme {arrival}");
            self.breach("arrival-wrong", visit, en, nb);
        }
        arrival
    }

    /// The way to a stop by the table of the carer's mode; when the carer is there.
    fn goes_to(&mut self, to: PlaceId, said: Leg, visit: Option<&Visit>) -> Time {
        let way = leg(self.table, self.at, to);
        match way {
            None => {
                let mode = self.carer.mode;
                let en = format!("there is no way to the stop by {mode}");
                let nb = format!("det finnes ingen vei til stoppet med reisemåten «{mode}»");
                self.breach("no-way", visit, en, nb);
            }
            Some(way) if way != said => {
                let en =
                    format!("the way is said to be {}, but is {}", one_way(said), one_way(way));
                let nb = format!("veien er oppgitt til {}, men er {}", one_way(said), one_way(way));
                self.breach("travel-wrong", visit, en, nb);
            }
            Some(_) => {}
        }
        let seconds = way.unwrap_or(said).seconds;
        self.walk.travel = sum(self.walk.travel, seconds);
        self.walk.busy = sum(self.walk.busy, seconds);
        self.at = to;
        later(self.clock, seconds)
    }

    /// The clock at the end of a stop.
    fn goes_on(&mut self, begin: Time, end: Time) {
        let (first, last) = self.span.unwrap_or((begin, end));
        self.span = Some((first.min(begin), last.max(end)));
        self.clock = end;
    }

    /// Everything within the shift and its overtime.
    fn shift(&mut self) {
        let Some((first, last)) = self.span else { return };
        let Carer { id, shift_start, shift_end, overtime, .. } = self.carer;
        let begun = self.reading.begun(self.carer);
        let latest = later(*shift_end, *overtime);
        let latest = begun.map_or(latest, |begun| latest.max(begun.over));
        if first < *shift_start && begun.is_none() {
            let en = format!("begins at {first}, but the shift begins at {shift_start}");
            let nb = format!("begynner {first}, men vakta begynner {shift_start}");
            self.breaches.carer("shift-start", id, en, nb);
        }
        if last > latest {
            let en = format!("is done at {last}, but no later than {latest} is allowed");
            let nb = format!("er ferdig {last}, men ikke senere enn {latest} er tillatt");
            self.breaches.carer("shift-end", id, en, nb);
        }
        self.walk.overtime = forward(*shift_end, last);
    }

    /// From parked to the door, unless the carer was at that door last.
    fn access(&self, place: PlaceId) -> Seconds {
        let other = (place != self.here).then(|| self.reading.instance.places.get(place.index()));
        other.flatten().map_or(Seconds::ZERO, |place| place.access)
    }

    fn breach(&mut self, rule: &'static str, visit: Option<&Visit>, en: String, nb: String) {
        match visit {
            Some(visit) => self.breaches.stop(rule, (&visit.id, &self.carer.id), en, nb),
            None => self.breaches.carer(rule, &self.carer.id, en, nb),
        }
    }
}

fn one_way(leg: Leg) -> String {
    format!("{} / {} m", told(leg.seconds), leg.metres.0)
}
