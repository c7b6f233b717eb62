//! What is answered: a work list for each carer, and a reason for each visit that is on none.

use hjemrute_travel::{Leg, PlaceId, Seconds, Time};

use crate::plan::{CarerRef, Said, VisitId};
use crate::score::Score;

/// The plan of one day.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// One for each carer of the instance, in its order; a carer who is not sent out has no stops.
    pub work_lists: Vec<WorkList>,
    /// Every visit that is on no work list, in the instance's order.
    pub unassigned: Vec<Unassigned>,
    /// What it costs, told in parts.
    pub score: Score,
    /// What a scheduler should look at.
    pub warnings: Vec<Warning>,
}

/// What one carer does, stop by stop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkList {
    /// Whose list it is.
    pub carer: CarerRef,
    /// First the base, then visits, stops for keys and at most one break, then the base again; a
    /// break may also stand before the first departure or after the return. Empty for a carer who
    /// stays.
    pub stops: Vec<Stop>,
}

impl WorkList {
    /// The visits on the list, in its order.
    pub fn visits(&self) -> impl Iterator<Item = &VisitStop> {
        self.stops.iter().filter_map(|stop| match stop {
            Stop::Visit(stop) => Some(stop),
            Stop::Leave { .. } | Stop::Key { .. } | Stop::Break { .. } | Stop::Return { .. } => {
                None
            }
        })
    }

    /// Whether the visit is on the list.
    pub fn has(&self, visit: &VisitId) -> bool {
        self.visits().any(|stop| stop.visit == *visit)
    }
}

/// One entry of a work list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stop {
    /// The start of the day: where from and when.
    Leave {
        /// Where the shift begins.
        place: PlaceId,
        /// When the carer sets off.
        leave: Time,
    },
    /// A visit.
    Visit(VisitStop),
    /// A stop to fetch a key or to bring it back.
    Key {
        /// Where the key hangs.
        place: PlaceId,
        /// The way there; none when the carer is already there.
        travel: Leg,
        /// When the carer is at the place, before the access time.
        arrive: Time,
        /// When the carer goes on.
        leave: Time,
    },
    /// A break.
    Break {
        /// Where it is taken: at the last visit, at the place of the next one, or at its own place.
        place: PlaceId,
        /// The way there; none when it is taken where the last stop was.
        travel: Leg,
        /// When it begins.
        start: Time,
        /// When it is over.
        leave: Time,
    },
    /// The end of the day: where and when.
    Return {
        /// Where the shift ends.
        place: PlaceId,
        /// The way there.
        travel: Leg,
        /// When the carer is back.
        arrive: Time,
    },
}

/// A visit on a work list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VisitStop {
    /// Which visit.
    pub visit: VisitId,
    /// The way to it; none when the carer is already there.
    pub travel: Leg,
    /// When the carer is at the place, before the access time.
    pub arrive: Time,
    /// Time spent waiting: from arrival and access until the start.
    pub wait: Seconds,
    /// When the visit begins.
    pub start: Time,
    /// When it is over.
    pub leave: Time,
    /// How far the start lies behind the end of the latest window that has opened.
    pub late: Seconds,
    /// Who else is there.
    pub with: Vec<CarerRef>,
}

/// A visit that nobody makes, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unassigned {
    /// Which visit.
    pub visit: VisitId,
    /// Why.
    pub reason: Reason,
}

/// Why a visit is on no work list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// What stands in the way, most general first.
    pub code: ReasonCode,
    /// The same in words.
    pub detail: Said,
    /// Which rule keeps which carers from it; a carer is named once, under the first rule.
    pub ruled_out: Vec<RuledOut>,
}

/// One rule and the carers it keeps away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuledOut {
    /// The rule's name: `skills`, `avoid`, `pinned`, `hours`, `travel`, `room`.
    pub rule: &'static str,
    /// The carers.
    pub carers: Vec<CarerRef>,
}

impl RuledOut {
    /// Every rule that can be named.
    pub const RULES: [&'static str; 6] = ["skills", "avoid", "pinned", "travel", "hours", "room"];
}

/// The closed list of reasons.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ReasonCode {
    /// The list says that it is cancelled.
    Cancelled,
    /// There is no carer on the list at all.
    NoCarerOnShift,
    /// No carer has the skills it asks for.
    NoQualifiedCarer,
    /// Only carers whom the patient must not meet could do it.
    OnlyAvoidedCarers,
    /// Nobody who may do it can get there and back with their way of travelling.
    UnreachableByMode,
    /// Nobody who may do it is at work when it may start.
    WindowOutsideShifts,
    /// It asks for two carers at once, and fewer than two could do it.
    NeedsTwoCarers,
    /// The visit it must follow is not done.
    PredecessorLeftOut,
    /// There are carers who could, but none of them has room beside what outranks it.
    CapacityExhausted,
    /// There is room for it; it costs more than leaving it out, or nobody has put it on a list.
    RoomLeft,
}

impl ReasonCode {
    /// Every reason, most general first.
    pub const ALL: [ReasonCode; 10] = [
        Self::Cancelled,
        Self::NoCarerOnShift,
        Self::NoQualifiedCarer,
        Self::OnlyAvoidedCarers,
        Self::UnreachableByMode,
        Self::WindowOutsideShifts,
        Self::NeedsTwoCarers,
        Self::PredecessorLeftOut,
        Self::CapacityExhausted,
        Self::RoomLeft,
    ];

    /// The code in files and answers.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Cancelled => "cancelled",
            Self::NoCarerOnShift => "no-carer-on-shift",
            Self::NoQualifiedCarer => "no-qualified-carer",
            Self::OnlyAvoidedCarers => "only-avoided-carers",
            Self::UnreachableByMode => "unreachable-by-mode",
            Self::WindowOutsideShifts => "window-outside-shifts",
            Self::NeedsTwoCarers => "needs-two-carers",
            Self::PredecessorLeftOut => "predecessor-left-out",
            Self::CapacityExhausted => "capacity-exhausted",
            Self::RoomLeft => "room-left",
        }
    }
}

/// Something about the plan that a scheduler should look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// What kind of thing: `time-critical-late`, `snapped-far` …
    pub code: &'static str,
    /// The visit it is about.
    pub visit: Option<VisitId>,
    /// The carer it is about.
    pub carer: Option<CarerRef>,
    /// What it is.
    pub detail: Said,
}
