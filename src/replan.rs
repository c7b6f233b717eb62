//! `hjemrute replan`: a day that has a plan already, planned anew because something has happened.

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use clap::Args;
use hjemrute_server::{Limits, Standing, changes, changes_json, page, plan_json};

use crate::plan::{self, SearchArgs, load_map, policy, read};
use crate::report;

/// What follows `hjemrute replan`.
#[derive(Args, Debug)]
pub(crate) struct ReplanArgs {
    /// Besøkslisten slik den er nå
    list: PathBuf,
    /// Planen som gjelder (plan.json)
    #[arg(long, value_name = "PLAN")]
    from: PathBuf,
    /// Klokka nå, for eksempel 06:45: det som er begynt, ligger fast
    #[arg(long, value_name = "TT:MM", value_parser = wall_time)]
    now: Option<u32>,
    /// Så mange brukere kan få en annen ansatt eller et annet tidspunkt, ut over dem som må
    #[arg(long, value_name = "ANTALL")]
    max_changes: Option<usize>,
    /// Kartet
    #[arg(long, value_name = "FIL.roads")]
    map: PathBuf,
    /// Mappen som plan.json, changes.json, index.html og worklists.csv legges i
    #[arg(long, value_name = "MAPPE")]
    out: PathBuf,
    /// Skriv feil i listen som JSON på stdout også
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    search: SearchArgs,
}

/// Runs the subcommand.
///
/// # Errors
/// If a file cannot be read or written; the message says which and what to do.
pub(crate) fn run(args: &ReplanArgs, began: Instant) -> anyhow::Result<ExitCode> {
    let body = read(&args.list, "besøkslisten")?;
    let held = read(&args.from, "planen")?;
    let roads = load_map(&args.map)?;
    let standing = Standing { plan: &held, now: args.now, most_changes: args.max_changes };
    let search = args.search.clone().within(Duration::from_secs(1));
    let out = plan::Output { folder: &args.out, json: args.json };
    let answer = match plan::planned(&body, Some(&standing), &roads, &search, began, out)? {
        Ok(answer) => answer,
        Err(code) => return Ok(code),
    };
    let tolerance = policy(search.profile())?.time_tolerance;
    let made = plan_json(&answer);
    match changes([&held, &made], tolerance, &Limits::PROGRAM) {
        Err((_, faults)) => report::refusal(&faults.into(), args.json),
        Ok(told) => {
            plan::write(&args.out, "changes.json", &changes_json(&told))?;
            io::stdout().write_all(page::changes_text(&told).as_bytes())?;
            Ok(ExitCode::SUCCESS)
        }
    }
}

/// `06:45`, in minutes after midnight; past midnight it is `24:30`.
pub(crate) fn wall_time(text: &str) -> Result<u32, String> {
    let of = |digits: &str| match digits.as_bytes() {
        [tens @ b'0'..=b'9', ones @ b'0'..=b'9'] => {
            Some(u32::from(tens - b'0') * 10 + u32::from(ones - b'0'))
        }
        _ => None,
    };
    let minutes = text.split_once(':').and_then(|(hours, minutes)| {
        let (hours, minutes) = (of(hours)?, of(minutes)?);
        (hours < 48 && minutes < 60).then_some(hours * 60 + minutes)
    });
    minutes.ok_or_else(|| "skriv for eksempel 06:45".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_what_the_clock_on_the_wall_shows() {
        assert_eq!(wall_time("06:45"), Ok(405));
        assert_eq!(wall_time("24:30"), Ok(1470));
        for bad in ["6:45", "06:60", "48:00", "0645", "+6:45"] {
            assert!(wall_time(bad).is_err(), "{bad}");
        }
    }
}
