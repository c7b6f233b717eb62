//! `hjemrute map`: makes a stored map out of an OpenStreetMap extract, and tells what is in one.

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use clap::{Args, Subcommand};
use hjemrute_osm::{Clip, Roads};
use hjemrute_travel::Mode;

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
}

/// Runs the subcommand.
///
/// # Errors
/// If a file cannot be read, understood or written; the message says which and what to do.
pub(crate) fn run(args: MapArgs) -> anyhow::Result<ExitCode> {
    let roads = match args.command {
        MapCommand::Build { pbf, out, clip } => {
            let clip = clip.map(|path| Clip::read(&path)).transpose().context("området")?;
            let roads = Roads::read(&pbf, clip.as_ref())
                .with_context(|| format!("kartet ble ikke laget av {}", pbf.display()))?;
            roads.save(&out).context("kartet ble ikke lagret")?;
            roads
        }
        MapCommand::Info { roads } => Roads::load(&roads).context("kartet kan ikke brukes")?,
    };
    io::stdout().lock().write_all(report(&roads).as_bytes())?;
    Ok(ExitCode::SUCCESS)
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
