//! `hjemrute serve`: the service, from a configuration or as a demo with a town, a bydel and a token of
//! its own. The runtime and the signals are here; what is served is `hjemrute_service`'s.

use std::fs;
use std::io::{self, Write};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use clap::Args;
use hjemrute_osm::{Roads, write_tiles};
use hjemrute_service::{Config, Plans, Scope, Tokens, UnitConfig, UnitId, keep_list, serve};

use crate::demo::{DAY, MAP};
use crate::plan::load_map;

/// The day of the demo's visit list, as the page's address has it.
const DAY_OF_DEMO: &str = "/dag/2026-11-23";

/// What follows `hjemrute serve`.
#[derive(Args, Debug)]
pub(crate) struct ServeArgs {
    /// Oppsettet
    #[arg(long, value_name = "FIL.toml", required_unless_present = "demo")]
    config: Option<PathBuf>,
    /// Prøv tjenesten på en liten by som ikke finnes
    #[arg(long, conflicts_with = "config")]
    demo: bool,
    /// Mappen som demoen legger kart og data i
    #[arg(long, value_name = "MAPPE", default_value = "hjemrute-serve-demo", requires = "demo")]
    data: PathBuf,
    /// Adressen som demoen lytter på
    #[arg(long, value_name = "ADRESSE", default_value = "127.0.0.1:8080", requires = "demo")]
    listen: SocketAddr,
}

/// Runs the subcommand until it is asked to stop.
///
/// # Errors
/// If it cannot begin; the message says why.
pub(crate) fn run(args: &ServeArgs) -> anyhow::Result<ExitCode> {
    hush_panics();
    hjemrute_service::log_to_stderr();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let (config, token) = match &args.config {
            Some(file) => (Config::read(file)?, None),
            None => demo(&args.data, args.listen).await?,
        };
        let roads = load_map(&config.map)?;
        serve(config, roads, |address| {
            // What stands behind # is never sent anywhere: the page shows it to the service once.
            if let Some(token) = token {
                let _ = writeln!(
                    io::stdout(),
                    "Åpne siden: http://{address}/#{DAY_OF_DEMO}?adgang={token}"
                );
            }
            let _ = writeln!(io::stdout(), "Lytter på http://{address}");
        })
        .await
    })?;
    Ok(ExitCode::SUCCESS)
}

/// A folder with all that a service needs, and a token that may do everything.
async fn demo(data: &Path, listen: SocketAddr) -> anyhow::Result<(Config, Option<String>)> {
    fs::create_dir_all(data)
        .with_context(|| format!("mappen {} ble ikke laget", data.display()))?;
    let town = data.join("lillevik.osm.pbf");
    fs::write(&town, MAP).context("kartet ble ikke skrevet")?;
    fs::write(data.join("day.json"), DAY).context("besøkslisten ble ikke skrevet")?;
    let map = data.join("lillevik.roads");
    let roads = Roads::read(&town, None)?;
    roads.save(&map).context("kartet ble ikke lagret")?;
    let tiles = data.join("lillevik.pmtiles");
    write_tiles(&town, &tiles, None).context("kartflisene ble ikke laget")?;
    let unit = UnitId::parse("lillevik").context("et navn")?;
    let config = Config {
        listen,
        data: data.to_owned(),
        postgres: None,
        map,
        tiles: Some(tiles),
        theme: Some(data.join("theme")),
        key: None,
        profiles: None,
        // The day of the demo is long gone, or still to come.
        keep_days: u16::MAX,
        days_back: None,
        days_ahead: None,
        connections: 512,
        plans: Plans::default(),
        external_url: None,
        units: vec![UnitConfig {
            id: unit.clone(),
            municipality: None,
            district: None,
            folder: None,
            profile: None,
        }],
        issuers: Vec::new(),
    };
    let tokens = Tokens::open(&config, &unit).await?;
    let token = tokens.make("demo", &Scope::ALL.map(|(scope, _)| scope), 30).await?;
    keep_list(&config, &unit, DAY, &roads).await?;
    let list = data.join("day.json");
    writeln!(io::stdout(), "Besøksliste: {}\nAdgang: {token}", list.display())?;
    Ok((config, Some(token)))
}

/// Has a panic end its request alone, and tell the place in the source: its message may hold what stood
/// in a list.
fn hush_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        let _ = writeln!(io::stderr(), "Feil i programmet ved {place}. Meld fra om det.");
    }));
}
