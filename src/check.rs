//! `hjemrute check`: reads a plan again and tells every rule that it breaks.

use std::fmt::Write as _;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use hjemrute_osm::Roads;
use hjemrute_server::{
    Limits, by_hand_json, check_by_hand, check_plan, check_replan, checked_json, is_by_hand,
};
use hjemrute_solver::{Breach, Policy};

use crate::plan::{load_map, policy, read};
use crate::report;

/// What follows `hjemrute check`.
#[derive(Args, Debug)]
pub(crate) struct CheckArgs {
    /// Besøkslisten som planen svarer på
    list: PathBuf,
    /// Planen (plan.json), eller en plan laget for hånd: bare hvem som gjør hvilke besøk, i rekkefølge
    plan: PathBuf,
    /// Kartet som planen er laget med
    #[arg(long, value_name = "FIL.roads")]
    map: PathBuf,
    /// Planen som gjaldt før denne (plan.json), der planen er laget på nytt
    #[arg(long, value_name = "PLAN")]
    from: Option<PathBuf>,
    /// Profilen som planen er laget med
    #[arg(long, value_name = "FIL.toml")]
    profile: Option<PathBuf>,
    /// En annen plan for listen (plan.json) som en plan laget for hånd holdes opp mot
    #[arg(long, value_name = "PLAN")]
    beside: Option<PathBuf>,
    /// Skriv funnene som JSON på stdout
    #[arg(long)]
    json: bool,
}

/// Runs the subcommand.
///
/// # Errors
/// If a file cannot be read; the message says which.
pub(crate) fn run(args: &CheckArgs) -> anyhow::Result<ExitCode> {
    let list = read(&args.list, "besøkslisten")?;
    let plan = read(&args.plan, "planen")?;
    let policy = policy(args.profile.as_deref())?;
    let roads = load_map(&args.map)?;
    if is_by_hand(&plan, &Limits::PROGRAM) {
        return by_hand(args, (&list, &plan), &roads, &policy);
    }
    let held = args.from.as_ref().map(|path| read(path, "planen")).transpose()?;
    let checked = match &held {
        Some(held) => check_replan(&list, (&plan, held), &roads, &Limits::PROGRAM, &policy),
        None => check_plan(&list, &plan, &roads, &Limits::PROGRAM, &policy),
    };
    match checked {
        Err(error) => report::refusal(&error, args.json),
        Ok(checked) => {
            let told =
                if args.json { checked_json(&checked) } else { words(&checked.breaches).into() };
            io::stdout().write_all(&told)?;
            let clean = checked.breaches.is_empty();
            Ok(if clean { ExitCode::SUCCESS } else { ExitCode::FAILURE })
        }
    }
}

/// A plan of which only carer and order are told.
fn by_hand(
    args: &CheckArgs,
    (list, plan): (&[u8], &[u8]),
    roads: &Roads,
    policy: &Policy,
) -> anyhow::Result<ExitCode> {
    let beside = args.beside.as_deref().map(|path| read(path, "planen")).transpose()?;
    let beside = beside.as_deref();
    match check_by_hand((list, plan, beside), roads, &Limits::PROGRAM, policy) {
        Err(error) => report::refusal(&error, args.json),
        Ok(by_hand) => {
            let told = if args.json {
                by_hand_json(&by_hand)
            } else {
                let more = by_hand.difference().map(|more| more.said().nb);
                let more = more.map(|more| format!("Mot den andre planen: {more}.\n"));
                (words(by_hand.breaches()) + &more.unwrap_or_default()).into()
            };
            io::stdout().write_all(&told)?;
            let clean = by_hand.breaches().is_empty();
            Ok(if clean { ExitCode::SUCCESS } else { ExitCode::FAILURE })
        }
    }
}

fn words(breaches: &[Breach]) -> String {
    if breaches.is_empty() {
        return "Planen bryter ingen regler.\n".to_owned();
    }
    let mut text = format!("Planen bryter {} regler:\n", breaches.len());
    for Breach { rule, visit, carer, detail } in breaches {
        let visit = visit.as_ref().map(|visit| format!(" {visit}")).unwrap_or_default();
        let carer = carer.as_ref().map(|carer| format!(" {carer}")).unwrap_or_default();
        let _ = writeln!(text, "  {rule}{visit}{carer}: {}", detail.nb);
    }
    text
}
