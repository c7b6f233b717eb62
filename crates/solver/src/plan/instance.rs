//! What is asked: one day of visits and the carers who are at work. The meaning of each field is
//! the contract's; times are already moments, addresses already positions.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use hjemrute_travel::{Mode, PlaceId, Position, Seconds, Time};

use crate::plan::Published;
use crate::policy::Policy;
use crate::score::Cost;

macro_rules! name {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub String);

        impl From<&str> for $name {
            fn from(name: &str) -> Self {
                $name(name.to_owned())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

name! {
    /// A visit's id, as the list gave it.
    VisitId
}
name! {
    /// A patient's pseudonym.
    PatientRef
}
name! {
    /// A carer's pseudonym.
    CarerRef
}
name! {
    /// A location's id, as the list gave it.
    LocationId
}
name! {
    /// A qualification or a wish (`sykepleier`, `språk:ur`), compared exactly.
    Skill
}

/// How much is brought along, in whatever whole unit the list counts in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Load(pub u32);

/// One day to plan.
#[derive(Clone, Debug, PartialEq)]
pub struct Instance {
    /// Every place of the day; the position in this list is the place's [`PlaceId`] and its row in
    /// the travel tables.
    pub places: Vec<Place>,
    /// The visits, in the list's order.
    pub visits: Vec<Visit>,
    /// The carers at work, in the list's order.
    pub carers: Vec<Carer>,
    /// What is better than what.
    pub policy: Policy,
    /// What people have been told already, if a plan was published.
    pub published: Option<Published>,
}

impl Instance {
    /// The visits that people know, without helpers' parts of them.
    pub fn known_visits(&self) -> impl Iterator<Item = &Visit> {
        self.visits.iter().filter(|visit| visit.helps.is_none())
    }
}

/// Somewhere a carer starts, ends or visits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Its id in the list.
    pub id: LocationId,
    /// Where it is.
    pub position: Position,
    /// From parked to the door and back into traffic; paid once per stop at the place, before the
    /// first visit there begins.
    pub access: Seconds,
    /// Where the key of its door hangs, if it takes one: whoever visits here has been there before,
    /// and is there again afterwards.
    pub key_at: Option<PlaceId>,
}

/// One visit to one patient.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visit {
    /// Its id, unique on the list.
    pub id: VisitId,
    /// Whose visit it is.
    pub patient: PatientRef,
    /// Where the patient lives.
    pub place: PlaceId,
    /// How long it lasts, the same for every carer of it who is not among `paces`.
    pub duration: Seconds,
    /// How long it lasts with those who take another time; only where one carer comes.
    pub paces: BTreeMap<CarerRef, Seconds>,
    /// What each of its carers brings along from the start of the shift.
    pub load: Load,
    /// When it may start, in rising order and without overlap; empty means the carer's whole shift.
    pub windows: Vec<TimeWindow>,
    /// When the patient would like it to start.
    pub preferred: Option<Time>,
    /// What lateness costs and what goes first.
    pub criticality: Criticality,
    /// What leaving it out costs in the sum instead of the profile's price for optional visits;
    /// only for optional visits.
    pub left_out: Option<Cost>,
    /// What each of its carers must be able to do: one entry for each carer, so one or two.
    pub crew: Vec<Skills>,
    /// Who is wanted and who is not.
    pub continuity: Option<Continuity>,
    /// The visit that must come before it.
    pub gap: Option<Gap>,
    /// The visit that this is only the helper's part of, where two come and one does not stay for
    /// all of it: nothing of its own to people.
    pub helps: Option<VisitId>,
    /// What is already decided about it.
    pub pinned: Pin,
    /// Whether it is to be done.
    pub status: Status,
}

impl Visit {
    /// How many carers come at the same time.
    pub fn carers(&self) -> usize {
        self.crew.len()
    }

    /// How long it lasts when that carer comes.
    pub fn lasts(&self, carer: &CarerRef) -> Seconds {
        self.paces.get(carer).copied().unwrap_or(self.duration)
    }

    /// The visit that people know it as.
    pub fn told(&self) -> &VisitId {
        self.helps.as_ref().unwrap_or(&self.id)
    }
}

/// When a visit may start. Both ends belong to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TimeWindow {
    /// The carer waits until then.
    pub earliest: Time,
    /// A later start is late.
    pub latest: Time,
}

/// How much a visit weighs, most critical first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Criticality {
    /// Insulin before breakfast.
    TimeCritical,
    /// Medicine, morning care.
    Important,
    /// Most other things.
    #[default]
    Normal,
    /// May move to another day.
    Optional,
}

impl Criticality {
    /// Every criticality, most critical first; the position is its [`index`](Self::index).
    pub const ALL: [Criticality; 4] =
        [Self::TimeCritical, Self::Important, Self::Normal, Self::Optional];

    /// The criticality as an index into arrays with a cell for each.
    pub const fn index(self) -> usize {
        self as usize
    }

    /// The name in files and answers.
    pub const fn name(self) -> &'static str {
        match self {
            Self::TimeCritical => "time-critical",
            Self::Important => "important",
            Self::Normal => "normal",
            Self::Optional => "optional",
        }
    }

    /// The criticality of that name.
    pub fn from_name(name: &str) -> Option<Criticality> {
        Self::ALL.into_iter().find(|criticality| criticality.name() == name)
    }
}

/// What one carer of a visit must be able to do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Skills {
    /// Every one of these.
    pub all_of: BTreeSet<Skill>,
    /// At least one of these, if there are any.
    pub any_of: BTreeSet<Skill>,
    /// None of these.
    pub none_of: BTreeSet<Skill>,
}

impl Skills {
    /// Whether one with these skills is such a carer.
    pub fn suit(&self, skills: &BTreeSet<Skill>) -> bool {
        self.all_of.is_subset(skills)
            && (self.any_of.is_empty() || !self.any_of.is_disjoint(skills))
            && self.none_of.is_disjoint(skills)
    }
}

/// Who the patient knows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Continuity {
    /// The patient's primary contact.
    pub primary: Option<CarerRef>,
    /// The carers the patient knows; the primary is one of them whether named here or not.
    pub known: BTreeSet<CarerRef>,
    /// Carers who must never be sent.
    pub avoid: BTreeSet<CarerRef>,
    /// How many different carers came in the last 14 days.
    pub distinct_last_14d: u32,
}

/// This visit starts between `min` and `max` after the start of the visit `after`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gap {
    /// The visit that comes first.
    pub after: VisitId,
    /// At least so long from start to start.
    pub min: Seconds,
    /// At most so long from start to start; absent is no limit.
    pub max: Option<Seconds>,
    /// Whether nobody may make both.
    pub apart: bool,
    /// Whether the other is of no use without this one: both are made or neither.
    pub whole: bool,
}

/// What is decided about a visit and kept exactly.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pin {
    /// This carer comes (one of the two, where two come).
    pub carer: Option<CarerRef>,
    /// It starts at this moment.
    pub start: Option<Time>,
}

/// Whether a visit is to be done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Status {
    /// Yes.
    #[default]
    Planned,
    /// No: it stays on the list and in the answer, and nobody goes.
    Cancelled,
}

/// One carer and one shift.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Carer {
    /// The carer's pseudonym, unique on the list.
    pub id: CarerRef,
    /// What the carer can do.
    pub skills: BTreeSet<Skill>,
    /// From when.
    pub shift_start: Time,
    /// Until when; what is done later is overtime.
    pub shift_end: Time,
    /// How much overtime there may be at the most.
    pub overtime: Seconds,
    /// How the carer travels.
    pub mode: Mode,
    /// The name of the car, where one is named.
    pub vehicle: Option<String>,
    /// The cars of which the carer may have one; whoever may and has none goes on foot.
    pub pool: BTreeSet<String>,
    /// Where the shift begins.
    pub start: PlaceId,
    /// Where the shift ends.
    pub end: PlaceId,
    /// The lunch break.
    pub rest: Option<Break>,
    /// The most that the carer can bring along for all visits of the shift; absent is no limit.
    pub capacity: Option<Load>,
}

/// A break that must be taken by a carer who is sent out at all: it lies wholly inside its window,
/// anywhere on the way or at a place of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Break {
    /// How long.
    pub length: Seconds,
    /// Begins no earlier.
    pub earliest: Time,
    /// Is over no later.
    pub latest: Time,
    /// Whether it counts as work.
    pub paid: bool,
    /// Where it is taken; absent is anywhere on the way.
    pub place: Option<PlaceId>,
}
