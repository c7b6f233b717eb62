//! What the commands say: trouble on stderr, a plan in short on stdout, both in bokmål.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::process::ExitCode;
use std::time::Duration;

use hjemrute_server::{Answer, PlanningError, faults_json};
use hjemrute_solver::{Criticality, Kpi, kpi};
use hjemrute_travel::Seconds;

/// Something the user gave cannot be used: exit code 2.
#[derive(Debug)]
pub(crate) struct BadInput(pub(crate) String);

impl std::fmt::Display for BadInput {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for BadInput {}

/// How long each part of a run took.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Timings {
    /// Loading the map.
    pub(crate) map: Duration,
    /// Travel tables.
    pub(crate) tables: Duration,
    /// The search.
    pub(crate) solve: Duration,
    /// From the start of the process.
    pub(crate) all: Duration,
}

/// Has a fault of the program end it with exit code 1 and the place in its source: the message of
/// a panic may hold what stood in the list, and is not printed.
pub(crate) fn hush_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        let _ = writeln!(io::stderr(), "Feil i programmet ved {place}. Meld fra om det.");
        std::process::exit(1);
    }));
}

/// Tells trouble that is no list's and gives its exit code.
pub(crate) fn failure(error: &anyhow::Error) -> ExitCode {
    let _ = writeln!(io::stderr(), "Feil: {error:#}");
    match error.downcast_ref::<BadInput>() {
        Some(_) => ExitCode::from(2),
        None => ExitCode::FAILURE,
    }
}

/// Tells why there is no plan, with `json` also as JSON on stdout, and gives the exit code.
pub(crate) fn refusal(error: &PlanningError, json: bool) -> anyhow::Result<ExitCode> {
    writeln!(io::stderr(), "{error}")?;
    match error {
        PlanningError::Refused(faults) => {
            if json {
                io::stdout().write_all(&faults_json(faults))?;
            }
            Ok(ExitCode::from(2))
        }
        PlanningError::Unsound(_) | PlanningError::Broken(_) => Ok(ExitCode::FAILURE),
    }
}

/// A plan in short.
pub(crate) fn summary(answer: &Answer, timings: &Timings) -> String {
    let figures = kpi(&answer.instance, &answer.plan);
    let Kpi { time, late, unassigned, .. } = figures;
    let out = answer.plan.work_lists.iter().filter(|list| !list.stops.is_empty()).count();
    let visits = answer.instance.known_visits().count();
    let lists = answer.plan.work_lists.iter().flat_map(|list| list.visits());
    let made: BTreeSet<_> = lists.map(|stop| &stop.visit).collect();
    let helped = answer.instance.visits.iter().filter(|it| it.helps.is_some());
    let made = made.len() - helped.filter(|part| made.contains(&part.id)).count();
    let mut text =
        format!("{} ({}), versjon {}\n\n", answer.list_id, answer.day.date(), answer.version);
    let mut line = |label: &str, value: String| {
        let _ = writeln!(text, "{label:<22}{value}");
    };
    line("Besøk på arbeidsliste", format!("{made} av {visits}"));
    line("Ansatte sendt ut", format!("{out} av {}", answer.instance.carers.len()));
    line("Uten ansatt", by_criticality(unassigned.map(|count| count.to_string())));
    line("Avvist fra listen", answer.rejected.len().to_string());
    line("Minutter for sent", by_criticality(late.map(minutes)));
    let share = 100.0 * f64::from(time.travel.0) / f64::from(time.paid.0.max(1));
    let share = format!("{share:.1}").replace('.', ",");
    line("Reisetid", format!("{} min ({share} % av betalt tid)", minutes(time.travel)));
    if let Some(bound) = &answer.bound {
        let gap = bound.gap(&answer.plan.score);
        line("Bevist å være innen", format!("{},{:02} % av det beste", gap / 100, gap % 100));
    }
    line("Varsler", answer.plan.warnings.len().to_string());
    line("Sekunder", seconds(timings));
    text
}

fn by_criticality(values: [String; 4]) -> String {
    const NAMES: [&str; 4] = ["tidskritiske", "viktige", "vanlige", "valgfrie"];
    let told =
        Criticality::ALL.map(|level| format!("{} {}", values[level.index()], NAMES[level.index()]));
    told.join(", ")
}

fn minutes(time: Seconds) -> String {
    ((time.0 + 30) / 60).to_string()
}

fn seconds(timings: &Timings) -> String {
    let Timings { map, tables, solve, all } = timings;
    let told = |time: &Duration| format!("{:.2}", time.as_secs_f64()).replace('.', ",");
    format!(
        "kart {}, reisetider {}, søk {}, i alt {}",
        told(map),
        told(tables),
        told(solve),
        told(all)
    )
}
