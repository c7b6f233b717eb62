//! `hjemrute compare`: two plans side by side, and the time that one frees against the other.

use std::fs;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use clap::Args;
use hjemrute_server::{Limits, PlanningError, compare, page};

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
            Ok(ExitCode::SUCCESS)
        }
    }
}
