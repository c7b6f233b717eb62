//! `hjemrute serve`: the service, from a configuration or as a demo with a town, a bydel and a token of
//! its own. The runtime and the signals are here; what is served is `hjemrute_service`'s.

use std::fs;
use std::io::{self, Write};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use clap::Args;
use hjemrute_osm::Roads;
use hjemrute_service::{Config, Plans, Scope, Tokens, UnitConfig, UnitId, serve};

use crate::demo::{DAY, MAP};

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
        let config = match &args.config {
            Some(file) => Config::read(file)?,
            None => demo(&args.data, args.listen).await?,
        };
        serve(config, |address| {
            let _ = writeln!(io::stdout(), "Lytter på http://{address}");
        })
        .await
    })?;
    Ok(ExitCode::SUCCESS)
}

/// A folder with all that a service needs, and a token that may do everything.
async fn demo(data: &Path, listen: SocketAddr) -> anyhow::Result<Config> {
    fs::create_dir_all(data)
        .with_context(|| format!("mappen {} ble ikke laget", data.display()))?;
    let town = data.join("lillevik.osm.pbf");
    fs::write(&town, MAP).context("kartet ble ikke skrevet")?;
    fs::write(data.join("day.json"), DAY).context("besøkslisten ble ikke skrevet")?;
    let map = data.join("lillevik.roads");
    Roads::read(&town, None)?.save(&map).context("kartet ble ikke lagret")?;
    let unit = UnitId::parse("lillevik").context("et navn")?;
    let config = Config {
        listen,
        data: data.to_owned(),
        map,
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
        }],
        issuers: Vec::new(),
    };
    let tokens = Tokens::open(&config, &unit).await?;
    let token = tokens.make("demo", &Scope::ALL.map(|(scope, _)| scope), 30).await?;
    let list = data.join("day.json");
    writeln!(io::stdout(), "Besøksliste: {}\nAdgang: {token}", list.display())?;
    Ok(config)
}

/// Has a panic end its request alone, and tell the place in the source: its message may hold what stood
/// in a list.
fn hush_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        let _ = writeln!(io::stderr(), "Feil i programmet ved {place}. Meld fra om det.");
    }));
}
