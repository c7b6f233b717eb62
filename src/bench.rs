//! `hjemrute bench`: solves a public benchmark problem with the same core as everything else, writes
//! the answer in the format's own words and tells the figures as one line of JSON.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use clap::{Args, ValueEnum, value_parser};
use hjemrute_instances::InstanceError;
use hjemrute_instances::hhcrsp::{self, Hhcrsp};
use hjemrute_instances::solomon::{self, Solomon};
use hjemrute_instances::uhhc::{self, Uhhc};
use hjemrute_instances::vroom::Vroom;
use hjemrute_solver::{Budget, Instance, Plan, Problem, render, solve, verify};
use hjemrute_travel::Tables;
use serde_json::{Value, json};

use crate::plan::{duration, read, write};
use crate::report::BadInput;

/// What follows `hjemrute bench`.
#[derive(Args, Debug)]
pub(crate) struct BenchArgs {
    /// Problemet
    file: PathBuf,
    /// Formatet det er skrevet i
    #[arg(long)]
    format: Format,
    /// Hvor lenge, regnet fra programmet starter: 10s, 2m
    #[arg(long, value_name = "TID", default_value = "10s", value_parser = duration)]
    time_limit: Duration,
    /// Så mange runder i stedet for så lang tid; samme frø gir da samme plan
    #[arg(long, value_name = "ANTALL")]
    iterations: Option<u64>,
    /// Frøet til tilfeldige valg
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Antall tråder
    #[arg(long, default_value_t = 1, value_parser = value_parser!(u16).range(1..=256))]
    threads: u16,
    /// Filen svaret skrives til
    #[arg(long, value_name = "FIL")]
    out: PathBuf,
}

/// The formats that can be read.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    /// VROOMs JSON
    Vroom,
    /// Teksten til Solomons og Gehring og Hombergers problemer
    Solomon,
    /// JSON-en til Mankowskas og Kummers hjemmesykepleieproblemer
    Hhcrsp,
    /// JSON-en til det samlede hjemmesykepleieproblemet UHHC
    Uhhc,
}

/// A problem of one of the formats.
enum Asked {
    Vroom(Vroom),
    Solomon(Solomon),
    Hhcrsp(Hhcrsp),
    Uhhc(Uhhc),
}

/// An answer in the format's own words, with what it is worth by the format's own definition.
struct Told {
    answer: Vec<u8>,
    objective: Value,
    parts: Value,
}

/// Runs the subcommand.
///
/// # Errors
/// If the problem cannot be read or expressed, the plan breaks a rule, or the answer cannot be
/// written.
pub(crate) fn run(args: &BenchArgs, began: Instant) -> anyhow::Result<ExitCode> {
    let text = read(&args.file, "problemet")?;
    let unusable =
        |error| BadInput(format!("problemet {} kan ikke brukes: {error}", args.file.display()));
    let asked = Asked::read(args.format, &text).map_err(unusable)?;
    let (plan, iterations) = planned(args, asked.day(), began)?;
    let seconds = began.elapsed();
    let Told { answer, objective, parts } = asked.told(&plan, seconds);
    let folder = args.out.parent().unwrap_or(Path::new(""));
    let name = args.out.file_name().unwrap_or_default().to_string_lossy();
    write(folder, &name, &answer)?;
    let file = args.file.file_name().unwrap_or_default().to_string_lossy();
    let told = json!({
        "instance": file.split('.').next(),
        "objective": objective,
        "parts": parts,
        "unassigned": plan.unassigned.len(),
        "seconds": (seconds.as_secs_f64() * 1000.0).round() / 1000.0,
        "iterations": iterations,
    });
    writeln!(io::stdout(), "{told}")?;
    Ok(ExitCode::SUCCESS)
}

impl Asked {
    fn read(format: Format, text: &[u8]) -> Result<Asked, InstanceError> {
        Ok(match format {
            Format::Vroom => Asked::Vroom(Vroom::read(text)?),
            Format::Solomon => Asked::Solomon(Solomon::read(text)?),
            Format::Hhcrsp => Asked::Hhcrsp(Hhcrsp::read(text)?),
            Format::Uhhc => Asked::Uhhc(Uhhc::read(text)?),
        })
    }

    fn day(&self) -> (&Instance, &Tables) {
        match self {
            Asked::Vroom(Vroom { instance, tables, .. })
            | Asked::Solomon(Solomon { instance, tables })
            | Asked::Hhcrsp(Hhcrsp { instance, tables, .. })
            | Asked::Uhhc(Uhhc { instance, tables, .. }) => (instance, tables),
        }
    }

    fn told(&self, plan: &Plan, took: Duration) -> Told {
        match self {
            Asked::Vroom(day) => {
                let objective = day.objective(plan);
                let parts = json!({
                    "priorityLeftOut": objective.priority_left_out,
                    "travelSeconds": objective.travel.0,
                });
                let answer = day.answer(plan, took.as_millis() as u64);
                Told { answer, objective: parts.clone(), parts }
            }
            Asked::Solomon(problem) => {
                let solomon::Objective { tenths, vehicles } = problem.objective(plan);
                let distance = json!(tenths as f64 / 10.0);
                let parts = json!({ "distance": distance, "vehicles": vehicles });
                Told { answer: problem.answer(plan), objective: distance, parts }
            }
            Asked::Hhcrsp(problem) => {
                let hhcrsp::Objective { cost, distance, total_tardiness, max_tardiness } =
                    problem.objective(plan);
                let parts = json!({
                    "distance": distance,
                    "totalTardiness": total_tardiness,
                    "maxTardiness": max_tardiness,
                });
                Told { answer: problem.answer(plan), objective: json!(cost), parts }
            }
            Asked::Uhhc(problem) => {
                let uhhc::Objective { cost, components } = problem.objective(plan);
                let parts =
                    components.into_iter().map(|(name, _, cost)| (name.to_owned(), cost.into()));
                let parts = Value::Object(parts.collect());
                Told { answer: problem.answer(plan), objective: json!(cost), parts }
            }
        }
    }
}

/// A plan that breaks no rule, and how many iterations it took.
fn planned(
    args: &BenchArgs,
    (instance, tables): (&Instance, &Tables),
    began: Instant,
) -> anyhow::Result<(Plan, u64)> {
    let problem = Problem::compile(instance, tables)
        .map_err(|faults| BadInput(format!("problemet kan ikke planlegges: {faults:?}")))?;
    let never = AtomicBool::new(false);
    let solution = solve(
        &problem,
        &Budget {
            seed: args.seed,
            iterations: args.iterations,
            deadline: args.iterations.is_none().then(|| began + args.time_limit),
            threads: args.threads.into(),
            cancelled: &never,
            progress: &|_| {},
        },
    );
    let plan = render(instance, tables, &problem, &solution);
    let breaches = verify(instance, tables, &plan).breaches;
    match breaches.first() {
        None => Ok((plan, solution.iterations())),
        Some(first) => Err(anyhow::anyhow!(
            "planen bryter {} regler, den første: {}: {}",
            breaches.len(),
            first.rule,
            first.detail.nb
        )),
    }
}
