//! The service: takes visit lists in over HTTP, has plans made, keeps them, hands out work lists, and
//! writes down who read what. Knows no rule of planning and no field of a list: those are
//! `hjemrute_server`'s, which does no IO. Calls nobody; whoever wants something comes here.

mod auth;
mod body;
mod config;
mod folder;
mod hand;
mod http;
mod intake;
mod jobs;
mod problem;
mod routes;
mod store;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::Context;
use hjemrute_osm::Roads;
use hjemrute_server::{Limits, accept_list};
use hjemrute_solver::Policy;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use serde_json::value::RawValue;
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};

pub use auth::Scope;
pub use config::{Config, GrantConfig, IssuerConfig, Plans, UnitConfig, UnitId};
pub use jobs::solve_job;
pub use store::{StoreError, TokenRow};

use auth::{Issuers, Sessions};
use hand::InHand;
use jobs::Jobs;
use store::seal::Key;
use store::{RepeatKey, Store};

/// Lists that are read at once; reading one is work for a processor.
const INTAKES: usize = 2;

/// Questions about plans that are answered at once; the same.
const QUESTIONS: usize = 2;

/// All that a request can need.
pub(crate) struct Service {
    config: Config,
    store: Store,
    /// The map, for as long as the process is there.
    roads: &'static Roads,
    profiles: BTreeMap<String, String>,
    sessions: Sessions,
    issuers: Issuers,
    jobs: Jobs,
    intakes: Semaphore,
    questions: Arc<Semaphore>,
    in_hand: InHand,
    metrics: PrometheusHandle,
}

/// Serves on the roads of the configuration's map until the process is asked to stop (SIGTERM or SIGINT). `ready`
/// is told where it listens.
///
/// # Errors
/// If it cannot begin: the folder, the key or the address.
pub async fn serve(
    config: Config,
    roads: Roads,
    ready: impl FnOnce(SocketAddr),
) -> anyhow::Result<()> {
    let roads: &'static Roads = Box::leak(Box::new(roads));
    let store = Store::open(&config).await?;
    let service = Arc::new(Service {
        profiles: config.profile_texts()?,
        store,
        roads,
        sessions: Sessions::default(),
        issuers: Issuers::open(&config, jiff::Timestamp::now().as_second())?,
        jobs: Jobs::default(),
        intakes: Semaphore::new(INTAKES),
        questions: Arc::new(Semaphore::new(QUESTIONS)),
        in_hand: InHand::default(),
        metrics: PrometheusBuilder::new().install_recorder().context("målingene")?,
        config,
    });
    let listener = TcpListener::bind(service.config.listen)
        .await
        .with_context(|| format!("{} kan ikke lyttes på", service.config.listen))?;
    let (stopping, stop) = watch::channel(false);
    let jobs = tokio::spawn(jobs::run(service.clone(), stop.clone()));
    let forgetting = tokio::spawn(forget_old(service.clone()));
    folder::watch(service.clone(), stop);
    let dropping = tokio::spawn(drop_idle(service.clone()));
    let asked = http::asked_to_stop()?;
    ready(listener.local_addr()?);
    let router = routes::router(service.clone());
    http::serve(listener, router, service.config.connections, asked, stopping).await;
    jobs.await?;
    forgetting.abort();
    dropping.abort();
    service.store.close().await;
    Ok(())
}

/// Returns when the service is asked to stop.
pub(crate) async fn stopped(stop: &mut watch::Receiver<bool>) {
    // An error says that whoever would ask is gone: that is the same.
    let _ = stop.wait_for(|stop| *stop).await;
}

/// Has what the service tells of its doings go to stderr, a line of JSON each.
pub fn log_to_stderr() {
    tracing_subscriber::fmt()
        .json()
        .with_writer(std::io::stderr)
        .with_max_level(tracing::Level::INFO)
        .init();
}

/// Forgets what has been kept long enough, every hour.
async fn forget_old(service: Arc<Service>) {
    let mut hours = tokio::time::interval(std::time::Duration::from_secs(3600));
    loop {
        hours.tick().await;
        let today = jiff::Zoned::now().date();
        for unit in service.store.units() {
            if let Err(error) = unit.forget_old(today, service.config.keep_days).await {
                tracing::error!(unit = %unit.id, %error, "old days are not forgotten");
            }
        }
    }
}

/// Drops the plans in hand that nobody asks about, every minute.
async fn drop_idle(service: Arc<Service>) {
    let mut minutes = tokio::time::interval(std::time::Duration::from_secs(60));
    loop {
        minutes.tick().await;
        service.in_hand.drop_idle();
    }
}

/// The tokens of one unit, for the command line.
pub struct Tokens {
    unit: store::Unit,
}

impl Tokens {
    /// Opens the unit's file, beside a running service or without one.
    ///
    /// # Errors
    /// If the unit is not in the configuration or its file cannot be opened.
    pub async fn open(config: &Config, unit: &UnitId) -> anyhow::Result<Tokens> {
        let is_known = config.units.iter().any(|known| known.id == *unit);
        anyhow::ensure!(is_known, "oppsettet har ingen enhet {unit}");
        std::fs::create_dir_all(&config.data)?;
        let key = Key::of_file(&config.key_file())?;
        Ok(Tokens { unit: store::Unit::open(&config.database()?, unit, &key).await? })
    }

    /// Makes a token that ends in so many days; it is told this once.
    ///
    /// # Errors
    /// If it cannot be kept.
    pub async fn make(
        &self,
        name: &str,
        scopes: &[Scope],
        days: u16,
    ) -> Result<String, StoreError> {
        self.unit.new_token(name, scopes, days).await
    }

    /// All tokens of the unit, oldest first.
    ///
    /// # Errors
    /// If they cannot be read.
    pub async fn list(&self) -> Result<Vec<TokenRow>, StoreError> {
        self.unit.tokens().await
    }

    /// Revokes one by its id; whether there was one that was valid.
    ///
    /// # Errors
    /// If that cannot be kept.
    pub async fn revoke(&self, id: &str) -> Result<bool, StoreError> {
        self.unit.revoke(id).await
    }

    /// Reads the access log of the unit again: how many rows it has, or the number of the first that is
    /// not what was written.
    ///
    /// # Errors
    /// If it cannot be read.
    pub async fn audit_holds(&self) -> Result<Result<i64, i64>, StoreError> {
        self.unit.audit_holds().await
    }
}

/// Keeps a list in a unit before the service runs, as if somebody had sent it: the demo's day.
///
/// # Errors
/// If the list cannot be used or not be kept.
pub async fn keep_list(
    config: &Config,
    unit: &UnitId,
    list: &[u8],
    roads: &Roads,
) -> anyhow::Result<()> {
    let Tokens { unit } = Tokens::open(config, unit).await?;
    let accepted = accept_list(list, roads, &Limits::SERVICE, &Policy::standard())?;
    let hash = store::seal::hex(&store::seal::sha256(list));
    let repeat = RepeatKey { operation: "first list", key: &hash, request: list };
    intake::keep(&unit, list, &accepted, &repeat, "operator").await?;
    Ok(())
}

/// JSON that was written by us, to be put into more JSON.
pub(crate) fn raw(json: &[u8]) -> Box<RawValue> {
    let parsed = serde_json::from_slice(json);
    parsed.expect("what our writers write is JSON")
}
