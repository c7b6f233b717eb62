//! `hjemrute explain`: why a visit is where it is on a plan, or nowhere.

use std::fmt::Write as _;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use hjemrute_osm::Roads;
use hjemrute_server::{
    Difference, Explained, Limits, LoadedDay, LoadedPlan, PlanningError, Visited, explain,
    explained_json, moved, said_of,
};
use hjemrute_solver::{Plan, Visit, VisitId, Why};

use crate::plan::{load_map, policy, read};
use crate::report::{self, BadInput};

/// Which plan is asked about.
#[derive(Args, Debug)]
pub(crate) struct OfPlan {
    /// Besøkslisten som planen svarer på
    list: PathBuf,
    /// Planen (plan.json)
    plan: PathBuf,
    /// Planen som gjaldt før, for en plan som er laget på nytt
    #[arg(long, value_name = "PLAN.json")]
    published: Option<PathBuf>,
    /// Kartet som planen er laget med
    #[arg(long, value_name = "FIL.roads")]
    pub(crate) map: PathBuf,
    /// Profilen som planen er laget med
    #[arg(long, value_name = "FIL.toml")]
    profile: Option<PathBuf>,
    /// Skriv svaret som JSON på stdout
    #[arg(long)]
    pub(crate) json: bool,
}

impl OfPlan {
    /// Loads the plan with its list, on that map.
    pub(crate) fn load(&self, roads: &Roads) -> anyhow::Result<Result<LoadedPlan, PlanningError>> {
        let list = read(&self.list, "besøkslisten")?;
        let plan = read(&self.plan, "planen")?;
        let held = self.published.as_deref().map(|held| read(held, "planen")).transpose()?;
        let policy = policy(self.profile.as_deref())?;
        let day = LoadedDay::of(&list, roads, &Limits::PROGRAM, &policy);
        Ok(day.and_then(|day| LoadedPlan::of(day, (&plan, held.as_deref()), &Limits::PROGRAM)))
    }
}

/// What follows `hjemrute explain`.
#[derive(Args, Debug)]
pub(crate) struct ExplainArgs {
    #[command(flatten)]
    of: OfPlan,
    /// Besøket det gjelder
    #[arg(long, value_name = "ID")]
    visit: String,
}

/// Runs the subcommand.
///
/// # Errors
/// If a file cannot be read, or the list does not have the visit; the message says which.
pub(crate) fn run(args: &ExplainArgs) -> anyhow::Result<ExitCode> {
    let roads = load_map(&args.of.map)?;
    let plan = match args.of.load(&roads)? {
        Ok(plan) => plan,
        Err(error) => return report::refusal(&error, args.of.json),
    };
    let explained = explain(&plan, &args.visit)
        .ok_or_else(|| BadInput(format!("listen har ikke noe besøk {}", args.visit)))?;
    let told =
        if args.of.json { explained_json(&explained) } else { words(&plan, &explained).into() };
    io::stdout().write_all(&told)?;
    Ok(ExitCode::SUCCESS)
}

fn words(plan: &LoadedPlan, explained: &Explained<'_>) -> String {
    match &explained.why {
        why @ Why::LeftOut { .. } => {
            let mut visits = plan.day().instance().visits.iter();
            let asked = visits.find(|visit| visit.id == explained.visit);
            asked.map(|visit| left_out(plan, visit, why)).unwrap_or_default()
        }
        Why::Made(alternatives) => {
            let mut text = seats(plan, plan.plan(), &explained.visit);
            let _ = writeln!(text, "\nAndre som kunne ha gjort det:");
            for alternative in alternatives {
                let said = said_of(plan, alternative);
                let _ = writeln!(text, "  {:<10}{}", alternative.carer.0, said.nb);
            }
            text
        }
    }
}

/// Why nobody makes the visit, and what would let it in.
pub(crate) fn left_out(plan: &LoadedPlan, visit: &Visit, why: &Why) -> String {
    let Why::LeftOut { reason, fits, would_fit } = why else { return String::new() };
    let mut text = format!("{} står uten ansatt. {}\n", visit.id, reason.detail.nb);
    for group in &reason.ruled_out {
        let carers: Vec<&str> = group.carers.iter().map(|carer| carer.0.as_str()).collect();
        let _ = writeln!(text, "  {:<12}{}", rule(group.rule), carers.join(", "));
    }
    if let Some(fit) = fits {
        let _ = writeln!(text, "\nDet er plass som det er:");
        text += &comes_to(plan, fit, &visit.id);
    }
    if !would_fit.is_empty() {
        let _ = writeln!(text, "\nDet hadde fått plass med (minste endring først, hver er prøvd):");
    }
    for fit in would_fit {
        let said = fit.change.said(&|time| plan.day().clock(time));
        let by = fit.carers.first().map(|carer| format!(" ({carer} gjør det)")).unwrap_or_default();
        let _ = writeln!(text, "  {}{by}", said.nb);
    }
    text
}

/// Who makes a visit and when, what that costs more than the plan in hand, and what else moves.
pub(crate) fn comes_to(plan: &LoadedPlan, after: &Plan, visit: &VisitId) -> String {
    let mut text = seats(plan, after, visit);
    let instance = plan.day().instance();
    let _ = writeln!(text, "    {}", Difference::between(instance, plan.plan(), after).said().nb);
    for moved in moved(instance, plan.plan(), after).iter().filter(|moved| moved.visit != *visit) {
        let told = |made: Option<&Visited>| match made {
            Some(made) => {
                let carers: Vec<&str> = made.carers.iter().map(|carer| carer.0.as_str()).collect();
                format!("{} {}", carers.join(" og "), plan.day().clock(made.start))
            }
            None => "ingen".to_owned(),
        };
        let _ = writeln!(
            text,
            "    {}: {} → {}",
            moved.visit,
            told(moved.before.as_ref()),
            told(moved.after.as_ref())
        );
    }
    text
}

fn seats(plan: &LoadedPlan, of: &Plan, visit: &VisitId) -> String {
    let mut text = String::new();
    for list in &of.work_lists {
        let stops: Vec<_> = list.visits().collect();
        let Some(at) = stops.iter().position(|stop| stop.visit == *visit) else { continue };
        let neighbour = |at: Option<usize>, word: &str| {
            let stop = at.and_then(|at| stops.get(at));
            stop.map(|stop| format!(", {word} {}", stop.visit)).unwrap_or_default()
        };
        let _ = writeln!(
            text,
            "  {} gjør {visit} kl. {}{}{}",
            list.carer,
            plan.day().clock(stops[at].start),
            neighbour(at.checked_sub(1), "etter"),
            neighbour(Some(at + 1), "før"),
        );
    }
    text
}

fn rule(name: &str) -> &str {
    match name {
        "skills" => "kompetanse",
        "avoid" => "skal ikke",
        "pinned" => "låst",
        "travel" => "reise",
        "hours" => "arbeidstid",
        "room" => "plass",
        other => other,
    }
}
