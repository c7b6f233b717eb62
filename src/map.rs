//! `hjemrute map`: makes a stored map out of an OpenStreetMap extract, tells what is in one, and asks
//! it for travel tables and ways.

mod no_way;
mod npz;
mod route;
mod table;

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use clap::{Args, Subcommand};
use hjemrute_osm::{Clip, Roads, Snap};
use hjemrute_travel::{Mode, Position};

use crate::plan::load_map;
use crate::report::BadInput;

/// What follows `hjemrute map`.
#[derive(Args, Debug)]
pub(crate) struct MapArgs {
    #[command(subcommand)]
    command: MapCommand,
}

#[derive(Debug, Subcommand)]
enum MapCommand {
    /// Lag et kart (.roads) av et OpenStreetMap-uttrekk (.osm.pbf)
    Build {
        /// Uttrekket
        pbf: PathBuf,
        /// Filen kartet lagres i; en gammel byttes først når den nye er hel
        #[arg(long, value_name = "FIL.roads")]
        out: PathBuf,
        /// Behold bare det som ligger innenfor flatene i en GeoJSON-fil
        #[arg(long, value_name = "OMRÅDE.geojson")]
        clip: Option<PathBuf>,
    },
    /// Vis hva et lagret kart inneholder
    Info {
        /// Kartet
        roads: PathBuf,
    },
    /// Tid og lengde mellom alle punktene i en fil
    Table(table::TableArgs),
    /// Veien fra et sted til et annet
    Route(route::RouteArgs),
}

/// Runs the subcommand.
///
/// # Errors
/// If a file cannot be read, understood or written; the message says which and what to do.
pub(crate) fn run(args: MapArgs) -> anyhow::Result<ExitCode> {
    let roads = match args.command {
        MapCommand::Build { pbf, out, clip } => {
            let bad = |what: &str, error| BadInput(format!("{what}: {error}"));
            let clip = clip.map(|path| Clip::read(&path)).transpose();
            let clip = clip.map_err(|error| bad("området kan ikke brukes", error))?;
            let roads = Roads::read(&pbf, clip.as_ref()).map_err(|error| {
                bad(&format!("kartet ble ikke laget av {}", pbf.display()), error)
            })?;
            roads.save(&out).context("kartet ble ikke lagret")?;
            roads
        }
        MapCommand::Info { roads } => load_map(&roads)?,
        MapCommand::Table(args) => return table::run(&args),
        MapCommand::Route(args) => return route::run(&args),
    };
    io::stdout().lock().write_all(report(&roads).as_bytes())?;
    Ok(ExitCode::SUCCESS)
}

/// The mode of that name.
fn mode(name: &str) -> Result<Mode, String> {
    Mode::from_name(name).ok_or_else(|| "en av car, ebike, bike og foot".into())
}

/// The position in `lon,lat`.
fn position(text: &str) -> Option<Position> {
    let (lon, lat) = text.split_once(',')?;
    Position::from_degrees(lon.trim().parse().ok()?, lat.trim().parse().ok()?)
}

/// Metres from a place to the road it is joined to.
fn metres(place: &Snap) -> f64 {
    f64::from(place.millimetres()) / 1000.0
}

/// What is in a map, for people.
fn report(roads: &Roads) -> String {
    let bounds = roads.bounds();
    let (west, south) = (bounds.south_west.lon_degrees(), bounds.south_west.lat_degrees());
    let (east, north) = (bounds.north_east.lon_degrees(), bounds.north_east.lat_degrees());
    let mut text = format!(
        "Kart:       {}\nDato:       {}\nKjennetegn: {}\nOmråde:     {west:.4}–{east:.4} Ø, {south:.4}–{north:.4} N\nAdresser:   {}\n\n",
        roads.name(),
        roads.date().unwrap_or("ukjent"),
        roads.map_id(),
        roads.addresses().len(),
    );
    text += "måte     noder    lenker      km   i hovednettet   i egne nett\n";
    for mode in Mode::ALL {
        let summary = roads.summary(mode);
        let share = |metres: u64| 100.0 * metres as f64 / summary.metres.max(1) as f64;
        let (main, apart) = (share(summary.main_metres), share(summary.apart_metres));
        text += &format!(
            "{:<6} {:>7} {:>9} {:>7.1} {main:>12.1} % {apart:>11.1} %\n",
            mode.name(),
            summary.nodes,
            summary.arcs,
            summary.metres as f64 / 1000.0,
        );
    }
    text
}
