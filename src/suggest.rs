//! `hjemrute suggest`: where a new visit fits on a plan.

use std::fmt::Write as _;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, value_parser};
use hjemrute_server::{Limits, Suggested, suggested_json, suggestions};

use crate::explain::{OfPlan, comes_to, left_out};
use crate::plan::{load_map, read};
use crate::report;

/// What follows `hjemrute suggest`.
#[derive(Args, Debug)]
pub(crate) struct SuggestArgs {
    #[command(flatten)]
    of: OfPlan,
    /// Det nye besøket; en ny bruker eller et nytt sted skrives rett inn i det
    #[arg(long, value_name = "NYTT.json")]
    visit: PathBuf,
    /// Så mange forslag, de billigste først
    #[arg(long, default_value_t = 5, value_parser = value_parser!(u16).range(1..=50))]
    top: u16,
}

/// Runs the subcommand.
///
/// # Errors
/// If a file cannot be read; the message says which.
pub(crate) fn run(args: &SuggestArgs) -> anyhow::Result<ExitCode> {
    let visit = read(&args.visit, "besøket")?;
    let roads = load_map(&args.of.map)?;
    let plan = match args.of.load(&roads)? {
        Ok(plan) => plan,
        Err(error) => return report::refusal(&error, args.of.json),
    };
    let around = plan.day().surroundings(&roads);
    match suggestions(&plan, (&roads, &around), &visit, args.top.into(), &Limits::PROGRAM) {
        Err(error) => report::refusal(&error, args.of.json),
        Ok(suggested) => {
            let told =
                if args.of.json { suggested_json(&suggested) } else { words(&suggested).into() };
            io::stdout().write_all(&told)?;
            Ok(ExitCode::SUCCESS)
        }
    }
}

fn words(suggested: &Suggested<'_>) -> String {
    let Suggested { of, instance, visit, plans, why_not } = suggested;
    let asked = instance.visits.iter().find(|other| other.id == *visit);
    if let Some((why, asked)) = why_not.as_ref().zip(asked) {
        return left_out(of, asked, why);
    }
    let mut text = String::new();
    for (number, plan) in plans.iter().enumerate() {
        let _ = writeln!(text, "{}.", number + 1);
        text += &comes_to(of, plan, visit);
    }
    text
}
