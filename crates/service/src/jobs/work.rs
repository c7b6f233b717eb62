//! The process that makes one plan: reads an order, makes the plan, tells it, ends. It has no store, no
//! key and no socket, and the system takes it away when it wants too much memory; so whatever a list
//! makes of it, the service goes on.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use hjemrute_osm::Roads;
use hjemrute_server::{
    Answer, Limits, Order, PlanningError, Proving, Standing, make_plan, page, plan_fhir, plan_json,
    replan, work_list_geojson, work_list_json,
};
use hjemrute_solver::{Budget, Policy};
use rustix::process::{Resource, Rlimit, setrlimit};

use super::words::{JobOrder, Progress, Told};
use crate::store::{Document, Format};

/// How often it is told where the search is.
const PROGRESS: Duration = Duration::from_millis(200);

/// Makes the plan that is ordered on stdin and tells it on stdout.
///
/// # Errors
/// If the order cannot be read or nobody reads the answer.
pub fn solve_job() -> io::Result<()> {
    let mut stdin = BufReader::new(io::stdin());
    let mut line = String::new();
    stdin.read_line(&mut line)?;
    let order: JobOrder = serde_json::from_str(&line).map_err(|_| io::ErrorKind::InvalidData)?;
    limit(order.memory)?;
    let mut body = vec![0; order.bytes];
    stdin.read_exact(&mut body)?;
    let mut held = vec![0; order.held.as_ref().map_or(0, |held| held.bytes)];
    stdin.read_exact(&mut held)?;
    let enough = Arc::new(AtomicBool::new(false));
    let heard = enough.clone();
    std::thread::spawn(move || {
        // A byte says that the best so far will do. Otherwise this returns when the service closes the
        // pipe, or is gone.
        while stdin.read(&mut [0]).is_ok_and(|bytes| bytes > 0) {
            heard.store(true, Ordering::Relaxed);
        }
        std::process::exit(3);
    });
    let out = Mutex::new(io::stdout());
    let tell = |told: &Told| -> io::Result<()> {
        let mut line = serde_json::to_vec(told)?;
        line.push(b'\n');
        let mut out = out.lock().map_err(|_| io::ErrorKind::Other)?;
        out.write_all(&line)?;
        out.flush()
    };
    match make(&order, (&body, &held), &enough, &|progress| drop(tell(&Told::Progress(progress)))) {
        Ok(answer) => tell_all(&answer, tell),
        Err(told) => tell(&told),
    }
}

fn make(
    job: &JobOrder,
    (body, held): (&[u8], &[u8]),
    enough: &AtomicBool,
    progress: &(dyn Fn(Progress) + Sync),
) -> Result<Answer, Told> {
    let roads = Roads::load(Path::new(&job.map)).map_err(|_| Told::NoMap)?;
    let policy = match &job.prices {
        Some(prices) => Policy::parse(&job.profile, prices).map_err(|_| Told::Refused)?,
        None => Policy::standard(),
    };
    // When it was told last, and the best of the workers so far: they take turns in telling.
    let told = Mutex::new((Instant::now(), (usize::MAX, i64::MAX)));
    let search = Duration::from_secs(job.seconds.into());
    let bound = AtomicI64::new(0);
    let proved = |total| bound.store(total, Ordering::Relaxed);
    let order = Order {
        limits: Limits::SERVICE,
        policy: &policy,
        budget: Budget {
            seed: job.seed.into(),
            iterations: job.iterations.map(u64::from),
            deadline: Some(Instant::now() + search),
            threads: job.threads.into(),
            cancelled: enough,
            progress: &|now| {
                let Ok(mut told) = told.lock() else { return };
                let (last, best) = &mut *told;
                let hjemrute_solver::Progress { permille, iterations, left_out, cost } = now;
                *best = (*best).min((left_out, cost));
                if last.elapsed() >= PROGRESS {
                    *last = Instant::now();
                    let (left_out, cost) = (best.0 as u64, best.1);
                    let bound = Some(bound.load(Ordering::Relaxed)).filter(|bound| *bound > 0);
                    progress(Progress { permille, iterations, left_out, cost, bound });
                }
            },
        },
        // Plans are what is waited for, this one and those beside it.
        prove: job.prove.then_some(Proving { told: &proved, gives_way: true }),
        stage: &|_| {},
    };
    let standing = job.held.as_ref().map(|terms| Standing {
        plan: held,
        now: terms.now,
        most_changes: terms.most_changes,
    });
    let made = match &standing {
        Some(standing) => replan(body, standing, &roads, &order),
        None => make_plan(body, &roads, &order),
    };
    made.map_err(|error| match error {
        PlanningError::Refused(_) => Told::Refused,
        PlanningError::Unsound(_) | PlanningError::Broken(_) => Told::Unsound,
    })
}

/// Tells the plan and each work list, in every form.
fn tell_all(answer: &Answer, tell: impl Fn(&Told) -> io::Result<()>) -> io::Result<()> {
    for Document { number, format, bytes } in documents(answer) {
        let text = String::from_utf8(bytes).map_err(|_| io::ErrorKind::InvalidData)?;
        tell(&Told::Document { number, format, text })?;
    }
    let lists = answer.plan.work_lists.len();
    tell(&Told::Done { lists: lists as u32 })
}

/// The plan and each work list, in every form.
pub(crate) fn documents(answer: &Answer) -> Vec<Document> {
    let document = |number: usize, format, bytes| Document { number: number as u32, format, bytes };
    let mut all = vec![
        document(0, Format::Json, plan_json(answer)),
        document(0, Format::Html, page::html(answer).into_bytes()),
        document(0, Format::Csv, page::csv(answer)),
        document(0, Format::Fhir, plan_fhir(answer)),
    ];
    for list in 0..answer.plan.work_lists.len() {
        all.push(document(list + 1, Format::Json, work_list_json(answer, list)));
        all.push(document(list + 1, Format::Html, page::sheet_html(answer, list).into_bytes()));
        all.push(document(list + 1, Format::Csv, page::sheet_csv(answer, list)));
        all.push(document(list + 1, Format::Geojson, work_list_geojson(answer, list)));
    }
    all
}

/// No more memory than so many MiB, and nothing written to the disk should it crash.
fn limit(memory: u32) -> io::Result<()> {
    let most = |bytes| Rlimit { current: Some(bytes), maximum: Some(bytes) };
    setrlimit(Resource::As, most(u64::from(memory) << 20))?;
    setrlimit(Resource::Core, most(0))?;
    Ok(())
}
