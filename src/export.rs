//! `hjemrute export`: a day in the format of another planner, so that anyone can compare.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use hjemrute_instances::vroom;
use hjemrute_server::{Limits, day_of};

use crate::plan::{load_map, policy, read, write};
use crate::report;

/// What follows `hjemrute export`.
#[derive(Args, Debug)]
pub(crate) struct ExportArgs {
    /// Besøkslisten
    list: PathBuf,
    /// Kartet
    #[arg(long, value_name = "FIL.roads")]
    map: PathBuf,
    /// Formatet dagen skrives i
    #[arg(long)]
    format: Format,
    /// Filen den skrives til
    #[arg(long, value_name = "FIL")]
    out: PathBuf,
}

/// The formats that can be written.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    /// VROOMs JSON: doble besøk blir to oppdrag, og avstand mellom besøk, kontinuitet og forsinkelse følger ikke med
    Vroom,
}

/// Runs the subcommand.
///
/// # Errors
/// If a file cannot be read or written; the message says which.
pub(crate) fn run(args: &ExportArgs) -> anyhow::Result<ExitCode> {
    let body = read(&args.list, "besøkslisten")?;
    let roads = load_map(&args.map)?;
    let (instance, tables) = match day_of(&body, &roads, &Limits::PROGRAM, &policy(None)?) {
        Ok(day) => day,
        Err(error) => return report::refusal(&error, false),
    };
    let Format::Vroom = args.format;
    let folder = args.out.parent().unwrap_or(Path::new(""));
    let name = args.out.file_name().unwrap_or_default().to_string_lossy();
    write(folder, &name, &vroom::export(&instance, &tables))?;
    Ok(ExitCode::SUCCESS)
}
