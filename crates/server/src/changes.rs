//! What a plan changes for people against another: who gets another carer or another time, what is new,
//! called off or left out. Reads what the plans tell of themselves, so that the same two files give
//! the same list anywhere.

use std::collections::BTreeSet;

use hjemrute_solver::Said;
use hjemrute_travel::Seconds;

use crate::fault::InputFault;
use crate::wire::{Limits, ToldPlan, read_told};

/// What is different between two plans, the first of which held.
#[derive(Clone, Debug)]
pub struct Changes {
    /// The plan that held, by its own id.
    pub from: Option<String>,
    /// The new one.
    pub to: Option<String>,
    /// How far a start may lie from the one that was told and still be the same time.
    pub tolerance: Seconds,
    /// In the order of the day.
    pub changes: Vec<Change>,
    /// The carers whose work lists are not the same.
    pub carers: BTreeSet<String>,
}

/// What is different about one visit.
#[derive(Clone, Debug)]
pub struct Change {
    /// Which visit.
    pub visit: String,
    /// Whose it is; unknown where neither plan has it on a work list.
    pub patient: Option<String>,
    /// What has happened to it: one of them, or another carer and another time.
    pub kinds: Vec<ChangeKind>,
    /// Who comes and when, by the plan that held.
    pub before: Option<Coming>,
    /// Who comes and when now.
    pub after: Option<Coming>,
    /// Whether the patient would be disturbed even if everything else stayed, where the plan says so.
    pub forced: bool,
    /// The same for people.
    pub detail: Said,
}

/// Who comes to a visit, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Coming {
    /// The carers.
    pub carers: BTreeSet<String>,
    /// The start, as an instant with its local offset.
    pub start: String,
    /// The same in seconds, to be compared.
    pub moment: i64,
}

/// What can happen to a visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ChangeKind {
    /// Somebody else comes.
    OtherCarer,
    /// It begins at another time.
    OtherTime,
    /// It was not in the plan.
    New,
    /// It was left out and is made now.
    TakenUp,
    /// The list says that it is called off.
    Cancelled,
    /// Nobody makes it any more.
    LeftOut,
    /// The list does not have it any more.
    Gone,
}

impl ChangeKind {
    /// Every kind.
    pub const ALL: [ChangeKind; 7] = [
        Self::OtherCarer,
        Self::OtherTime,
        Self::New,
        Self::TakenUp,
        Self::Cancelled,
        Self::LeftOut,
        Self::Gone,
    ];

    /// The name in files and answers.
    pub const fn name(self) -> &'static str {
        match self {
            Self::OtherCarer => "other-carer",
            Self::OtherTime => "other-time",
            Self::New => "new",
            Self::TakenUp => "taken-up",
            Self::Cancelled => "cancelled",
            Self::LeftOut => "left-out",
            Self::Gone => "gone",
        }
    }
}

/// What the second plan changes against the first, both as `plan.json`.
///
/// # Errors
/// Everything that is wrong with the first plan that cannot be read, with which one it is: 0 or 1.
pub fn changes(
    plans: [&[u8]; 2],
    tolerance: Seconds,
    limits: &Limits,
) -> Result<Changes, (usize, Vec<InputFault>)> {
    let read = |which: usize| read_told(plans[which], limits).map_err(|faults| (which, faults));
    let (before, after) = (read(0)?, read(1)?);
    let visits: BTreeSet<&String> = before.visits().chain(after.visits()).collect();
    let told = visits.into_iter().filter_map(|visit| change(visit, &before, &after, tolerance));
    let mut changes: Vec<Change> = told.collect();
    changes.sort_by_key(|change| {
        let coming = change.after.as_ref().or(change.before.as_ref());
        (coming.map(|coming| coming.moment), change.visit.clone())
    });
    let lists = before.lists.keys().chain(after.lists.keys());
    let differ = lists.filter(|carer| before.lists.get(*carer) != after.lists.get(*carer));
    let carers = differ.cloned().collect();
    let (from, to) = (before.plan_id.clone(), after.plan_id.clone());
    Ok(Changes { from, to, tolerance, changes, carers })
}

impl Changes {
    /// How many patients get less than they were told: another carer, another time, or nobody.
    pub fn patients(&self) -> usize {
        let disturbs = |kind: &ChangeKind| {
            matches!(kind, ChangeKind::OtherCarer | ChangeKind::OtherTime | ChangeKind::LeftOut)
        };
        let disturbed = self.changes.iter().filter(|change| change.kinds.iter().any(disturbs));
        disturbed.map(|change| &change.patient).collect::<BTreeSet<_>>().len()
    }

    /// How many visits have changed in that way.
    pub fn count(&self, kind: ChangeKind) -> usize {
        self.changes.iter().filter(|change| change.kinds.contains(&kind)).count()
    }
}

fn change(
    visit: &String,
    before: &ToldPlan,
    after: &ToldPlan,
    tolerance: Seconds,
) -> Option<Change> {
    let (was, is) = (before.comings.get(visit), after.comings.get(visit));
    let kinds = kinds(visit, before, after, tolerance);
    if kinds.is_empty() {
        return None;
    }
    let patient = is.or(was).map(|(patient, _)| patient.clone());
    let forced = patient.as_ref().is_some_and(|patient| after.forced.contains(patient));
    let (was, is) = (was.map(|(_, coming)| coming.clone()), is.map(|(_, coming)| coming.clone()));
    let detail = told(visit, patient.as_deref(), &kinds, [was.as_ref(), is.as_ref()]);
    Some(Change { visit: visit.clone(), patient, kinds, before: was, after: is, forced, detail })
}

fn kinds(
    visit: &String,
    before: &ToldPlan,
    after: &ToldPlan,
    tolerance: Seconds,
) -> Vec<ChangeKind> {
    let (was, is) = (before.comings.get(visit), after.comings.get(visit));
    match (was, is) {
        (Some((_, was)), Some((_, is))) => {
            let other = (was.carers != is.carers).then_some(ChangeKind::OtherCarer);
            let apart = (was.moment - is.moment).abs() > i64::from(tolerance.0);
            other.into_iter().chain(apart.then_some(ChangeKind::OtherTime)).collect()
        }
        (None, Some(_)) if before.left_out.contains_key(visit) => vec![ChangeKind::TakenUp],
        (None, Some(_)) => vec![ChangeKind::New],
        (Some(_), None) => vec![match after.left_out.get(visit).map(String::as_str) {
            Some("cancelled") => ChangeKind::Cancelled,
            Some(_) => ChangeKind::LeftOut,
            None => ChangeKind::Gone,
        }],
        // New, and nobody comes; or it was left out and still is.
        (None, None) => {
            let new = after.left_out.contains_key(visit) && !before.left_out.contains_key(visit);
            if new && after.left_out.get(visit).is_some_and(|code| code != "cancelled") {
                vec![ChangeKind::New, ChangeKind::LeftOut]
            } else {
                Vec::new()
            }
        }
    }
}

/// One sentence for a scheduler who is about to telephone.
fn told(
    visit: &str,
    patient: Option<&str>,
    kinds: &[ChangeKind],
    [was, is]: [Option<&Coming>; 2],
) -> Said {
    let names = |coming: Option<&Coming>, and: &str| {
        let carers = coming.map(|coming| coming.carers.iter().cloned().collect::<Vec<_>>());
        carers.unwrap_or_default().join(and)
    };
    let clock = |coming: Option<&Coming>| {
        coming.and_then(|coming| coming.start.get(11..16)).unwrap_or_default().to_owned()
    };
    let mut en = Vec::new();
    let mut nb = Vec::new();
    for kind in kinds {
        let (one, other) = match kind {
            ChangeKind::OtherCarer => (
                format!("{} comes instead of {}", names(is, " and "), names(was, " and ")),
                format!("{} kommer i stedet for {}", names(is, " og "), names(was, " og ")),
            ),
            ChangeKind::OtherTime => (
                format!("at {} instead of {}", clock(is), clock(was)),
                format!("klokka {} i stedet for {}", clock(is), clock(was)),
            ),
            ChangeKind::New => match is {
                Some(_) => (
                    format!("new: {} at {}", names(is, " and "), clock(is)),
                    format!("nytt: {} klokka {}", names(is, " og "), clock(is)),
                ),
                None => ("new".to_owned(), "nytt".to_owned()),
            },
            ChangeKind::TakenUp => (
                format!("nobody was to come; now {} at {}", names(is, " and "), clock(is)),
                format!("ingen skulle komme; nå {} klokka {}", names(is, " og "), clock(is)),
            ),
            ChangeKind::Cancelled => (
                format!("called off; was {} at {}", names(was, " and "), clock(was)),
                format!("avlyst; var {} klokka {}", names(was, " og "), clock(was)),
            ),
            ChangeKind::LeftOut if was.is_some() => (
                format!("nobody comes; was {} at {}", names(was, " and "), clock(was)),
                format!("ingen kommer; var {} klokka {}", names(was, " og "), clock(was)),
            ),
            ChangeKind::LeftOut => ("nobody comes".to_owned(), "ingen kommer".to_owned()),
            ChangeKind::Gone => (
                format!("no longer on the list; was {} at {}", names(was, " and "), clock(was)),
                format!(
                    "står ikke på listen lenger; var {} klokka {}",
                    names(was, " og "),
                    clock(was)
                ),
            ),
        };
        en.push(one);
        nb.push(other);
    }
    let whose = patient.map(|patient| format!(" ({patient})")).unwrap_or_default();
    Said::new(
        format!("{visit}{whose}: {}", en.join(", ")),
        format!("{visit}{whose}: {}", nb.join(", ")),
    )
}
