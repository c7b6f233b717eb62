//! `hjemrute map route`: the way from one place to another as GeoJSON, to be looked at on a map.

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use hjemrute_osm::{AddressAnswer, AddressQuery, Roads, Snap, Way};
use hjemrute_travel::{Mode, Position};
use serde_json::{Value, json};

use super::no_way::NoWay;
use crate::plan::load_map_for;
use crate::report::BadInput;

/// What follows `hjemrute map route`.
#[derive(Args, Debug)]
pub(crate) struct RouteArgs {
    /// Kartet
    map: PathBuf,
    /// Reisemåten: car, ebike, bike eller foot
    #[arg(long, value_name = "MÅTE", value_parser = super::mode)]
    mode: Mode,
    /// Startstedet: lengdegrad,breddegrad eller en adresse i kartet
    #[arg(value_name = "FRA", allow_hyphen_values = true)]
    from: String,
    /// Målet, på samme måte
    #[arg(value_name = "TIL", allow_hyphen_values = true)]
    to: String,
    /// Formatet veien skrives i
    #[arg(long, default_value = "geojson")]
    format: Format,
}

/// How a way is written.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    /// En linje med tid, lengde og gater
    Geojson,
}

/// Runs the subcommand.
///
/// # Errors
/// If the map cannot be used, a place is not found, or there is no way.
pub(crate) fn run(args: &RouteArgs) -> anyhow::Result<ExitCode> {
    let roads = load_map_for(&args.map, &[args.mode])?;
    let joined = |text: &str| -> anyhow::Result<_> {
        let (position, street) = place(&roads, text)?;
        Ok(roads.snap(args.mode, position, street.as_deref()))
    };
    let (from, to) = (joined(&args.from)?, joined(&args.to)?);
    let ends = from.ok().zip(to.ok());
    let way = ends.and_then(|(from, to)| Some((roads.way(&from, &to)?, [from, to])));
    let Some((way, ends)) = way else {
        let why = NoWay::between(args.mode, &from, &to);
        return Err(BadInput(format!("det er ingen vei: {why}")).into());
    };
    let Format::Geojson = args.format;
    let told = format!("{:#}\n", feature(args.mode, &way, ends));
    io::stdout().lock().write_all(told.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}

/// Where a place is, and the street of its address as the map writes it.
fn place(roads: &Roads, text: &str) -> anyhow::Result<(Position, Option<String>)> {
    if let Some(position) = super::position(text) {
        let position = super::on_map(roads, position);
        let wrong = || BadInput(format!("«{text}»: {}", super::EXCHANGED));
        return Ok((position.ok_or_else(wrong)?, None));
    }
    let known = AddressQuery::parse(text).map(|query| roads.addresses().find(&query));
    let trouble = match known {
        Some(AddressAnswer::One(found)) => {
            return Ok((found.position(), Some(found.street().to_owned())));
        }
        Some(AddressAnswer::Ambiguous(some)) => format!("finnes flere steder: {}", list(&some)),
        Some(AddressAnswer::Unknown(near)) if !near.is_empty() => {
            format!("er ikke i kartet; mente du {}?", list(&near))
        }
        _ => "er verken lengdegrad,breddegrad eller en adresse i kartet".to_owned(),
    };
    Err(BadInput(format!("«{text}» {trouble}")).into())
}

fn list<T: ToString>(candidates: &[T]) -> String {
    candidates.iter().map(T::to_string).collect::<Vec<_>>().join("; ")
}

fn feature(mode: Mode, way: &Way, [from, to]: [Snap; 2]) -> Value {
    let corner = |place: &Position| [place.lon_degrees(), place.lat_degrees()];
    let steps = way.steps.iter().map(
        |step| json!({"street": step.street, "seconds": step.seconds.0, "metres": step.metres.0}),
    );
    json!({
        "type": "Feature",
        "geometry": {
            "type": "LineString",
            "coordinates": way.line.iter().map(corner).collect::<Vec<_>>(),
        },
        "properties": {
            "mode": mode.name(),
            "seconds": way.leg.seconds.0,
            "metres": way.leg.metres.0,
            "snappedMetres": [super::metres(&from), super::metres(&to)],
            "steps": steps.collect::<Vec<_>>(),
        },
    })
}
