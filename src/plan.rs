//! `hjemrute plan`: from a visit list to work lists in a folder.

use std::cell::RefCell;
use std::fs;
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use anyhow::Context;
use clap::{Args, value_parser};
use hjemrute_osm::Roads;
use hjemrute_server::{
    Answer, Limits, Order, Proving, Stage, Standing, make_plan, page, plan_json, replan,
};
use hjemrute_solver::{Budget, Noise, Policy, Progress, simulate};
use hjemrute_travel::{Mode, Seconds};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::map::trouble;
use crate::report::{self, BadInput, Timings};

/// What follows `hjemrute plan`.
#[derive(Args, Debug)]
pub(crate) struct PlanArgs {
    /// Besøkslisten
    list: PathBuf,
    /// Kartet
    #[arg(long, value_name = "FIL.roads")]
    map: PathBuf,
    /// Mappen som plan.json, index.html og worklists.csv legges i
    #[arg(long, value_name = "MAPPE")]
    out: PathBuf,
    /// Planen som er publisert for dagen (plan.json), der listen nevner en
    #[arg(long, value_name = "PLAN")]
    published: Option<PathBuf>,
    /// Skriv feil i listen som JSON på stdout også
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    search: SearchArgs,
}

/// How to search.
#[derive(Args, Clone, Debug)]
pub(crate) struct SearchArgs {
    /// Hvor lenge, regnet fra programmet starter: 10s, 2m [standard: 10s, for replan 1s]
    #[arg(long, value_name = "TID", value_parser = duration)]
    time_limit: Option<Duration>,
    /// Så mange runder i stedet for så lang tid; samme frø gir da samme plan
    #[arg(long, value_name = "ANTALL")]
    iterations: Option<u64>,
    /// Frøet til tilfeldige valg
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Antall tråder
    #[arg(long, default_value_t = 2, value_parser = value_parser!(u16).range(1..=256))]
    threads: u16,
    /// Regn også ut hvor god en plan kan bli i beste fall, ved siden av søket (opptil 300 besøk)
    #[arg(long)]
    bound: bool,
    /// Så mange minutter å gå på før fristen for tidskritiske besøk og før vaktens slutt
    #[arg(long, value_name = "MINUTTER", value_parser = value_parser!(u16).range(0..=240))]
    buffer: Option<u16>,
    /// Regn nøyere ut hvor godt planen holder når tidene blir andre enn planlagt
    #[arg(long)]
    robustness: bool,
    /// Vekter og grenser i stedet for standarden
    #[arg(long, value_name = "FIL.toml")]
    profile: Option<PathBuf>,
}

/// How many days are drawn to see how a plan holds.
const DRAWS: u32 = 1000;

/// How long a plan is searched for where nobody says.
const USUAL: Duration = Duration::from_secs(10);

impl SearchArgs {
    /// The same, with another time than the usual where none is said.
    pub(crate) fn within(self, time: Duration) -> SearchArgs {
        SearchArgs { time_limit: self.time_limit.or(Some(time)), ..self }
    }

    /// The file with the prices, if it is not the standard.
    pub(crate) fn profile(&self) -> Option<&Path> {
        self.profile.as_deref()
    }
}

/// Runs the subcommand.
///
/// # Errors
/// If a file cannot be read or written; the message says which and what to do.
pub(crate) fn run(args: &PlanArgs, began: Instant) -> anyhow::Result<ExitCode> {
    let body = read(&args.list, "besøkslisten")?;
    let roads = load_map(&args.map)?;
    let held = args.published.as_ref().map(|path| read(path, "planen")).transpose()?;
    let standing = held.as_ref().map(|held| Standing { plan: held, now: None, most_changes: None });
    let out = Output { folder: &args.out, json: args.json };
    tell(planned(&body, standing.as_ref(), &roads, &args.search, began, out)?)
}

/// Plans a list on a map that was loaded since `began`, writes the plan, and tells it in short.
///
/// # Errors
/// If the folder cannot be written, or the profile not be read.
pub(crate) fn write_plan(
    body: &[u8],
    roads: &Roads,
    search: &SearchArgs,
    began: Instant,
    out: &Path,
) -> anyhow::Result<ExitCode> {
    let out = Output { folder: out, json: false };
    tell(planned(body, None, roads, search, began, out)?)
}

/// Where a plan goes, and whether faults are told as JSON too.
#[derive(Clone, Copy)]
pub(crate) struct Output<'a> {
    pub(crate) folder: &'a Path,
    pub(crate) json: bool,
}

/// Plans a list, anew where a plan holds already, and writes the plan and tells it in short; how it
/// ended where there is none.
///
/// # Errors
/// If the folder cannot be written, or the profile not be read.
pub(crate) fn planned(
    body: &[u8],
    standing: Option<&Standing<'_>>,
    roads: &Roads,
    search: &SearchArgs,
    began: Instant,
    Output { folder: out, json }: Output<'_>,
) -> anyhow::Result<Result<Answer, ExitCode>> {
    let mut policy = policy(search.profile())?;
    if let Some(minutes) = search.buffer {
        policy.buffer = Seconds::minutes(minutes.into());
    }
    // Now, and not after the search: nobody should wait for a plan that cannot be written.
    fs::create_dir_all(out).with_context(|| format!("mappen {} ble ikke laget", out.display()))?;
    let watch = Watch::begin(began);
    let bar = watch.bar.clone();
    let never = AtomicBool::new(false);
    let deadline = search.iterations.is_none().then(|| began + search.time_limit.unwrap_or(USUAL));
    let order = Order {
        limits: Limits::PROGRAM,
        policy: &policy,
        budget: Budget {
            seed: search.seed,
            iterations: search.iterations,
            deadline,
            threads: search.threads.into(),
            cancelled: &never,
            progress: &|progress: Progress| bar.set_position(progress.permille.into()),
        },
        prove: search.bound.then_some(Proving { told: &|_| {}, gives_way: false }),
        stage: &|stage| watch.enter(stage),
    };
    let planned = match standing {
        Some(standing) => replan(body, standing, roads, &order),
        None => make_plan(body, roads, &order),
    };
    let timings = watch.end();
    match planned {
        Ok(mut answer) => {
            if search.robustness {
                let held = simulate(&answer.instance, &answer.plan, Noise::USUAL, 1, DRAWS);
                answer.robustness = Some(held);
            }
            write_answer(&answer, out)?;
            let timings = Timings { all: began.elapsed(), ..timings };
            io::stdout().write_all(report::summary(&answer, &timings).as_bytes())?;
            Ok(Ok(answer))
        }
        Err(error) => report::refusal(&error, json).map(Err),
    }
}

fn tell(planned: Result<Answer, ExitCode>) -> anyhow::Result<ExitCode> {
    Ok(planned.map_or_else(|code| code, |_| ExitCode::SUCCESS))
}

/// Reads a file that the user named.
pub(crate) fn read(path: &Path, what: &str) -> anyhow::Result<Vec<u8>> {
    fs::read(path).map_err(|error| {
        BadInput(format!("{what} {} kan ikke leses: {error}", path.display())).into()
    })
}

/// Loads a stored map that the user named.
pub(crate) fn load_map(path: &Path) -> anyhow::Result<Roads> {
    load_map_for(path, &Mode::ALL)
}

/// The same with the roads of some modes only, which takes less time.
pub(crate) fn load_map_for(path: &Path, modes: &[Mode]) -> anyhow::Result<Roads> {
    Roads::load_for(path, modes).map_err(|error| {
        BadInput(format!("kartet {} kan ikke brukes: {}", path.display(), trouble(&error))).into()
    })
}

/// The profile in that file, or the standard one.
pub(crate) fn policy(path: Option<&Path>) -> anyhow::Result<Policy> {
    let Some(path) = path else { return Ok(Policy::standard()) };
    let text = String::from_utf8_lossy(&read(path, "profilen")?).into_owned();
    let name = path.file_stem().unwrap_or_default().to_string_lossy();
    Policy::parse(&name, &text).map_err(|error| {
        BadInput(format!("profilen {} kan ikke brukes: {error}", path.display())).into()
    })
}

fn write_answer(answer: &Answer, out: &Path) -> anyhow::Result<()> {
    write(out, "plan.json", &plan_json(answer))?;
    write(out, "index.html", page::html(answer).as_bytes())?;
    write(out, "worklists.csv", &page::csv(answer))
}

/// Writes beside the file and renames, so that nobody ever sees half of it.
pub(crate) fn write(folder: &Path, name: &str, bytes: &[u8]) -> anyhow::Result<()> {
    let path = folder.join(name);
    let beside = folder.join(format!(".{name}.new"));
    fs::write(&beside, bytes)
        .and_then(|()| fs::rename(&beside, &path))
        .with_context(|| format!("{} ble ikke skrevet", path.display()))
}

/// `10s`, `2m`, `1.5s`; a bare number is seconds.
pub(crate) fn duration(text: &str) -> Result<Duration, String> {
    let (number, unit) = match text.strip_suffix('m') {
        Some(minutes) => (minutes, 60.0),
        None => (text.strip_suffix('s').unwrap_or(text), 1.0),
    };
    let seconds = number.parse::<f64>().ok().map(|number| number * unit);
    let sensible = seconds.filter(|seconds| (0.0..=86_400.0).contains(seconds));
    sensible
        .map(Duration::from_secs_f64)
        .ok_or_else(|| "skriv for eksempel 10s eller 2m".to_owned())
}

/// Follows a run: when each stage began, and a bar on a terminal.
struct Watch {
    began: Instant,
    stages: RefCell<Vec<(Stage, Instant)>>,
    bar: ProgressBar,
}

impl Watch {
    fn begin(began: Instant) -> Watch {
        let target = if io::stderr().is_terminal() {
            ProgressDrawTarget::stderr()
        } else {
            ProgressDrawTarget::hidden()
        };
        let style = ProgressStyle::with_template("{msg:<12} {wide_bar} {percent:>3} %");
        let bar = ProgressBar::with_draw_target(Some(1000), target)
            .with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        let watch = Watch { began, stages: RefCell::default(), bar };
        watch.say("kart lastet");
        watch
    }

    fn enter(&self, stage: Stage) {
        self.stages.borrow_mut().push((stage, Instant::now()));
        self.say(match stage {
            Stage::Intake => "leser listen",
            Stage::Tables => "reisetider",
            Stage::Solve => "søker",
            Stage::Verify => "kontrollerer",
        });
    }

    fn say(&self, what: &'static str) {
        self.bar.set_message(what);
        if self.bar.is_hidden() {
            let seconds = self.began.elapsed().as_secs_f64();
            let _ = writeln!(io::stderr(), "{seconds:7.2} s  {what}");
        }
    }

    fn end(self) -> Timings {
        self.bar.finish_and_clear();
        let stages = self.stages.into_inner();
        let began =
            |stage: Stage| stages.iter().find(|(other, _)| *other == stage).map(|(_, at)| *at);
        let between = |from, to| {
            let span = began(from).zip(began(to)).map(|(from, to)| to - from);
            span.unwrap_or_default()
        };
        Timings {
            map: began(Stage::Intake).map(|at| at - self.began).unwrap_or_default(),
            tables: between(Stage::Tables, Stage::Solve),
            solve: between(Stage::Solve, Stage::Verify),
            all: Duration::ZERO,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_seconds_or_minutes() {
        assert_eq!(duration("10s"), Ok(Duration::from_secs(10)));
        assert_eq!(duration("1.5m"), Ok(Duration::from_secs(90)));
        assert_eq!(duration("7"), Ok(Duration::from_secs(7)));
        for bad in ["", "s", "-1s", "NaN", "1h", "1e300m"] {
            assert!(duration(bad).is_err(), "{bad}");
        }
    }
}
