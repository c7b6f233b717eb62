//! What a visit list says, field by field as the contract has it: ids still as words, times still
//! as the clock on the wall shows them, places still as they were given. `intake` makes an instance
//! of it.

use hjemrute_solver::{Continuity, Criticality, Gap, Skill, Skills, Status};
use hjemrute_travel::{Mode, Position, Seconds};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use std::collections::BTreeSet;

use super::reader::Item;
use super::values::WallTime;
use crate::answer::{ListUnit, Service};
use crate::fault::InputFault;

/// A whole list. What is wrong with an entry stands with the entry.
#[derive(Clone, Debug)]
pub(crate) struct List {
    pub(crate) list_id: String,
    pub(crate) version: u32,
    pub(crate) mode: IntakeMode,
    /// When it was drawn from the sender's system.
    pub(crate) extracted: Option<jiff::Timestamp>,
    pub(crate) unit: ListUnit,
    pub(crate) date: Date,
    pub(crate) zone: TimeZone,
    pub(crate) locations: Vec<Item<Location>>,
    pub(crate) patients: Vec<Item<Patient>>,
    pub(crate) visits: Vec<Item<Visit>>,
    pub(crate) carers: Vec<Item<Carer>>,
    /// The plan that people have been told of, if there is one.
    pub(crate) published: Option<PublishedPlan>,
    pub(crate) ext: Option<String>,
    /// What is wrong with the list itself; with any of these it is refused in every mode.
    pub(crate) faults: Vec<InputFault>,
}

impl List {
    /// Every fault of the list and of its entries, without those that another one dragged along.
    pub(crate) fn own_faults(&self) -> Vec<InputFault> {
        fn of<T>(items: &[Item<T>]) -> impl Iterator<Item = &InputFault> {
            items.iter().flat_map(|item| &item.faults)
        }
        let entries = of(&self.locations).chain(of(&self.patients));
        let entries = entries.chain(of(&self.visits)).chain(of(&self.carers));
        let all = self.faults.iter().chain(entries);
        all.filter(|fault| fault.caused_by.is_none()).cloned().collect()
    }
}

/// What the list says of the plan that holds; the plan itself is given beside the list.
#[derive(Clone, Debug)]
pub(crate) struct PublishedPlan {
    pub(crate) plan_id: String,
    /// Until when the day stays as it is.
    pub(crate) frozen_until: Option<WallTime>,
}

/// What to do with a list of which a part is wrong.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum IntakeMode {
    /// Refuse it.
    #[default]
    AllOrNothing,
    /// Plan the rest, and list what was left out.
    AcceptValid,
}

#[derive(Clone, Debug)]
pub(crate) struct Location {
    pub(crate) place: Where,
    pub(crate) access: Seconds,
    /// Where the key of the door hangs, if it takes one.
    pub(crate) key_at: Option<String>,
    pub(crate) ext: Option<String>,
}

/// Where a location is: exactly one of the two.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Where {
    Position(Position),
    Address(Address),
}

/// An address as the list gives it, to be found in the map's own. Municipalities are told apart where
/// the map was made with the official register.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Address {
    pub(crate) street: String,
    pub(crate) number: u32,
    pub(crate) letter: Option<String>,
    pub(crate) postal_code: Option<String>,
    pub(crate) municipality: Option<String>,
}

#[derive(Clone, Debug)]
pub(crate) struct Patient {
    pub(crate) location: String,
    pub(crate) ext: Option<String>,
}

#[derive(Clone, Debug)]
pub(crate) struct Visit {
    pub(crate) patient: String,
    pub(crate) service: Option<Service>,
    pub(crate) duration: Seconds,
    pub(crate) windows: Vec<Window>,
    pub(crate) criticality: Criticality,
    pub(crate) crew: Vec<Skills>,
    pub(crate) continuity: Option<Continuity>,
    pub(crate) gap: Option<Gap>,
    pub(crate) pinned: Pinned,
    pub(crate) status: Status,
    pub(crate) ext: Option<String>,
}

/// When a visit may start; `latest` is not before `earliest` on the wall clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Window {
    pub(crate) earliest: WallTime,
    pub(crate) latest: WallTime,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Pinned {
    pub(crate) carer: Option<String>,
    pub(crate) start: Option<WallTime>,
}

#[derive(Clone, Debug)]
pub(crate) struct Carer {
    pub(crate) skills: BTreeSet<Skill>,
    pub(crate) shift: Span,
    pub(crate) mode: Mode,
    pub(crate) vehicle: Option<String>,
    pub(crate) start: String,
    /// Absent: where the shift starts.
    pub(crate) end: Option<String>,
    pub(crate) rest: Option<Rest>,
    pub(crate) overtime: Seconds,
    /// When the shift before this one ended.
    pub(crate) last_shift_end: Option<jiff::Timestamp>,
    pub(crate) ext: Option<String>,
}

/// From when until when.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Span {
    pub(crate) from: WallTime,
    pub(crate) until: WallTime,
}

#[derive(Clone, Debug)]
pub(crate) struct Rest {
    pub(crate) length: Seconds,
    pub(crate) window: Span,
    pub(crate) paid: bool,
    /// Absent: anywhere on the way.
    pub(crate) place: Option<String>,
}
