//! `hjemrute map tiles`: makes the map to look at, vector tiles in one PMTiles file.

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use hjemrute_osm::{Clip, TilesWritten, write_tiles};

use super::trouble;
use crate::report::BadInput;

/// What follows `hjemrute map tiles`.
#[derive(Args, Debug)]
pub(crate) struct TilesArgs {
    /// Uttrekket (.osm.pbf)
    pbf: PathBuf,
    /// Filen kartflisene lagres i; en gammel byttes først når den nye er hel
    #[arg(long, value_name = "FIL.pmtiles")]
    out: PathBuf,
    /// Ta bare med rektangelet rundt flatene i en GeoJSON-fil
    #[arg(long, value_name = "OMRÅDE.geojson")]
    area: Option<PathBuf>,
}

/// Runs the subcommand.
///
/// # Errors
/// If a file cannot be read, understood or written; the message says which and what to do.
pub(crate) fn run(args: &TilesArgs) -> anyhow::Result<ExitCode> {
    let bad = |what: &str, error| BadInput(format!("{what}: {}", trouble(&error)));
    let area = args.area.as_deref().map(Clip::read).transpose();
    let area = area.map_err(|error| bad("området kan ikke brukes", error))?;
    let written = write_tiles(&args.pbf, &args.out, area.as_ref()).map_err(|error| {
        bad(&format!("kartflisene ble ikke laget av {}", args.pbf.display()), error)
    })?;
    let TilesWritten { tiles, bytes, largest, thinned, sea_left_out } = written;
    let mut told = format!(
        "{tiles} kartfliser, {:.1} MB i alt, den største {:.0} kB\n",
        bytes as f64 / 1e6,
        largest as f64 / 1e3,
    );
    if thinned > 0 {
        told += &format!("{thinned} av dem ble for store, og viser ikke det minste\n");
    }
    if sea_left_out {
        told += "Sjøen er utelatt: kystlinjen i uttrekket har hull, og den ville dekket gatene.\n";
    }
    io::stdout().lock().write_all(told.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}
