//! The best plan of a tiny day: every way to share the visits out, the most promising first, until
//! what is left cannot be better.

use std::collections::BTreeMap;

use hjemrute_solver::{Instance, Plan, Status};
use hjemrute_travel::Tables;

use crate::keys;
use crate::may;
use crate::routes::{Choice, TIME_CRITICAL, Together, choices};
use crate::scribe::{self, Route};
use crate::tally::{self, Key};

/// The best plan, with its score.
pub(crate) fn plan(instance: &Instance, tables: &Tables) -> Plan {
    answer(instance, tables).1
}

/// The best plan, with its score, and what it was written from.
pub(crate) fn answer(instance: &Instance, tables: &Tables) -> (Vec<Route>, Plan) {
    let mut search = Search::new(instance, tables);
    let mut best = search.nobody_goes();
    for sharing in search.sharings() {
        if sharing.at_least >= best.0 {
            break;
        }
        search.try_sharing(&sharing, &mut best);
    }
    let (key, routes) = best;
    let mut plan = scribe::plan(instance, tables, &routes);
    plan.score = tally::score(instance, &plan);
    assert_eq!(tally::key(instance, &plan), key, "the search and the tally add up alike");
    (routes, plan)
}

type Best = (Key, Vec<Route>);

struct Search<'a> {
    instance: &'a Instance,
    tables: &'a Tables,
    /// For each carer and each set of visits, every day.
    days: Vec<BTreeMap<u32, Vec<Choice>>>,
}

/// Who makes which visits.
struct Sharing {
    sets: Vec<u32>,
    /// No plan that shares the visits out so is better.
    at_least: Key,
}

impl<'a> Search<'a> {
    fn new(instance: &'a Instance, tables: &'a Tables) -> Search<'a> {
        let carers = 0..instance.carers.len();
        let days = carers.map(|carer| choices(instance, tables, carer)).collect();
        Search { instance, tables, days }
    }

    fn nobody_goes(&self) -> Best {
        (self.key(0, 0), vec![Route::default(); self.instance.carers.len()])
    }

    /// The comparison key of a plan that does these visits at this cost.
    fn key(&self, done: u32, cost: i64) -> Key {
        let (mut pinned, mut out, mut sum) = (0, [0; 4], cost % TIME_CRITICAL);
        for (row, visit) in self.instance.visits.iter().enumerate() {
            let left_out = visit.status == Status::Planned && done >> row & 1 == 0;
            out[visit.criticality.index()] += u32::from(left_out);
            sum += if left_out { tally::price_out(self.instance, visit).0 } else { 0 };
            pinned += u32::from(left_out && tally::is_pinned(visit));
        }
        let [time_critical, important, normal, _] = out;
        let late = (cost / TIME_CRITICAL) as i32;
        (pinned, time_critical, important, late, normal, sum)
    }

    /// Every sharing that could be kept, the most promising first.
    fn sharings(&mut self) -> Vec<Sharing> {
        let mut sharings = Vec::new();
        self.share_out(&mut Vec::new(), 0, &mut sharings);
        sharings.sort_by_key(|sharing| sharing.at_least);
        sharings
    }

    fn share_out(&self, sets: &mut Vec<u32>, cost: i64, sharings: &mut Vec<Sharing>) {
        let Some(days) = self.days.get(sets.len()) else {
            let done = sets.iter().fold(0, |done, set| done | set);
            if self.is_right(sets, done) {
                let at_least = self.key(done, cost);
                sharings.push(Sharing { sets: sets.clone(), at_least });
            }
            return;
        };
        let sent = days.iter().map(|(set, days)| (*set, days[0].alone));
        for (set, alone) in std::iter::once((0, 0)).chain(sent) {
            sets.push(set);
            self.share_out(sets, cost + alone, sharings);
            sets.pop();
        }
    }

    /// Each visit has its crew or nobody, and follows what it must follow.
    fn is_right(&self, sets: &[u32], done: u32) -> bool {
        let visits = self.instance.visits.iter().enumerate();
        let mut visits = visits.filter(|(row, _)| done >> row & 1 == 1);
        visits.all(|(row, visit)| {
            let mut crew = (0..sets.len()).filter(|carer| sets[*carer] >> row & 1 == 1);
            let carers = &self.instance.carers;
            let crew_fits = match (crew.next(), crew.next(), crew.next()) {
                (Some(_), None, None) => visit.crew.len() == 1,
                (Some(one), Some(other), None) => {
                    may::come_together(visit, &carers[one], &carers[other])
                }
                _ => false,
            };
            crew_fits && self.first_is_done(row, sets, done) && self.all_of_it_is_done(row, done)
        })
    }

    /// What the visit is of no use without is done too.
    fn all_of_it_is_done(&self, row: usize, done: u32) -> bool {
        let id = &self.instance.visits[row].id;
        let mut others = self.instance.visits.iter().enumerate();
        others.all(|(other, visit)| {
            let gap = visit.gap.as_ref().filter(|gap| gap.whole && gap.after == *id);
            gap.is_none() || visit.status == Status::Cancelled || done >> other & 1 == 1
        })
    }

    /// What it follows is done too, and by others if they are to be apart.
    fn first_is_done(&self, row: usize, sets: &[u32], done: u32) -> bool {
        let Some(gap) = &self.instance.visits[row].gap else { return true };
        let first = self.instance.visits.iter().position(|visit| visit.id == gap.after);
        let both = |first: usize| sets.iter().any(|set| set >> first & set >> row & 1 == 1);
        first.is_some_and(|first| done >> first & 1 == 1 && !(gap.apart && both(first)))
    }

    /// Every order, break and window of one sharing.
    fn try_sharing(&self, sharing: &Sharing, best: &mut Best) {
        let sent = sharing.sets.iter().enumerate().filter(|(_, set)| **set != 0);
        let days: Vec<&[Choice]> =
            sent.map(|(carer, set)| self.days[carer][set].as_slice()).collect();
        let done = sharing.sets.iter().fold(0, |done, set| done | set);
        self.choose(&days, done, &mut Vec::new(), best);
    }

    fn choose<'c>(
        &self,
        days: &[&'c [Choice]],
        done: u32,
        chosen: &mut Vec<&'c Choice>,
        best: &mut Best,
    ) {
        let Some(next) = days.get(chosen.len()) else {
            return self.time(chosen, done, best);
        };
        let before: i64 = chosen.iter().map(|choice| choice.alone).sum();
        let after: i64 = days[chosen.len() + 1..].iter().map(|days| days[0].alone).sum();
        for choice in *next {
            if self.key(done, before + choice.alone + after) >= best.0 {
                break;
            }
            chosen.push(choice);
            self.choose(days, done, chosen, best);
            chosen.pop();
        }
    }

    /// Every crew has its key among it.
    fn keys_are_there(&self, chosen: &[&Choice]) -> bool {
        let instance = self.instance;
        let mut visits = instance.visits.iter().enumerate();
        visits.all(|(row, visit)| {
            let Some(hook) = keys::key_of(instance, visit) else { return true };
            let crew = chosen.iter().filter_map(|choice| {
                let at = choice.visits.iter().position(|other| *other == row)?;
                let carer = &instance.carers[choice.carer];
                Some((carer, keys::has(carer, &choice.keys, at, hook)))
            });
            let crew: Vec<_> = crew.collect();
            crew.is_empty() || keys::crew_has(visit, &crew)
        })
    }

    /// The best start times of one choice for each carer who is sent out.
    fn time(&self, chosen: &[&Choice], done: u32, best: &mut Best) {
        if !self.keys_are_there(chosen) {
            return;
        }
        let Some(together) = Together::of(self.instance, self.tables, chosen, false) else {
            return;
        };
        let Some(soonest) = together.timing.soonest() else { return };
        if self.key(done, together.timing.at_least(&soonest)) >= best.0 {
            return;
        }
        let (cost, starts) = together.timing.best(soonest);
        let key = self.key(done, cost);
        if key < best.0 {
            *best = (key, together.routes(&starts));
        }
    }
}
