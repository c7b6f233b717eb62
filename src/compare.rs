//! `hjemrute compare`: two plans side by side, and the time that one frees against the other.

use std::fs;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use clap::Args;
use hjemrute_server::{Limits, PlanningError, changes, compare, page};
use hjemrute_solver::Policy;

use crate::plan::read;
use crate::report;

/// What follows `hjemrute compare`.
#[derive(Args, Debug)]
pub(crate) struct CompareArgs {
    /// Planen det sammenlignes med (plan.json), for eksempel den som var laget for hånd
    a: PathBuf,
    /// Den andre planen
    b: PathBuf,
    /// Skriv alle tallene til en CSV-fil for dataplattformen
    #[arg(long, value_name = "FIL.csv")]
    csv: Option<PathBuf>,
    /// Fortell også hva den andre planen endrer for brukerne
    #[arg(long)]
    changes: bool,
    /// Skriv feil i en plan som JSON på stdout også
    #[arg(long)]
    json: bool,
}

/// Runs the subcommand.
///
/// # Errors
/// If a file cannot be read or written; the message says which.
pub(crate) fn run(args: &CompareArgs) -> anyhow::Result<ExitCode> {
    let paths = [&args.a, &args.b];
    let plans = [read(&args.a, "planen")?, read(&args.b, "planen")?];
    match compare([&plans[0], &plans[1]], &Limits::PROGRAM) {
        Err((which, faults)) => {
            writeln!(io::stderr(), "{} er ikke en plan som kan leses:", paths[which].display())?;
            report::refusal(&PlanningError::Refused(faults), args.json)
        }
        Ok(comparison) => {
            if let Some(path) = &args.csv {
                fs::write(path, page::comparison_csv(&comparison))
                    .with_context(|| format!("{} ble ikke skrevet", path.display()))?;
            }
            io::stdout().write_all(page::comparison_text(&comparison).as_bytes())?;
            if args.changes {
                let tolerance = Policy::standard().time_tolerance;
                let told = changes([&plans[0], &plans[1]], tolerance, &Limits::PROGRAM);
                return match told {
                    Err((_, faults)) => report::refusal(&faults.into(), args.json),
                    Ok(told) => {
                        let text = format!("\n{}", page::changes_text(&told));
                        io::stdout().write_all(text.as_bytes())?;
                        Ok(ExitCode::SUCCESS)
                    }
                };
            }
            Ok(ExitCode::SUCCESS)
        }
    }
}
