//! How long people may work and when they must rest, as a profile says it (the standard one says what
//! Norwegian law does), and where a plan goes beyond it. Names what it finds and decides nothing:
//! whether an agreement allows it, people know.

use hjemrute_travel::Seconds;

use crate::kpi::{Walk, walks};
use crate::plan::{CarerRef, Instance, Plan, Said, Stop, Warning};

/// What is asked of a working day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WorkingTime {
    /// A break is due in a day that is longer.
    pub break_after: Seconds,
    /// In a day as long as this or longer, breaks are to last so long together.
    pub full_break: (Seconds, Seconds),
    /// Work that lasts longer than this beyond ordinary hours asks for as much again.
    pub long_after: Seconds,
    /// The longest ordinary day.
    pub ordinary: Seconds,
    /// The longest day, overtime and all.
    pub longest: Seconds,
    /// The least between two shifts.
    pub daily_rest: Seconds,
}

impl WorkingTime {
    /// Where the working days of a plan go beyond the rules: one warning for each carer and rule.
    ///
    /// # Panics
    /// Where [`walks`] does.
    pub fn warnings(&self, instance: &Instance, plan: &Plan) -> Vec<Warning> {
        let out = walks(instance, plan).into_iter().filter(|walk| !walk.steps.is_empty());
        out.flat_map(|walk| self.of_day(&walk)).collect()
    }

    fn of_day(&self, walk: &Walk<'_>) -> Vec<Warning> {
        let carer = walk.carer;
        let pauses = walk.steps.iter().filter(|step| matches!(step.stop, Stop::Break { .. }));
        let rested: Seconds = pauses.map(|step| step.end - step.start).sum();
        let shift = carer.shift_end - carer.shift_start;
        let unpaid = carer.rest.filter(|rest| !rest.paid).map_or(Seconds::ZERO, |_| rested);
        let ordinary = shift - unpaid;
        let all = ordinary + walk.overtime();
        let due = if all >= self.full_break.0 {
            let again = walk.overtime() > self.long_after;
            if again { self.full_break.1 + self.full_break.1 } else { self.full_break.1 }
        } else if all > self.break_after {
            Seconds(1)
        } else {
            Seconds::ZERO
        };
        let breaks = (rested < due).then(|| too_little_rest(&carer.id, all, rested, due));
        let (most, rule) = if walk.overtime() > Seconds::ZERO {
            (self.longest, "§ 10-6")
        } else {
            (self.ordinary, "§ 10-4")
        };
        let day = (all > most).then(|| too_long(&carer.id, all, most, rule));
        breaks.into_iter().chain(day).collect()
    }

    /// A shift that begins too soon after the last one ended.
    pub fn too_soon(&self, carer: &CarerRef, rested: Seconds) -> Option<Warning> {
        (rested < self.daily_rest).then(|| Warning {
            code: "daily-rest-short",
            visit: None,
            carer: Some(carer.clone()),
            detail: Said::new(
                format!(
                    "the shift begins {} after the last one, {} are due (§ 10-8)",
                    told(rested),
                    told(self.daily_rest)
                ),
                format!(
                    "Vakten begynner {} etter den forrige; det skal være {} (§ 10-8).",
                    told(rested),
                    told(self.daily_rest)
                ),
            ),
        })
    }
}

fn too_little_rest(carer: &CarerRef, all: Seconds, rested: Seconds, due: Seconds) -> Warning {
    let (en, nb) = if due == Seconds(1) {
        ("a break".to_owned(), "en pause".to_owned())
    } else {
        (format!("{} of breaks", told(due)), format!("{} pause", told(due)))
    };
    Warning {
        code: "break-short",
        visit: None,
        carer: Some(carer.clone()),
        detail: Said::new(
            format!("works {} with {} of breaks; {en} is due (§ 10-9)", told(all), told(rested)),
            format!(
                "Arbeider {} med {} pause; det skal være {nb} (§ 10-9).",
                told(all),
                told(rested)
            ),
        ),
    }
}

fn too_long(carer: &CarerRef, all: Seconds, most: Seconds, rule: &str) -> Warning {
    Warning {
        code: "day-too-long",
        visit: None,
        carer: Some(carer.clone()),
        detail: Said::new(
            format!("works {}, no more than {} is allowed ({rule})", told(all), told(most)),
            format!("Arbeider {}; høyst {} er tillatt ({rule}).", told(all), told(most)),
        ),
    }
}

/// `7 h 30 min`, which both languages write alike.
fn told(time: Seconds) -> String {
    let minutes = time.0.max(0) / 60;
    match (minutes / 60, minutes % 60) {
        (0, minutes) => format!("{minutes} min"),
        (hours, 0) => format!("{hours} h"),
        (hours, minutes) => format!("{hours} h {minutes} min"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notation;
    use crate::{Budget, Policy, Problem, render, solve};

    fn codes(day: &str) -> Vec<&'static str> {
        let (instance, tables) = notation::parse(day).unwrap();
        let problem = Problem::compile(&instance, &tables).unwrap();
        let never = std::sync::atomic::AtomicBool::new(false);
        let budget = Budget {
            seed: 1,
            iterations: Some(20),
            deadline: None,
            threads: 1,
            cancelled: &never,
            progress: &|_| {},
        };
        let plan = render(&instance, &tables, &problem, &solve(&problem, &budget));
        let warnings = instance.policy.working_time.warnings(&instance, &plan);
        warnings.iter().map(|warning| warning.code).collect()
    }

    #[test]
    fn each_rule_is_named() {
        let day = |carer: &str| {
            format!("travel car 60 s/km\nplace A 0,0\nvisit v at A 30 min\ncarer c {carer}\n")
        };
        let none: [&str; 0] = [];
        assert_eq!(codes(&day("07:30-13:00 from A car")), none, "five and a half hours");
        assert_eq!(codes(&day("07:30-13:30 from A car")), ["break-short"]);
        assert_eq!(codes(&day("07:30-13:30 from A car break 10 min 10:00-12:00 paid")), none);
        assert_eq!(
            codes(&day("07:30-15:30 from A car break 20 min 10:00-12:00 paid")),
            ["break-short"]
        );
        assert_eq!(
            codes(&day("07:00-16:30 from A car break 30 min 10:00-12:00 paid")),
            ["day-too-long"]
        );
        assert_eq!(codes(&day("07:00-16:30 from A car break 30 min 10:00-12:00")), none);
    }

    #[test]
    fn a_shift_too_soon_after_the_last_is_named() {
        let rules = Policy::standard().working_time;
        assert!(rules.too_soon(&"c".into(), Seconds::minutes(659)).is_some());
        assert!(rules.too_soon(&"c".into(), Seconds::minutes(660)).is_none());
    }
}
