//! `hjemrute token`: makes, lists and revokes the tokens of a unit, beside a running service or without
//! one; and reads its access log again.

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand, value_parser};
use hjemrute_service::{Config, Scope, Tokens, UnitId};
use jiff::Timestamp;

use crate::report::BadInput;

/// What follows `hjemrute token`.
#[derive(Args, Debug)]
pub(crate) struct TokenArgs {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand, Debug)]
enum What {
    /// Lag en ny adgang; den vises bare denne ene gangen
    New {
        #[command(flatten)]
        of: Of,
        /// Hva den er til
        #[arg(long, value_name = "NAVN")]
        name: String,
        /// Hva den omfatter, med komma imellom: lists:write,plans:run
        #[arg(long, value_name = "OMFANG", required = true, value_delimiter = ',', value_parser = scope)]
        scopes: Vec<Scope>,
        /// Hvor mange dager den varer
        #[arg(long, default_value_t = 90, value_parser = value_parser!(u16).range(1..=366))]
        days: u16,
    },
    /// Vis adgangene
    List {
        #[command(flatten)]
        of: Of,
    },
    /// Trekk en adgang tilbake
    Revoke {
        #[command(flatten)]
        of: Of,
        /// Adgangens id
        id: String,
    },
    /// Les innsynsloggen på nytt og se at ingen har endret den
    Audit {
        #[command(flatten)]
        of: Of,
    },
}

/// Whose tokens.
#[derive(Args, Debug)]
struct Of {
    /// Oppsettet
    #[arg(long, value_name = "FIL.toml")]
    config: PathBuf,
    /// Enheten
    #[arg(long, value_name = "ENHET", value_parser = unit)]
    unit: UnitId,
}

impl Of {
    async fn tokens(&self) -> anyhow::Result<Tokens> {
        Tokens::open(&Config::read(&self.config)?, &self.unit).await
    }
}

/// Runs the subcommand.
///
/// # Errors
/// If the configuration or the unit's file cannot be used.
pub(crate) fn run(args: &TokenArgs) -> anyhow::Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(act(&args.what))
}

async fn act(what: &What) -> anyhow::Result<ExitCode> {
    let mut out = io::stdout();
    match what {
        What::New { of, name, scopes, days } => {
            writeln!(out, "{}", of.tokens().await?.make(name, scopes, *days).await?)?;
        }
        What::List { of } => {
            for row in of.tokens().await?.list().await? {
                let expires = Timestamp::from_second(row.expires)?;
                let state = row.revoked.as_deref().map_or("gyldig", |_| "trukket tilbake");
                writeln!(out, "{}  {}  til {expires}  {state}  {}", row.id, row.name, row.scopes)?;
            }
        }
        What::Revoke { of, id } => {
            if !of.tokens().await?.revoke(id).await? {
                return Err(BadInput("det finnes ingen gyldig adgang med den id-en".into()).into());
            }
        }
        What::Audit { of } => match of.tokens().await?.audit_holds().await? {
            Ok(rows) => writeln!(out, "Innsynsloggen er hel: {rows} rader.")?,
            Err(row) => {
                writeln!(out, "Innsynsloggen er endret: rad {row} er ikke slik den ble skrevet.")?;
                return Ok(ExitCode::FAILURE);
            }
        },
    }
    Ok(ExitCode::SUCCESS)
}

fn scope(name: &str) -> Result<Scope, String> {
    let known = || Scope::ALL.map(|(_, name)| name).join(", ");
    Scope::of(name).ok_or_else(|| format!("velg blant {}", known()))
}

fn unit(name: &str) -> Result<UnitId, String> {
    UnitId::parse(name).ok_or_else(|| "små bokstaver, sifre og bindestrek".to_owned())
}
