//! `hjemrute demo`: plans the day of a small town that does not exist, so that whoever has just got
//! the program sees work lists within a minute. Map and list are part of the binary.

use std::fs;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use anyhow::Context;
use clap::Args;
use hjemrute_osm::Roads;

use crate::plan::{SearchArgs, write_plan};

/// The map of the town.
pub(crate) const MAP: &[u8] = include_bytes!("../data/demo/lillevik.osm.pbf");
/// A day of visits in it.
pub(crate) const DAY: &[u8] = include_bytes!("../data/demo/day.json");

/// What follows `hjemrute demo`.
#[derive(Args, Debug)]
pub(crate) struct DemoArgs {
    /// Mappen som kart, besøksliste og arbeidslister legges i
    #[arg(long, value_name = "MAPPE", default_value = "hjemrute-demo")]
    out: PathBuf,
    #[command(flatten)]
    search: SearchArgs,
}

/// Runs the subcommand.
///
/// # Errors
/// If the folder cannot be written; the message says what.
pub(crate) fn run(args: &DemoArgs, began: Instant) -> anyhow::Result<ExitCode> {
    let out = &args.out;
    fs::create_dir_all(out).with_context(|| format!("mappen {} ble ikke laget", out.display()))?;
    let town = out.join("lillevik.osm.pbf");
    fs::write(&town, MAP).context("kartet ble ikke skrevet")?;
    fs::write(out.join("day.json"), DAY).context("besøkslisten ble ikke skrevet")?;
    let roads = Roads::read(&town, None).context("kartet ble ikke laget")?;
    let stored = out.join("lillevik.roads");
    roads.save(&stored).context("kartet ble ikke lagret")?;
    let code = write_plan(DAY, &roads, &args.search, began, out)?;
    let mut stdout = io::stdout().lock();
    writeln!(stdout, "\nArbeidslistene:       {}", out.join("index.html").display())?;
    writeln!(
        stdout,
        "Lag en plan selv med: hjemrute plan {} --map {} --out min-plan",
        out.join("day.json").display(),
        stored.display()
    )?;
    Ok(code)
}
