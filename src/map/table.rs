//! `hjemrute map table`: time and way between all points of a file, for whoever compares or studies
//! them. What a pair without a way lacks is told in words, and stands in the arrays as no number.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use clap::Args;
use hjemrute_osm::{Roads, Snap};
use hjemrute_travel::{Leg, Mode, PlaceId, Position, Table};
use rustix::time::{ClockId, clock_gettime};
use serde_json::{Value, json};

use super::no_way::{Joined, NoWay};
use super::npz::{Array, npz};
use crate::plan::{load_map_for, read, write};
use crate::report::BadInput;

/// So many pairs without a way are told one by one.
const PAIRS_TOLD: usize = 100;
/// And so many in words.
const PAIRS_IN_WORDS: usize = 10;

/// What follows `hjemrute map table`.
#[derive(Args, Debug)]
pub(crate) struct TableArgs {
    /// Kartet
    map: PathBuf,
    /// Reisemåten: car, ebike, bike eller foot
    #[arg(long, value_name = "MÅTE", value_parser = super::mode)]
    mode: Mode,
    /// Punktene, ett på hver linje: lengdegrad,breddegrad
    #[arg(long, value_name = "FIL.csv")]
    points: PathBuf,
    /// Filen tabellen skrives til; .npz for numpy, .csv for regneark
    #[arg(long, value_name = "FIL.npz|csv")]
    out: PathBuf,
    /// Lag tabellen så mange ganger, og fortell den korteste tiden
    #[arg(long, value_name = "ANTALL", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
    rounds: u32,
    /// Fortell det som JSON
    #[arg(long)]
    json: bool,
}

/// Runs the subcommand.
///
/// # Errors
/// If the map or the points cannot be used, or the table cannot be written.
pub(crate) fn run(args: &TableArgs) -> anyhow::Result<ExitCode> {
    let kind = args.out.extension().and_then(|kind| kind.to_str());
    if !matches!(kind, Some("npz" | "csv")) {
        return Err(
            BadInput("tabellen skrives til en fil som ender på .npz eller .csv".into()).into()
        );
    }
    let roads = load_map_for(&args.map, &[args.mode])?;
    let points = points(&args.points, &roads)?;
    let made = Made::of(&roads, args.mode, &points, args.rounds);
    let bytes = if kind == Some("npz") { made.npz()? } else { made.csv()? };
    let name = args.out.file_name().unwrap_or_default().to_string_lossy();
    write(args.out.parent().unwrap_or(Path::new("")), &name, &bytes)?;
    let told = if args.json { format!("{:#}\n", made.told()) } else { made.in_words() };
    io::stdout().lock().write_all(told.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}

/// Reads points on a map; a first line of words is passed over, and so is the mark that spreadsheets put
/// before it.
fn points(path: &Path, roads: &Roads) -> anyhow::Result<Vec<Position>> {
    let bytes = read(path, "punktfilen")?;
    let text = String::from_utf8_lossy(&bytes);
    let text = text.trim_start_matches('\u{feff}');
    let is_title = |line: &str| line.chars().next().is_some_and(char::is_alphabetic);
    let lines = (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty());
    let lines = lines.filter(|(number, line)| !(*number == 1 && is_title(line)));
    let point = |(number, line): (u32, &str)| {
        let wrong = |what| BadInput(format!("{}, linje {number}: {what}", path.display()));
        let position = super::position(line);
        let position =
            position.ok_or_else(|| wrong("skriv lengdegrad,breddegrad, som 10.7522,59.9139"))?;
        Ok(super::on_map(roads, position).ok_or_else(|| wrong(super::EXCHANGED))?)
    };
    let points: Vec<Position> = lines.map(point).collect::<anyhow::Result<_>>()?;
    match points[..] {
        [] => Err(BadInput(format!("{}: det er ingen punkter", path.display())).into()),
        _ => Ok(points),
    }
}

/// A table, and how it came about.
struct Made {
    map: String,
    mode: Mode,
    joined: Vec<Joined>,
    table: Table,
    /// Processor time of all threads, for joining the points to roads and for the table.
    spent: [Duration; 2],
}

impl Made {
    /// Made once at least; of several rounds the shortest is told.
    fn of(roads: &Roads, mode: Mode, points: &[Position], rounds: u32) -> Made {
        // What a map puts off until it is first asked belongs to no point.
        let _ = points.first().map(|point| roads.snap(mode, *point, None));
        roads.table(mode, &[]);
        let whole = |made: &Made| made.spent[0] + made.spent[1];
        let mut made = Made::once(roads, mode, points);
        for _ in 1..rounds {
            let again = Made::once(roads, mode, points);
            if whole(&again) < whole(&made) {
                made = again;
            }
        }
        made
    }

    fn once(roads: &Roads, mode: Mode, points: &[Position]) -> Made {
        let start = spent();
        let joined: Vec<Joined> = points.iter().map(|at| roads.snap(mode, *at, None)).collect();
        let snapped = spent();
        let places: Vec<Option<Snap>> = joined.iter().map(|place| place.ok()).collect();
        let table = roads.table(mode, &places);
        let spent = [snapped.saturating_sub(start), spent().saturating_sub(snapped)];
        Made { map: roads.map_id(), mode, joined, table, spent }
    }

    /// Every leg, row by row.
    fn legs(&self) -> impl Iterator<Item = (u32, u32, Option<Leg>)> {
        let ids = || 0..self.table.places() as u32;
        let pairs = ids().flat_map(move |from| ids().map(move |to| (from, to)));
        pairs.map(|(from, to)| (from, to, self.table.leg(PlaceId(from), PlaceId(to))))
    }

    fn npz(&self) -> anyhow::Result<Vec<u8>> {
        let count = self.table.places();
        let of_legs = |name, number: fn(Leg) -> i32| {
            let values =
                self.legs().map(|(_, _, leg)| leg.map_or(f32::NAN, |leg| number(leg) as f32));
            Array { name, shape: vec![count; 2], values: values.collect() }
        };
        let snapped = self.snapped().map(|metres| metres.map_or(f32::NAN, |metres| metres as f32));
        Ok(npz(&[
            of_legs("seconds", |leg| leg.seconds.0),
            of_legs("metres", |leg| leg.metres.0),
            Array { name: "snapped_metres", shape: vec![count], values: snapped.collect() },
        ])?)
    }

    fn csv(&self) -> anyhow::Result<Vec<u8>> {
        let mut text = Vec::from(&b"from,to,seconds,metres\n"[..]);
        for (from, to, leg) in self.legs() {
            match leg {
                Some(leg) => writeln!(text, "{from},{to},{},{}", leg.seconds.0, leg.metres.0)?,
                None => writeln!(text, "{from},{to},,")?,
            }
        }
        Ok(text)
    }

    /// The pairs without a way.
    fn unreachable(&self) -> impl Iterator<Item = (u32, u32)> {
        self.legs().filter(|(_, _, leg)| leg.is_none()).map(|(from, to, _)| (from, to))
    }

    /// Metres from each point to the road it is joined to.
    fn snapped(&self) -> impl Iterator<Item = Option<f64>> {
        self.joined.iter().map(|place| place.as_ref().ok().map(super::metres))
    }

    /// The first pairs without a way, each with the reason.
    fn reasons(&self, count: usize) -> impl Iterator<Item = (u32, u32, NoWay)> {
        self.unreachable().take(count).map(|(from, to)| {
            let [start, goal] = [from, to].map(|place| &self.joined[place as usize]);
            (from, to, NoWay::between(self.mode, start, goal))
        })
    }

    fn told(&self) -> Value {
        let pair = |(from, to, why): (u32, u32, NoWay)| json!({"from": from, "to": to, "reason": why.code(), "detailNb": why.to_string()});
        let seconds = self.spent.map(|spent| spent.as_secs_f64());
        json!({
            "map": self.map,
            "mode": self.mode.name(),
            "points": self.table.places(),
            "cpuSeconds": {"snap": seconds[0], "table": seconds[1]},
            "snappedMetres": self.snapped().collect::<Vec<_>>(),
            "unreachable": {
                "pairs": self.unreachable().count(),
                "first": self.reasons(PAIRS_TOLD).map(pair).collect::<Vec<_>>(),
            },
        })
    }

    fn in_words(&self) -> String {
        let far = self.snapped().flatten().filter(|metres| *metres > 50.0).count();
        let off = self.snapped().filter(Option::is_none).count();
        let seconds =
            self.spent.map(|spent| format!("{:.3}", spent.as_secs_f64()).replace('.', ","));
        let mut text = format!(
            "Punkter               {}\nMer enn 50 m fra vei  {far}\nUten vei innen 250 m  {off}\n\
             Prosessorsekunder     til vei {}, tabell {}\nPar uten vei          {}\n",
            self.table.places(),
            seconds[0],
            seconds[1],
            self.unreachable().count(),
        );
        for (from, to, why) in self.reasons(PAIRS_IN_WORDS) {
            text += &format!("  {from} til {to}: {why}\n");
        }
        text
    }
}

/// What the threads of this process have cost so far.
fn spent() -> Duration {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
}
