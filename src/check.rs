//! `hjemrute check`: reads a plan again and tells every rule that it breaks.

use std::fmt::Write as _;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use hjemrute_server::{Checked, Limits, check_plan, checked_json};
use hjemrute_solver::Breach;

use crate::plan::{load_map, policy, read};
use crate::report;

/// What follows `hjemrute check`.
#[derive(Args, Debug)]
pub(crate) struct CheckArgs {
    /// Besøkslisten som planen svarer på
    list: PathBuf,
    /// Planen (plan.json)
    plan: PathBuf,
    /// Kartet som planen er laget med
    #[arg(long, value_name = "FIL.roads")]
    map: PathBuf,
    /// Profilen som planen er laget med
    #[arg(long, value_name = "FIL.toml")]
    profile: Option<PathBuf>,
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
    match check_plan(&list, &plan, &roads, &Limits::PROGRAM, &policy) {
        Err(error) => report::refusal(&error, args.json),
        Ok(checked) => {
            let told = if args.json { checked_json(&checked) } else { words(&checked).into() };
            io::stdout().write_all(&told)?;
            let clean = checked.breaches.is_empty();
            Ok(if clean { ExitCode::SUCCESS } else { ExitCode::FAILURE })
        }
    }
}

fn words(checked: &Checked) -> String {
    if checked.breaches.is_empty() {
        return "Planen bryter ingen regler.\n".to_owned();
    }
    let mut text = format!("Planen bryter {} regler:\n", checked.breaches.len());
    for Breach { rule, visit, carer, detail } in &checked.breaches {
        let visit = visit.as_ref().map(|visit| format!(" {visit}")).unwrap_or_default();
        let carer = carer.as_ref().map(|carer| format!(" {carer}")).unwrap_or_default();
        let _ = writeln!(text, "  {rule}{visit}{carer}: {}", detail.nb);
    }
    text
}
