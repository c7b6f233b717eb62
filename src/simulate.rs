//! `hjemrute simulate`: how a plan holds when ways and visits take other times than planned.

use std::fmt::Write as _;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use hjemrute_server::{Limits, robustness_json, simulate_plan};
use hjemrute_solver::{Held, Noise, Robustness};
use hjemrute_travel::Seconds;

use crate::plan::{load_map, policy, read};
use crate::report;

/// What follows `hjemrute simulate`.
#[derive(Args, Debug)]
pub(crate) struct SimulateArgs {
    /// Planen (plan.json)
    plan: PathBuf,
    /// Besøkslisten som planen svarer på
    #[arg(long, value_name = "LISTE")]
    list: PathBuf,
    /// Kartet som planen er laget med
    #[arg(long, value_name = "FIL.roads")]
    map: PathBuf,
    /// Standardavvik for reisetid og for besøkenes lengde, i prosent av dem
    #[arg(long, value_name = "REISE,BESØK", default_value = "25,20", value_parser = noise)]
    noise: (i64, i64),
    /// Så mye lenger tar alt i gjennomsnitt, i prosent
    #[arg(long, value_name = "PROSENT", default_value_t = 0)]
    slower: u8,
    /// Så mange minutter etter fristen regnes fortsatt som å holde
    #[arg(long, value_name = "MINUTTER", default_value_t = 5)]
    tolerance: u16,
    /// Frøet til de trukne tidene
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Hvor mange dager som trekkes
    #[arg(long, default_value_t = 1000)]
    draws: u32,
    /// Skriv tallene som JSON på stdout
    #[arg(long)]
    json: bool,
}

/// Runs the subcommand.
///
/// # Errors
/// If a file cannot be read; the message says which.
pub(crate) fn run(args: &SimulateArgs) -> anyhow::Result<ExitCode> {
    let list = read(&args.list, "besøkslisten")?;
    let plan = read(&args.plan, "planen")?;
    let roads = load_map(&args.map)?;
    let noise = Noise {
        travel: args.noise.0,
        visits: args.noise.1,
        slower: i64::from(args.slower) * 10,
        tolerance: Seconds::minutes(args.tolerance.into()),
    };
    let policy = policy(None)?;
    let drawn = (noise, args.seed, args.draws);
    match simulate_plan((&list, &plan), &roads, (&Limits::PROGRAM, &policy), drawn) {
        Err(error) => report::refusal(&error, args.json),
        Ok(held) => {
            let told = if args.json { robustness_json(&held) } else { words(&held).into() };
            io::stdout().write_all(&told)?;
            Ok(ExitCode::SUCCESS)
        }
    }
}

/// The figures in bokmål, with the routes that hold least.
fn words(held: &Robustness) -> String {
    let mut text = format!("{} dager trukket\n\n", held.draws);
    let mut line = |label: &str, held: Held| {
        let _ = writeln!(text, "{label:<34}{}", percent(held));
    };
    line("Ruter som holder", held.routes);
    line("Tidskritiske besøk som holder", held.time_critical);
    line("Besøk som holder", held.visits);
    let mut routes: Vec<_> = held.by_carer.iter().collect();
    routes.sort_by_key(|(carer, held)| (held.share(), carer.clone()));
    text.push_str("\nRutene som holder dårligst:\n");
    for (carer, held) in routes.into_iter().take(5) {
        let _ = writeln!(text, "  {carer:<32}{}", percent(*held));
    }
    text
}

fn percent(held: Held) -> String {
    let share = held.share();
    format!("{},{:02} %", share / 100, share % 100)
}

/// `25,20`: whole percentages, as thousandths.
fn noise(text: &str) -> Result<(i64, i64), String> {
    let of = |text: &str| text.trim().parse::<i64>().ok().filter(|share| (0..=200).contains(share));
    let both = text.split_once(',').and_then(|(travel, visits)| Some((of(travel)?, of(visits)?)));
    both.map(|(travel, visits)| (travel * 10, visits * 10))
        .ok_or_else(|| "skriv for eksempel 25,20".to_owned())
}
