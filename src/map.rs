//! `hjemrute map`: makes a stored map out of an OpenStreetMap extract, tells what is in one, and asks
//! it for addresses, travel tables and ways; and makes the map to look at.

mod find;
mod no_way;
mod npz;
mod route;
mod table;
mod tiles;
mod trouble;

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::anyhow;
use clap::{Args, Subcommand};
use hjemrute_osm::{AddressCounts, Clip, Profiles, Recipe, Roads, Snap};
use hjemrute_travel::{Mode, Position};

use crate::plan::{load_map, read};
use crate::report::BadInput;

pub(crate) use trouble::trouble;

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
        /// En annen profil for en reisemåte enn den innebygde: car=FIL.toml
        #[arg(long, value_name = "MÅTE=FIL.toml", value_parser = profile)]
        profile: Vec<(Mode, PathBuf)>,
        /// Kartverkets adressefil (CSV), som går foran adressene i uttrekket
        #[arg(long, value_name = "ADRESSER.csv")]
        addresses: Option<PathBuf>,
    },
    /// Finn en adresse i et lagret kart
    Find(find::FindArgs),
    /// Lag kartfliser (.pmtiles) til å se på, av et OpenStreetMap-uttrekk
    Tiles(tiles::TilesArgs),
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
        MapCommand::Build { pbf, out, clip, profile, addresses } => {
            build(&pbf, &out, clip.as_deref(), &profile, addresses.as_deref())?
        }
        MapCommand::Info { roads } => load_map(&roads)?,
        MapCommand::Find(args) => return find::run(&args),
        MapCommand::Tiles(args) => return tiles::run(&args),
        MapCommand::Table(args) => return table::run(&args),
        MapCommand::Route(args) => return route::run(&args),
    };
    io::stdout().lock().write_all(report(&roads).as_bytes())?;
    Ok(ExitCode::SUCCESS)
}

fn build(
    pbf: &Path,
    out: &Path,
    clip: Option<&Path>,
    profiles: &[(Mode, PathBuf)],
    register: Option<&Path>,
) -> anyhow::Result<Roads> {
    let bad = |what: String, error| BadInput(format!("{what}: {}", trouble(&error)));
    let clip = clip.map(Clip::read).transpose();
    let clip = clip.map_err(|error| bad("området kan ikke brukes".into(), error))?;
    let mut used = Profiles::standard();
    for (mode, file) in profiles {
        let text = String::from_utf8_lossy(&read(file, "profilen")?).into_owned();
        let name = format!("profilen {}", file.display());
        used = used.with(*mode, text).map_err(|error| bad(name, error))?;
    }
    let recipe = Recipe { clip: clip.as_ref(), profiles: used, register };
    let name = format!("kartet ble ikke laget av {}", pbf.display());
    let roads = Roads::read_by(pbf, &recipe).map_err(|error| bad(name, error))?;
    roads.save(out).map_err(|error| anyhow!("kartet ble ikke lagret: {}", trouble(&error)))?;
    Ok(roads)
}

/// Where the doors of a map come from, for people.
fn sources(counts: AddressCounts) -> String {
    let AddressCounts { register, points, middles, interpolated, streets: _ } = counts;
    let known = [
        (register, "fra matrikkelen"),
        (points, "punkter i kartet"),
        (middles, "midt i et hus"),
        (interpolated, "anslått mellom to hus"),
    ];
    let known = known.into_iter().filter(|(count, _)| *count > 0);
    known.map(|(count, what)| format!("{count} {what}")).collect::<Vec<_>>().join(", ")
}

/// The mode of that name.
fn mode(name: &str) -> Result<Mode, String> {
    Mode::from_name(name).ok_or_else(|| "en av car, ebike, bike og foot".into())
}

/// A mode and the file of its profile.
fn profile(text: &str) -> Result<(Mode, PathBuf), String> {
    let (name, file) = text.split_once('=').ok_or("skrives som car=FIL.toml")?;
    Ok((mode(name)?, file.into()))
}

/// The position in `lon,lat`.
fn position(text: &str) -> Option<Position> {
    let (lon, lat) = text.split_once(',')?;
    Position::from_degrees(lon.trim().parse().ok()?, lat.trim().parse().ok()?)
}

/// The position, unless it has longitude and latitude exchanged, as the map can tell.
fn on_map(roads: &Roads, position: Position) -> Option<Position> {
    let exchanged = Position { lon: position.lat, lat: position.lon };
    (roads.contains(position) || !roads.contains(exchanged)).then_some(position)
}

/// What is wrong where it is not.
const EXCHANGED: &str = "lengdegraden skal stå først, så breddegraden";

/// Metres from a place to the road it is joined to.
fn metres(place: &Snap) -> f64 {
    f64::from(place.millimetres()) / 1000.0
}

/// What is in a map, for people.
fn report(roads: &Roads) -> String {
    let bounds = roads.bounds();
    let (west, south) = (bounds.south_west.lon_degrees(), bounds.south_west.lat_degrees());
    let (east, north) = (bounds.north_east.lon_degrees(), bounds.north_east.lat_degrees());
    let addresses = roads.addresses();
    let mut text = format!(
        "Kart:       {}\nDato:       {}\nKjennetegn: {}\nOmråde:     {west:.4}–{east:.4} Ø, {south:.4}–{north:.4} N\nAdresser:   {} i {} gater\n            {}\n\n",
        roads.name(),
        roads.date().unwrap_or("ukjent"),
        roads.map_id(),
        addresses.len(),
        addresses.counts().streets,
        sources(addresses.counts()),
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
