//! The service's side of the process that makes a plan: starts it, listens, and ends it when it is no
//! longer wanted or takes too long.

use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::process::Command;
use tokio::sync::Notify;
use tokio::time::timeout;

use super::words::{JobOrder, Progress, Told};
use crate::store::Document;

/// Longer than its search a process may take so many seconds, to read the map and to tell the plan.
const GRACE: u64 = 60;

/// No plan of the largest list is told in more bytes.
const MOST_BYTES: u64 = 512 << 20;

/// The program that runs, also where another version has been put in its place meanwhile.
const MYSELF: &str = "/proc/self/exe";

/// How a process ended.
#[derive(Debug)]
pub(super) enum Outcome {
    /// With a plan, and so many work lists.
    Made(Vec<Document>, u32),
    /// It said that there will be none.
    Never(&'static str),
    /// It broke down; another may do better.
    Broken(&'static str),
}

/// Has a plan made by a process of its own, which ends when this is dropped. Once it is `enough`, the
/// best so far is the plan.
pub(super) async fn make(
    order: &JobOrder,
    body: &[u8],
    enough: &Notify,
    progress: impl Fn(Progress),
) -> Outcome {
    let most = Duration::from_secs(u64::from(order.seconds) + GRACE);
    match timeout(most, run(order, body, enough, progress)).await {
        Err(_) => Outcome::Broken("time-limit"),
        Ok(Err(_)) => Outcome::Broken("crashed"),
        Ok(Ok(outcome)) => outcome,
    }
}

async fn run(
    order: &JobOrder,
    body: &[u8],
    enough: &Notify,
    progress: impl Fn(Progress),
) -> std::io::Result<Outcome> {
    let mut child = Command::new(MYSELF)
        .arg("solve-job")
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()?;
    let (stdin, stdout) = (child.stdin.take(), child.stdout.take());
    let (Some(mut stdin), Some(stdout)) = (stdin, stdout) else {
        return Ok(Outcome::Broken("crashed"));
    };
    let mut head = serde_json::to_vec(order)?;
    head.push(b'\n');
    stdin.write_all(&head).await?;
    stdin.write_all(body).await?;
    stdin.flush().await?;
    let mut lines = BufReader::new(stdout.take(MOST_BYTES)).lines();
    let mut documents = Vec::new();
    loop {
        let line = tokio::select! {
            line = lines.next_line() => line?,
            () = enough.notified() => {
                stdin.write_all(b"\n").await?;
                continue;
            }
        };
        let Some(line) = line else { return Ok(Outcome::Broken("crashed")) };
        match serde_json::from_str(&line)? {
            Told::Progress(now) => progress(now),
            Told::Document { number, format, text } => {
                documents.push(Document { number, format, bytes: text.into_bytes() });
            }
            Told::Done { lists } => return Ok(Outcome::Made(documents, lists)),
            Told::Refused => return Ok(Outcome::Never("list-refused")),
            Told::Unsound => return Ok(Outcome::Never("checker-rejected")),
            Told::NoMap => return Ok(Outcome::Broken("map-unreadable")),
        }
    }
}
