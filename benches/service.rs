//! The service through its front door, on the machine it runs on: how long a list is in coming, what
//! HTTP and storage add to a plan, how many plans it makes in a minute, and how long many readers wait.
//! `cargo bench --bench service -- MAP.roads LIST.json`; without them the made-up town and its day.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a bench tells and may fail")]

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

const PROGRAM: &str = env!("CARGO_BIN_EXE_hjemrute");

/// Lists that are sent, one after the other.
const LISTS: usize = 60;
/// Plans of so many rounds each, to see what is added to them.
const PLANS: usize = 8;
const ROUNDS: u32 = 200;
/// Plans of ten seconds each, to see how many a minute holds.
const MINUTE: usize = 12;
/// Readers, each of whom asks for a work list, waits a little, and asks again.
const READERS: usize = 50;
const READING: Duration = Duration::from_secs(10);
const BETWEEN: Duration = Duration::from_millis(200);

fn main() {
    let mut args = std::env::args().skip(1).filter(|arg| !arg.starts_with("--"));
    let (map, list) = match (args.next(), args.next()) {
        (Some(map), Some(list)) => (PathBuf::from(map), PathBuf::from(list)),
        _ => (town(), "data/demo/day.json".into()),
    };
    let list = fs::read_to_string(list).unwrap();
    let day: Value = serde_json::from_str(&list).unwrap();
    println!("{} visits, {} carers", count(&day["visits"]), count(&day["carers"]));
    let service = Service::start(&map.canonicalize().unwrap());
    accept(&service, &day);
    let id = service.send(&day, "planned");
    let plan = added(&service, &id, &map, &list);
    read(&service, &plan);
    a_minute(&service, &id);
}

fn count(entries: &Value) -> usize {
    entries.as_array().map_or(0, Vec::len)
}

fn accept(service: &Service, day: &Value) {
    service.send(day, "warm");
    let times = (0..LISTS).map(|n| timed(|| service.send(day, &format!("list {n}"))).1);
    told("a list accepted", times.collect());
}

/// What a plan takes from its wish to its end beyond what its process takes by itself.
fn added(service: &Service, list: &str, map: &Path, text: &str) -> String {
    let order = json!({"bytes": text.len(), "map": map, "profile": "standard", "prices": null,
        "seed": 1, "seconds": 60, "iterations": ROUNDS, "prove": "not", "threads": 1, "memory": 4096});
    let alone = |_| {
        timed(|| {
            let mut child = Command::new(PROGRAM)
                .arg("solve-job")
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .spawn()
                .unwrap();
            let mut stdin = child.stdin.take().unwrap();
            writeln!(stdin, "{order}").unwrap();
            stdin.write_all(text.as_bytes()).unwrap();
            let lines = BufReader::new(child.stdout.take().unwrap()).lines();
            assert!(lines.map_while(Result::ok).any(|line| line.starts_with("{\"done\"")));
            drop(stdin);
            let _ = child.wait();
        })
        .1
    };
    let alone: Vec<Duration> = (0..PLANS).map(alone).collect();
    let mut last = String::new();
    let through = |n| {
        last =
            service.wish(list, &format!("added {n}"), json!({"iterations": ROUNDS, "seconds": 60}));
        let told = service.end(&last);
        let at = |name: &str| told[name].as_str().unwrap().parse::<jiff::Timestamp>().unwrap();
        at("finished").duration_since(at("created")).unsigned_abs()
    };
    let through: Vec<Duration> = (0..PLANS).map(through).collect();
    let median = |times: &[Duration]| sorted(times.to_vec())[times.len() / 2];
    let (alone, through) = (median(&alone), median(&through));
    println!("a plan of {ROUNDS} rounds: {alone:.1?} by itself, {through:.1?} from wish to end");
    println!("  added: {:.1?}", through.saturating_sub(alone));
    last
}

fn read(service: &Service, plan: &str) {
    let began = Instant::now();
    let times: Vec<Duration> = std::thread::scope(|threads| {
        let reader = |reader: usize| {
            let client = service.client();
            let mut times = Vec::new();
            std::thread::sleep(BETWEEN * reader as u32 / READERS as u32);
            while began.elapsed() < READING {
                let path = format!("/v1/plans/{plan}/work-lists/{}", 1 + reader % 8);
                let (answer, time) = timed(|| service.get_by(&client, &path));
                assert!(answer.contains("workList"));
                times.push(time);
                std::thread::sleep(BETWEEN.saturating_sub(time));
            }
            times
        };
        let all: Vec<_> = (0..READERS).map(|n| threads.spawn(move || reader(n))).collect();
        all.into_iter().flat_map(|one| one.join().unwrap()).collect()
    });
    let each = times.len() as f64 / READING.as_secs_f64();
    told(&format!("a work list read by {READERS} readers, {each:.0} times a second"), times);
}

fn a_minute(service: &Service, list: &str) {
    let ((), time) = timed(|| {
        let wish = |n| service.wish(list, &format!("minute {n}"), json!({"seconds": 10}));
        let plans: Vec<String> = (0..MINUTE).map(wish).collect();
        plans.iter().for_each(|plan| assert_eq!(service.end(plan)["state"], "done"));
    });
    let a_minute = MINUTE as f64 * 60.0 / time.as_secs_f64();
    println!("{MINUTE} plans of 10 s each in {time:.1?}: {a_minute:.1} a minute");
}

fn told(what: &str, times: Vec<Duration>) {
    let times = sorted(times);
    let at = |permille: usize| times[(times.len() - 1) * permille / 1000];
    println!(
        "{what}: p50 {:.1?}, p95 {:.1?}, p99 {:.1?} of {}",
        at(500),
        at(950),
        at(990),
        times.len()
    );
}

fn sorted(mut times: Vec<Duration>) -> Vec<Duration> {
    times.sort_unstable();
    times
}

fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let began = Instant::now();
    (work(), began.elapsed())
}

/// The made-up town's map.
fn town() -> PathBuf {
    let map = Path::new(env!("CARGO_TARGET_TMPDIR")).join("bench-lillevik.roads");
    let build = ["map", "build", "data/demo/lillevik.osm.pbf", "--out"];
    assert!(Command::new(PROGRAM).args(build).arg(&map).status().unwrap().success());
    map
}

/// A service in a folder of its own.
struct Service {
    child: Child,
    at: String,
    token: String,
    agent: ureq::Agent,
}

impl Service {
    fn start(map: &Path) -> Service {
        let home = Path::new(env!("CARGO_TARGET_TMPDIR")).join("bench-service");
        let _ = fs::remove_dir_all(&home);
        fs::create_dir_all(&home).unwrap();
        let config = format!(
            "listen = '127.0.0.1:0'\nmap = '{}'\ndata = 'data'\nkeep-days = 60000\n\
             [plans]\nat-once = 2\n[[unit]]\nid = 'bo'\n",
            map.display()
        );
        fs::write(home.join("hjemrute.toml"), config).unwrap();
        let run = |args: &[&str]| {
            let mut command = Command::new(PROGRAM);
            command.args(args).args(["--config", "hjemrute.toml"]).current_dir(&home);
            command
        };
        let log = fs::File::create(home.join("log")).unwrap();
        let mut child = run(&["serve"]).stdout(Stdio::piped()).stderr(log).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let at = line.trim().strip_prefix("Lytter på ").unwrap().to_owned();
        let scopes = "lists:write,lists:read,plans:run,plans:read,worklists:read";
        let made = run(&["token", "new", "--unit", "bo", "--name", "bench", "--scopes", scopes]);
        let made = { made }.output().unwrap();
        let token = String::from_utf8(made.stdout).unwrap().trim().to_owned();
        Service { child, at, token, agent: ureq::agent() }
    }

    fn client(&self) -> ureq::Agent {
        ureq::agent()
    }

    fn get_by(&self, client: &ureq::Agent, path: &str) -> String {
        let request = client.get(format!("{}{path}", self.at));
        let request = request.header("authorization", format!("Bearer {}", self.token));
        request.call().unwrap().body_mut().read_to_string().unwrap()
    }

    fn post(&self, path: &str, key: &str, body: &str) -> String {
        let request = self.agent.post(format!("{}{path}", self.at));
        let request = request.header("authorization", format!("Bearer {}", self.token));
        let request =
            request.header("idempotency-key", key).header("content-type", "application/json");
        let told = request.send(body).unwrap().body_mut().read_to_string().unwrap();
        let told: Value = serde_json::from_str(&told).unwrap();
        told["id"].as_str().unwrap().to_owned()
    }

    /// Sends the day under that name; its id.
    fn send(&self, day: &Value, name: &str) -> String {
        let mut day = day.clone();
        day["listId"] = name.into();
        self.post("/v1/visit-lists", name, &day.to_string())
    }

    fn wish(&self, list: &str, key: &str, mut order: Value) -> String {
        order["list"] = list.into();
        self.post("/v1/plans", key, &order.to_string())
    }

    /// The plan once it is final.
    fn end(&self, plan: &str) -> Value {
        loop {
            let told = self.get_by(&self.agent, &format!("/v1/plans/{plan}"));
            let told: Value = serde_json::from_str(&told).unwrap();
            if !["queued", "running"].contains(&told["state"].as_str().unwrap()) {
                return told;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
