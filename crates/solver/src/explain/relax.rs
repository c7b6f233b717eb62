//! What would let a visit in that nobody makes: the smallest change of each kind, found by making it
//! and planning the visit in the changed day, everything else of the plan kept. A change is told only
//! if that plan keeps every rule.

use std::cell::Cell;

use hjemrute_travel::{Seconds, Tables, Time};

use crate::by_hand::Day;
use crate::compile::Changed;
use crate::plan::{Carer, CarerRef, Instance, Plan, Said, Skill, Skills, Status, Visit, VisitId};
use crate::problem::Problem;
use crate::readback::{Names, read_back};
use crate::render::render;
use crate::suggest::Asked;
use crate::verify::verify;

/// Changes are looked for in steps of so many minutes.
const STEP: i32 = 5;

/// A window may be so many steps longer at the most, a shift so many.
const WINDOW_STEPS: i32 = 48;
const SHIFT_STEPS: i32 = 24;

/// So many carers at the most are asked for a longer shift, or given a skill.
const CARERS: usize = 16;

/// A change of the day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Each of the visit's windows ends so many minutes later.
    LaterStart(i32),
    /// Each of the visit's windows begins so many minutes earlier.
    EarlierStart(i32),
    /// The carer may work so many minutes longer than the overtime there is.
    LongerShift(CarerRef, i32),
    /// The carer's shift begins so many minutes earlier.
    EarlierShift(CarerRef, i32),
    /// The carer has these skills too.
    Skills(CarerRef, Vec<Skill>),
    /// The visit need not come so long after the one before it.
    WithoutGap(VisitId),
    /// So many more carers with the visit's skills, at work from and until then, who set out where
    /// that carer does and travel likewise.
    MoreCarers(usize, CarerRef, (Time, Time), Vec<Skill>),
    /// Two changes together, where neither is enough.
    Both(Box<Change>, Box<Change>),
}

/// A change that lets the visit in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WouldFit {
    /// The change.
    pub change: Change,
    /// Who then makes the visit; somebody new goes without a name.
    pub carers: Vec<CarerRef>,
}

/// The smallest change of each kind that lets the visit in, smallest first.
pub(crate) fn would_fit(day: &Day<'_>, plan: &Plan, visit: &VisitId) -> Vec<WouldFit> {
    let names = Names::of(day.instance, day.problem);
    let Some(row) = names.row(visit) else { return Vec::new() };
    if day.instance.visits[row].status == Status::Cancelled {
        return Vec::new();
    }
    let mut found = Trial { day, plan, row, left: Cell::new(usize::MAX) }.all();
    found.sort_by_key(|it| it.change.size());
    found
}

/// The smallest change that lets the visit in, of those that `trials` plans find; as many as were made
/// are taken away from these. None where the visit is cancelled or not of the day.
pub fn smallest_change(
    (instance, tables, problem): (&Instance, &Tables, &Problem),
    plan: &Plan,
    visit: &VisitId,
    trials: &mut usize,
) -> Option<WouldFit> {
    let day = &Day { instance, tables, problem };
    let row = instance.visits.iter().position(|other| other.id == *visit)?;
    if instance.visits[row].status == Status::Cancelled {
        return None;
    }
    let trial = Trial { day, plan, row, left: Cell::new(*trials) };
    let found = trial.all().into_iter().min_by_key(|it| it.change.size());
    *trials = trial.left.get();
    found
}

impl Change {
    /// How much is asked for, in minutes of a window: what bothers one patient least comes first.
    fn size(&self) -> i32 {
        match self {
            Change::LaterStart(minutes) | Change::EarlierStart(minutes) => *minutes,
            Change::LongerShift(_, minutes) | Change::EarlierShift(_, minutes) => 2 * minutes,
            Change::WithoutGap(_) => 60,
            Change::Skills(_, skills) => 60 * skills.len() as i32,
            Change::MoreCarers(count, _, (from, until), _) => {
                *count as i32 * (240 + (*until - *from).0 / 60)
            }
            Change::Both(one, other) => one.size() + other.size(),
        }
    }

    /// The day with the change made, in steps of one thing at a time.
    ///
    /// # Panics
    /// If the day does not have the visit or the carer.
    pub fn made(&self, instance: &Instance, visit: &VisitId) -> Instance {
        let row = instance.visits.iter().position(|other| other.id == *visit);
        let steps = self.steps(instance, row.expect("a visit of the day"));
        steps.into_iter().last().map_or_else(|| instance.clone(), |(instance, _)| instance)
    }

    fn steps(&self, instance: &Instance, row: usize) -> Vec<(Instance, Changed)> {
        let mut new = instance.clone();
        let carer = |id: &CarerRef| {
            let at = instance.carers.iter().position(|carer| carer.id == *id);
            at.expect("a carer of the day")
        };
        let changed = match self {
            Change::LaterStart(minutes) => {
                let more = Seconds::minutes(*minutes);
                new.visits[row].windows.iter_mut().for_each(|window| window.latest += more);
                Changed::Visit(row)
            }
            Change::EarlierStart(minutes) => {
                let more = Seconds::minutes(*minutes);
                let windows = &mut new.visits[row].windows;
                windows.iter_mut().for_each(|window| window.earliest = window.earliest - more);
                Changed::Visit(row)
            }
            Change::LongerShift(id, minutes) => {
                new.carers[carer(id)].overtime += Seconds::minutes(*minutes);
                Changed::Carer(carer(id))
            }
            Change::EarlierShift(id, minutes) => {
                let shift = &mut new.carers[carer(id)];
                shift.shift_start = shift.shift_start - Seconds::minutes(*minutes);
                Changed::Carer(carer(id))
            }
            Change::Skills(id, skills) => {
                new.carers[carer(id)].skills.extend(skills.iter().cloned());
                Changed::Carer(carer(id))
            }
            Change::WithoutGap(_) => {
                new.visits[row].gap = None;
                Changed::Visit(row)
            }
            Change::MoreCarers(count, like, hours, skills) => {
                let like = carer(like);
                return more_carers(instance, (*count, like), *hours, skills);
            }
            Change::Both(one, other) => {
                let mut steps = one.steps(instance, row);
                let between = steps.last().map_or(instance, |(instance, _)| instance);
                let more = other.steps(between, row);
                steps.extend(more);
                return steps;
            }
        };
        vec![(new, changed)]
    }

    /// The change in a sentence's part, in English and bokmål: «10 minutter lengre vindu».
    pub fn said(&self, clock: &dyn Fn(Time) -> String) -> Said {
        match self {
            Change::LaterStart(minutes) => Said::new(
                format!("a window that ends {minutes} minutes later"),
                format!("{minutes} minutter lengre vindu"),
            ),
            Change::EarlierStart(minutes) => Said::new(
                format!("a window that begins {minutes} minutes earlier"),
                format!("et vindu som begynner {minutes} minutter før"),
            ),
            Change::LongerShift(carer, minutes) => Said::new(
                format!("{carer} working {minutes} minutes longer"),
                format!("{minutes} minutter mer overtid for {carer}"),
            ),
            Change::EarlierShift(carer, minutes) => Said::new(
                format!("{carer} starting work {minutes} minutes earlier"),
                format!("at {carer} begynner på jobb {minutes} minutter før"),
            ),
            Change::Skills(carer, skills) => {
                let skills = joined(skills);
                Said::new(format!("{carer} with {skills}"), format!("at {carer} hadde {skills}"))
            }
            Change::WithoutGap(before) => Said::new(
                format!("no time to be kept after {before}"),
                format!("at tiden etter {before} ikke måtte holdes"),
            ),
            Change::Both(one, other) => {
                let (one, other) = (one.said(clock), other.said(clock));
                Said::new(
                    format!("{}, and {}", one.en, other.en),
                    format!("{}, og {}", one.nb, other.nb),
                )
            }
            Change::MoreCarers(count, _, (from, until), wanted) => {
                let (hours_en, hours_nb) = (
                    format!("from {} to {}", clock(*from), clock(*until)),
                    format!("{}–{}", clock(*from), clock(*until)),
                );
                let with = |word: &str| match wanted.as_slice() {
                    [] => String::new(),
                    skills => format!(" {word} {}", joined(skills)),
                };
                let (one_en, one_nb) = match count {
                    1 => ("one more carer", "én ansatt til"),
                    _ => ("two more carers", "to ansatte til"),
                };
                Said::new(
                    format!("{one_en}{} {hours_en}", with("with")),
                    format!("{one_nb}{} {hours_nb}", with("med")),
                )
            }
        }
    }
}

fn joined(skills: &[Skill]) -> String {
    skills.iter().map(|skill| format!("`{skill}`")).collect::<Vec<_>>().join(", ")
}

/// What somebody new must have to make any part of the visit: all that is asked for, and one of what
/// there is a choice of.
fn skills_of(crew: &[&Skills]) -> Vec<Skill> {
    let mut skills: Vec<Skill> = Vec::new();
    for wanted in crew {
        skills.extend(wanted.all_of.iter().cloned());
        if wanted.any_of.is_disjoint(&skills.iter().cloned().collect()) {
            skills.extend(wanted.any_of.first().cloned());
        }
    }
    skills.sort();
    skills.dedup();
    skills
}

/// The day with new carers, one after the other.
fn more_carers(
    instance: &Instance,
    (count, like): (usize, usize),
    (from, until): (Time, Time),
    skills: &[Skill],
) -> Vec<(Instance, Changed)> {
    let mut new = instance.clone();
    let one_more = |_| {
        let at = new.carers.len();
        let model = &instance.carers[like];
        new.carers.push(Carer {
            id: CarerRef(format!("+{}", at - instance.carers.len() + 1)),
            skills: skills.iter().cloned().collect(),
            shift_start: from,
            shift_end: until,
            overtime: Seconds::ZERO,
            vehicle: None,
            pool: Default::default(),
            rest: None,
            capacity: None,
            ..model.clone()
        });
        (new.clone(), Changed::Carer(at))
    };
    (0..count).map(one_more).collect()
}

/// A plan, and a visit that it leaves out.
struct Trial<'a> {
    day: &'a Day<'a>,
    plan: &'a Plan,
    row: usize,
    /// How many more changes may be tried.
    left: Cell<usize>,
}

impl Trial<'_> {
    fn visit(&self) -> &Visit {
        &self.day.instance.visits[self.row]
    }

    /// The smallest change of each kind. What nearly always helps is tried first, what takes most
    /// trials last.
    fn all(&self) -> Vec<WouldFit> {
        let found = [
            self.more_carers(),
            self.least(WINDOW_STEPS, Change::LaterStart),
            self.least(WINDOW_STEPS, Change::EarlierStart),
            self.without_gap(),
            self.skills(),
            self.shift(),
        ];
        let mut found: Vec<WouldFit> = found.into_iter().flatten().collect();
        if found.is_empty() {
            found.extend(self.more_carers_without_gap());
        }
        found
    }

    /// The visit in the plan of the changed day; none if it does not fit or a rule is broken, or if
    /// no more may be tried.
    fn tried(&self, change: Change) -> Option<WouldFit> {
        self.left.set(self.left.get().checked_sub(1)?);
        let Day { instance, tables, problem } = *self.day;
        let mut revised: Option<Problem> = None;
        let mut changed = instance.clone();
        for (next, what) in change.steps(instance, self.row) {
            let before = revised.as_ref().unwrap_or(problem);
            revised = Some(before.revised(&next, tables, what));
            changed = next;
        }
        let revised = revised?;
        let kept = read_back(&changed, &revised, self.plan);
        let fit = Asked::of(&changed, &revised, &self.visit().id)?.fits_in_a_seat(&kept)?;
        let plan = render(&changed, tables, &revised, &fit);
        let lists = plan.work_lists.iter();
        let makes = lists.filter(|list| list.has(&self.visit().id)).map(|list| &list.carer);
        let known = |carer: &&CarerRef| instance.carers.iter().any(|other| other.id == **carer);
        let carers = makes.filter(known).cloned().collect();
        let holds = verify(&changed, tables, &plan).breaches.is_empty()
            && plan.unassigned.len() < self.plan.unassigned.len();
        holds.then_some(WouldFit { change, carers })
    }

    /// The least number of steps with which the change lets the visit in.
    fn least(&self, most: i32, change: impl Fn(i32) -> Change) -> Option<WouldFit> {
        let mut found = self.tried(change(most * STEP))?;
        let (mut too_little, mut enough) = (0, most);
        while enough - too_little > 1 {
            let half = i32::midpoint(too_little, enough);
            match self.tried(change(half * STEP)) {
                Some(fit) => (enough, found) = (half, fit),
                None => too_little = half,
            }
        }
        Some(found)
    }

    /// The carers whom no rule but that of their hours keeps away, nearest first.
    fn near(&self, may: impl Fn(&Carer) -> bool) -> Vec<&Carer> {
        let Day { instance, tables, .. } = *self.day;
        let visit = self.visit();
        let way = |carer: &Carer| {
            let table = tables.get(carer.mode)?;
            let list = self.plan.work_lists.iter().find(|list| list.carer == carer.id)?;
            let places = list.visits().filter_map(|stop| {
                let visit = instance.visits.iter().find(|visit| visit.id == stop.visit)?;
                Some(visit.place)
            });
            let from = places.chain([carer.start]);
            from.filter_map(|place| Some(table.leg(place, visit.place)?.seconds)).min()
        };
        let carers = instance.carers.iter().filter(|carer| may(carer));
        let mut near: Vec<_> = carers.filter_map(|carer| Some((way(carer)?, carer))).collect();
        near.sort_by_key(|(way, _)| *way);
        near.into_iter().take(CARERS).map(|(_, carer)| carer).collect()
    }

    /// The helper's part of the visit, if it has one.
    fn part(&self) -> Option<&Visit> {
        let id = &self.visit().id;
        self.day.instance.visits.iter().find(|part| part.helps.as_ref() == Some(id))
    }

    /// What each of those must be able to do who come to it.
    fn crew(&self) -> Vec<&Skills> {
        let of_part = self.part().into_iter().flat_map(|part| &part.crew);
        self.visit().crew.iter().chain(of_part).collect()
    }

    fn first_rule(&self, carer: &Carer) -> Option<&'static str> {
        super::first_rule(self.day.instance, self.day.tables, self.visit(), carer)
    }

    /// The smallest overtime, or earlier beginning, of one carer.
    fn shift(&self) -> Option<WouldFit> {
        let near = self.near(|carer| matches!(self.first_rule(carer), None | Some("hours")));
        let mut best: Option<WouldFit> = None;
        for carer in near {
            for longer in [true, false] {
                let most =
                    best.as_ref().map_or(SHIFT_STEPS, |best| best.change.size() / 2 / STEP - 1);
                let change = |minutes| match longer {
                    true => Change::LongerShift(carer.id.clone(), minutes),
                    false => Change::EarlierShift(carer.id.clone(), minutes),
                };
                if most > 0
                    && let Some(less) = self.least(most, change)
                {
                    best = Some(less);
                }
            }
        }
        best
    }

    /// The fewest skills that would make one more carer able.
    fn skills(&self) -> Option<WouldFit> {
        [Some(self.visit()), self.part()].into_iter().flatten().find_map(|of| self.skills_for(of))
    }

    /// The same, for the visit or the helper's part of it.
    fn skills_for(&self, of: &Visit) -> Option<WouldFit> {
        let Day { instance, tables, .. } = *self.day;
        let missing = |carer: &Carer| -> Option<Vec<Skill>> {
            let wanted = skills_of(&of.crew.iter().collect::<Vec<_>>());
            let missing: Vec<Skill> =
                wanted.into_iter().filter(|skill| !carer.skills.contains(skill)).collect();
            let barred = of.crew.iter().any(|it| !it.none_of.is_disjoint(&carer.skills));
            (!missing.is_empty() && !barred).then_some(missing)
        };
        let kept = |carer: &Carer| super::first_rule(instance, tables, of, carer) == Some("skills");
        let mut near = self.near(kept);
        near.sort_by_key(|carer| missing(carer).map_or(usize::MAX, |missing| missing.len()));
        near.into_iter()
            .find_map(|carer| self.tried(Change::Skills(carer.id.clone(), missing(carer)?)))
    }

    fn without_gap(&self) -> Option<WouldFit> {
        let gap = self.visit().gap.as_ref()?;
        self.tried(Change::WithoutGap(gap.after.clone()))
    }

    fn more_carers(&self) -> Option<WouldFit> {
        self.more_carers_and(|more| more)
    }

    fn more_carers_without_gap(&self) -> Option<WouldFit> {
        let after = &self.visit().gap.as_ref()?.after;
        let gap = || Box::new(Change::WithoutGap(after.clone()));
        self.more_carers_and(|more| Change::Both(gap(), Box::new(more)))
    }

    /// One more carer, or two, for as short as the visit needs, and what else goes with them.
    fn more_carers_and(&self, change: impl Fn(Change) -> Change) -> Option<WouldFit> {
        let like = *self.near(|_| true).first()?;
        let counts = 1..=self.crew().len();
        counts.into_iter().find_map(|count| {
            let hours = self.hours_of(like).into_iter();
            hours
                .filter_map(|hours| {
                    let (like, skills) = (like.id.clone(), skills_of(&self.crew()));
                    self.tried(change(Change::MoreCarers(count, like, hours, skills)))
                })
                .next()
        })
    }

    /// From when until when somebody must be at work for the visit alone, in whole quarters: for the
    /// first moment at which it may start, for any, and for all of the day.
    fn hours_of(&self, like: &Carer) -> Vec<(Time, Time)> {
        let Day { instance, tables, .. } = *self.day;
        let visit = self.visit();
        let legs = tables.get(like.mode).and_then(|table| {
            let there = table.leg(like.start, visit.place)?;
            Some((there.seconds, table.leg(visit.place, like.end)?.seconds))
        });
        let Some((there, home)) = legs else { return Vec::new() };
        let there = there + instance.places[visit.place.index()].access;
        let quarters = |from: Time, until: Time| {
            let (from, until) = ((from - there).0, (until + visit.duration + home).0);
            (Time(from.div_euclid(900) * 900), Time((until + 899).div_euclid(900) * 900))
        };
        let limit = instance.policy.late_limit[visit.criticality.index()];
        let starts = visit.pinned.start.map(|at| (at, at)).or_else(|| {
            let (first, last) = (visit.windows.first()?, visit.windows.last()?);
            Some((first.earliest, last.latest + limit))
        });
        let whole = (like.shift_start, like.shift_end);
        let at_work = match visit.windows.first() {
            Some(window) => {
                vec![(window.earliest, window.earliest), (window.earliest, window.latest)]
            }
            None => vec![(like.shift_start + there, like.shift_start + there)],
        };
        let all = starts.unwrap_or(whole);
        let tried = at_work.into_iter().chain([all, (whole.0.min(all.0), whole.1.max(all.1))]);
        let mut hours: Vec<(Time, Time)> =
            tried.map(|(from, until)| quarters(from, until)).collect();
        hours.dedup();
        hours
    }
}
