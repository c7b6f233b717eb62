//! A watched folder for each unit that has one, for senders that can write files and not call: lists
//! come in under `in`, answers go out under `out`. A file is taken by renaming it to `taken`, once it
//! has not changed between two looks; it is gone when its answer is on the disk. Taken twice, as after
//! a crash, it gives the same list, the same plan and the same answer.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use axum::body::Bytes;
use axum::response::IntoResponse;
use hjemrute_server::{Limits, list_of_csv};
use http_body_util::BodyExt;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use tokio::runtime::Handle;
use tokio::sync::watch;
use uuid::Uuid;

use crate::Service;
use crate::auth::Caller;
use crate::intake::{Taken, take_in};
use crate::jobs::wish;
use crate::problem::{Code, Problem};
use crate::routes::profiles::Prices;
use crate::store::seal::{hex, sha256};
use crate::store::{Act, Format, NewPlan, RepeatKey, State, Unit};

/// How often a folder is looked at.
const LOOK: Duration = Duration::from_secs(1);

/// So long is searched for a plan of a list that came as a file.
const SECONDS: u32 = 10;

/// In which forms a plan goes out; the last one written says that all are there.
const FORMS: [Format; 4] = [Format::Fhir, Format::Html, Format::Csv, Format::Json];

/// What is told of a list that was taken.
#[derive(Serialize, Deserialize)]
struct Receipt {
    /// What is answered over HTTP.
    list: Box<RawValue>,
    /// The plan that is being made of it.
    plan: Uuid,
}

/// By what a file is known to be the same as at the last look.
type Stamp = (u64, SystemTime);

/// Looks into the folders until told to stop. A thread of its own: a disk that hangs keeps nobody else.
pub(crate) fn watch(service: Arc<Service>, stop: watch::Receiver<bool>) {
    let folders: Vec<_> = service
        .store
        .units()
        .filter_map(|unit| Folder::of(service.clone(), unit.clone()))
        .collect();
    if folders.is_empty() {
        return;
    }
    let runtime = Handle::current();
    std::thread::spawn(move || {
        let mut folders = folders;
        while !*stop.borrow() {
            for folder in &mut folders {
                if let Err(error) = folder.look(&runtime) {
                    tracing::error!(unit = %folder.caller.unit.id, kind = %error.kind(), "folder");
                }
            }
            std::thread::sleep(LOOK);
        }
    });
}

/// The folder of one unit.
struct Folder {
    service: Arc<Service>,
    caller: Caller,
    home: PathBuf,
    seen: BTreeMap<PathBuf, Stamp>,
}

impl Folder {
    fn of(service: Arc<Service>, unit: Arc<Unit>) -> Option<Folder> {
        let known = service.config.units.iter().find(|known| known.id == unit.id)?;
        let home = known.folder.clone()?;
        Some(Folder { caller: Caller::folder(unit), home, seen: BTreeMap::new(), service })
    }

    /// Takes what has come, and gives out what is done.
    fn look(&mut self, runtime: &Handle) -> io::Result<()> {
        for part in ["in", "taken", "out"] {
            fs::create_dir_all(self.home.join(part))?;
        }
        let taken = self.home.join("taken");
        for file in files(&taken)? {
            self.answer(&file, runtime)?;
        }
        let mut still = BTreeMap::new();
        for file in files(&self.home.join("in"))? {
            let told = fs::symlink_metadata(&file)?;
            let stamp = (told.len(), told.modified()?);
            if self.seen.get(&file) == Some(&stamp) {
                let here = taken.join(file.file_name().unwrap_or_default());
                fs::rename(&file, &here)?;
                sync(&taken)?;
                self.answer(&here, runtime)?;
            } else {
                still.insert(file, stamp);
            }
        }
        self.seen = still;
        for receipt in files(&self.home.join("out"))? {
            self.give_out(&receipt, runtime)?;
        }
        Ok(())
    }

    /// Takes a file in, writes the answer, and lets the file go; leaves it for later if that cannot be
    /// done just now.
    fn answer(&self, file: &Path, runtime: &Handle) -> io::Result<()> {
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let mut body = Vec::new();
        // One byte more than is taken, so that a larger file is seen to be one.
        File::open(file)?.take(Limits::SERVICE.bytes as u64 + 1).read_to_end(&mut body)?;
        let (kind, told) = match runtime.block_on(self.take(&name, body)) {
            Ok(receipt) => ("receipt", serde_json::to_vec(&receipt)?),
            Err(problem) if problem.is_passing() => return Ok(()),
            Err(problem) => ("problem", runtime.block_on(text(problem))),
        };
        for old in
            ["receipt.json", "problem.json", "plan.fhir", "plan.html", "plan.csv", "plan.json"]
        {
            match fs::remove_file(self.out(&name, old)) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
        self.put(&name, &format!("{kind}.json"), &told)?;
        fs::remove_file(file)?;
        sync(&self.home.join("taken"))
    }

    async fn take(&self, name: &str, body: Vec<u8>) -> Result<Receipt, Problem> {
        let key = hex(&sha256(&body));
        let list = if name.ends_with(".csv") {
            list_of_csv(&body).map_err(Problem::refused)?
        } else {
            body
        };
        let list = Bytes::from(list);
        let repeat = RepeatKey { operation: "list of a file", key: &key, request: &list };
        let taken = take_in(&self.service, &self.caller, list.clone(), &repeat).await?;
        let (Taken::Kept(answer) | Taken::Again(answer)) = taken;
        let list = answer.location.rsplit('/').next().and_then(|id| id.parse().ok());
        let plan = self.order(list.unwrap_or_default()).await?;
        Ok(Receipt { list: crate::raw(&answer.body), plan })
    }

    /// Has the list planned; the same plan whenever it is asked for.
    async fn order(&self, list: Uuid) -> Result<Uuid, Problem> {
        let unit = &self.caller.unit;
        let list = unit.list(list).await?.ok_or(Code::NotFound)?;
        let usual = Prices::usual(&self.service, unit).await?;
        let (id, key) = (Uuid::now_v7(), list.id.to_string());
        let receipt = id.to_string();
        let plan = NewPlan {
            id,
            list: list.id,
            day: &list.day,
            shift: "day",
            profile: &usual.name,
            seed: 1,
            seconds: SECONDS.min(self.service.config.plans.longest),
            iterations: None,
            prove: false,
            replan: None,
            receipt: receipt.as_bytes(),
        };
        let repeat = RepeatKey { operation: "plan of a file", key: &key, request: key.as_bytes() };
        match wish(&self.service, &self.caller, &plan, &repeat).await? {
            None => Ok(id),
            Some(answer) => {
                let id = String::from_utf8_lossy(&answer.body).parse();
                id.map_err(|_| Code::Internal.into())
            }
        }
    }

    /// Writes the plan that a receipt tells of, once it is done.
    fn give_out(&self, receipt: &Path, runtime: &Handle) -> io::Result<()> {
        let name = receipt.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let Some(name) = name.strip_suffix(".receipt.json") else { return Ok(()) };
        if self.out(name, "plan.json").exists() || self.out(name, "problem.json").exists() {
            return Ok(());
        }
        // What somebody else has put there is no receipt of ours.
        let Ok(Receipt { plan, .. }) = serde_json::from_slice(&fs::read(receipt)?) else {
            return Ok(());
        };
        let told = runtime.block_on(self.documents(plan));
        for (form, text) in told.unwrap_or_default() {
            self.put(name, form, &text)?;
        }
        Ok(())
    }

    /// What is to be written of a plan, by the ends of the files' names; nothing while it is made.
    async fn documents(&self, plan: Uuid) -> Result<Vec<(&'static str, Vec<u8>)>, Problem> {
        let unit = &self.caller.unit;
        let Some(row) = unit.plan(plan).await? else { return Ok(Vec::new()) };
        if row.state != State::Done {
            let ended = row.state.is_final().then(|| Problem::from(Code::NotDone));
            return Ok(match ended {
                Some(problem) => vec![("problem.json", text(problem).await)],
                None => Vec::new(),
            });
        }
        let object = plan.to_string();
        let who = &self.caller.who;
        unit.log(&[Act { who, act: "plan-read", object: &object }]).await?;
        let mut told = Vec::new();
        for form in FORMS {
            let text = unit.document(&row, 0, form).await?.unwrap_or_default();
            let end = match form {
                Format::Fhir => "plan.fhir",
                Format::Html => "plan.html",
                Format::Csv => "plan.csv",
                Format::Json | Format::Geojson => "plan.json",
            };
            told.push((end, text));
        }
        Ok(told)
    }

    fn out(&self, name: &str, end: &str) -> PathBuf {
        self.home.join("out").join(format!("{name}.{end}"))
    }

    /// Writes a file that is there whole or not at all.
    fn put(&self, name: &str, end: &str, bytes: &[u8]) -> io::Result<()> {
        let (half, whole) = (self.out(name, &format!("{end}.part")), self.out(name, end));
        let mut file = File::create(&half)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(half, whole)?;
        sync(&self.home.join("out"))
    }
}

/// The files of a folder that are lists or answers, in the order of their names. Links are none.
fn files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let path = entry.path();
        let is_one = path.extension().is_some_and(|kind| kind == "json" || kind == "csv");
        let is_hidden = entry.file_name().to_string_lossy().starts_with('.');
        if is_one && !is_hidden && entry.file_type()?.is_file() {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// Has the names in a folder on the disk.
fn sync(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

/// The problem as it is told over HTTP.
async fn text(problem: Problem) -> Vec<u8> {
    let body = problem.into_response().into_body().collect().await;
    body.map(|body| body.to_bytes().to_vec()).unwrap_or_default()
}
