//! A service that runs for one test: started, asked, killed.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use serde_json::Value;

/// The program.
pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_hjemrute");

/// A running service, killed when dropped.
pub(crate) struct Running {
    child: Child,
    /// The service itself, where it runs under another program.
    inner: Option<u32>,
    has_ended: bool,
    /// Where it listens: `http://127.0.0.1:…`.
    pub(crate) at: String,
    /// Its folder.
    pub(crate) home: PathBuf,
    /// The token that a demo shows.
    pub(crate) shown: String,
    agent: ureq::Agent,
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: ureq::http::HeaderMap,
    pub(crate) text: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("no JSON: {}", self.text))
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("a text"))
    }

    /// The code of a problem.
    pub(crate) fn code(&self) -> String {
        assert_eq!(self.header("content-type"), "application/problem+json", "{self:?}");
        self.json()["code"].as_str().expect("a code").to_owned()
    }
}

/// What a request carries besides its address.
#[derive(Default)]
pub(crate) struct Carries<'a> {
    pub(crate) token: &'a str,
    pub(crate) headers: &'a [(&'a str, &'a str)],
    pub(crate) body: Option<&'a [u8]>,
}

/// A folder for a test, empty.
pub(crate) fn home(name: &str) -> PathBuf {
    let home = Path::new(env!("CARGO_TARGET_TMPDIR")).join("service").join(name);
    let _ = fs::remove_dir_all(&home);
    fs::create_dir_all(&home).expect("a folder for the test");
    home
}

/// The town's map, built once.
pub(crate) fn map() -> &'static Path {
    static MAP: OnceLock<PathBuf> = OnceLock::new();
    MAP.get_or_init(|| {
        let map = home("map").join("lillevik.roads");
        let built = Command::new(PROGRAM)
            .args(["map", "build", "data/demo/lillevik.osm.pbf", "--out"])
            .arg(&map)
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .output();
        assert!(built.expect("the program starts").status.success());
        map
    })
}

/// The town's day, under that name and in that version.
pub(crate) fn list(name: &str, version: u32) -> String {
    let day = include_str!("../../data/demo/day.json");
    let day = day.replace("lillevik-2026-11-23", name);
    day.replacen("\"version\": 1", &format!("\"version\": {version}"), 1)
}

impl Running {
    /// A service of two units, `bo` and `by`, in an empty folder.
    pub(crate) fn new(name: &str) -> Running {
        Running::with(name, "", "", &[])
    }

    /// The same with more in its configuration, before the units and after them, and files beside it.
    pub(crate) fn with(name: &str, first: &str, last: &str, files: &[(&str, String)]) -> Running {
        Running::of_units(name, first, "", last, files)
    }

    /// The same with more about the unit `bo`.
    pub(crate) fn of_units(
        name: &str,
        first: &str,
        of_bo: &str,
        last: &str,
        files: &[(&str, String)],
    ) -> Running {
        let home = home(name);
        let (map, data) = (map().display(), home.join("data"));
        let config = format!(
            "listen = '127.0.0.1:0'\nmap = '{map}'\ndata = '{}'\nkeep-days = 60000\n{first}\n\
             [[unit]]\nid = 'bo'\n{of_bo}\n[[unit]]\nid = 'by'\n{last}",
            data.display()
        );
        fs::write(home.join("hjemrute.toml"), config).expect("written");
        for (name, text) in files {
            fs::write(home.join(name), text).expect("written");
        }
        Running::again(home)
    }

    /// Starts a service in a folder where one has been.
    pub(crate) fn again(home: PathBuf) -> Running {
        Running::under(&[], home)
    }

    /// The demo, in an empty folder.
    pub(crate) fn demo(home: PathBuf) -> Running {
        let line = [PROGRAM, "serve", "--demo", "--data", "town", "--listen", "127.0.0.1:0"];
        Running::start(&line, home)
    }

    /// Starts it under another program, which is given ours as its last arguments.
    pub(crate) fn under(program: &[&str], home: PathBuf) -> Running {
        let line = [program, &[PROGRAM, "serve", "--config", "hjemrute.toml"]].concat();
        let mut running = Running::start(&line, home);
        let is_itself = program.is_empty();
        running.inner = (!is_itself).then(|| children(running.child.id())[0]);
        running
    }

    fn start(line: &[&str], home: PathBuf) -> Running {
        let log = fs::File::options().create(true).append(true).open(home.join("log"));
        let mut child = Command::new(line[0])
            .args(&line[1..])
            .current_dir(&home)
            .stdout(Stdio::piped())
            .stderr(log.expect("a log"))
            .spawn()
            .expect("the program starts");
        let (mut at, mut shown) = (String::new(), String::new());
        for line in BufReader::new(child.stdout.take().expect("piped")).lines() {
            let line = line.expect("a line");
            if let Some(token) = line.strip_prefix("Adgang: ") {
                token.clone_into(&mut shown);
            }
            if let Some(address) = line.strip_prefix("Lytter på ") {
                address.clone_into(&mut at);
                break;
            }
        }
        assert!(!at.is_empty(), "{}", fs::read_to_string(home.join("log")).expect("a log"));
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .allow_non_standard_methods(true)
            .timeout_global(Some(Duration::from_secs(60)))
            .build();
        Running { child, inner: None, has_ended: false, at, home, shown, agent: config.into() }
    }

    /// A token of a unit for those scopes.
    pub(crate) fn token(&self, unit: &str, scopes: &str) -> String {
        self.tool(&["new", "--unit", unit, "--name", "test", "--scopes", scopes]).trim().to_owned()
    }

    /// A token of a unit for everything.
    pub(crate) fn master(&self, unit: &str) -> String {
        self.token(unit, ALL)
    }

    /// What `hjemrute token` says.
    pub(crate) fn tool(&self, args: &[&str]) -> String {
        let done = Command::new(PROGRAM)
            .arg("token")
            .args(args)
            .args(["--config", "hjemrute.toml"])
            .current_dir(&self.home)
            .output()
            .expect("the program starts");
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        String::from_utf8(done.stdout).expect("a text")
    }

    /// The service's answer, if it gives one.
    pub(crate) fn try_ask(
        &self,
        method: &str,
        path: &str,
        carries: &Carries<'_>,
    ) -> Option<Answer> {
        let mut request = ureq::http::Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.at))
            .header("content-type", "application/json");
        if !carries.token.is_empty() {
            request = request.header("authorization", format!("Bearer {}", carries.token));
        }
        for (name, value) in carries.headers {
            request = request.header(*name, *value);
        }
        let body = carries.body.unwrap_or_default();
        let mut answer = self.agent.run(request.body(body).expect("a request")).ok()?;
        let text = answer.body_mut().read_to_string().ok()?;
        Some(Answer { status: answer.status().as_u16(), headers: answer.headers().clone(), text })
    }

    /// The service's answer.
    pub(crate) fn ask(&self, method: &str, path: &str, carries: &Carries<'_>) -> Answer {
        self.try_ask(method, path, carries).expect("an answer")
    }

    pub(crate) fn get(&self, token: &str, path: &str) -> Answer {
        self.ask("GET", path, &Carries { token, ..Carries::default() })
    }

    pub(crate) fn post(&self, token: &str, path: &str, key: &str, body: &str) -> Answer {
        let headers = [("idempotency-key", key)];
        self.ask("POST", path, &Carries { token, headers: &headers, body: Some(body.as_bytes()) })
    }

    /// Sends a list; its id.
    pub(crate) fn send(&self, token: &str, name: &str, version: u32) -> String {
        let key = format!("{name} {version}");
        let answer = self.post(token, "/v1/visit-lists", &key, &list(name, version));
        assert_eq!(answer.status, 201, "{answer:?}");
        answer.json()["id"].as_str().expect("an id").to_owned()
    }

    /// Has a plan of a list made in some rounds; its id once it is done.
    pub(crate) fn plan(&self, token: &str, list: &str, rounds: u32) -> String {
        let order = format!(r#"{{"list":"{list}","iterations":{rounds}}}"#);
        let ticket = self.post(token, "/v1/plans", &format!("{list} {rounds}"), &order);
        assert_eq!(ticket.status, 202, "{ticket:?}");
        let plan = ticket.json()["id"].as_str().expect("an id").to_owned();
        assert_eq!(self.end_of(token, &plan), "done");
        plan
    }

    /// The state that a plan ends in.
    pub(crate) fn end_of(&self, token: &str, plan: &str) -> String {
        let began = Instant::now();
        while began.elapsed() < Duration::from_secs(120) {
            let told = self.get(token, &format!("/v1/plans/{plan}")).json();
            let state = told["state"].as_str().expect("a state");
            if !["queued", "running"].contains(&state) {
                return state.to_owned();
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        panic!("the plan does not end");
    }

    /// The process.
    pub(crate) fn pid(&self) -> u32 {
        self.inner.unwrap_or(self.child.id())
    }

    /// Ends it without a word (SIGKILL), and gives its folder.
    pub(crate) fn kill(self) -> PathBuf {
        self.home.clone()
    }

    /// Asks it to stop, and sees that it does so in order.
    pub(crate) fn stop(mut self) -> PathBuf {
        assert!(signal("-TERM", self.pid()));
        assert!(self.child.wait().expect("ended").success());
        self.has_ended = true;
        self.home.clone()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Its number may be another's by now.
        if !self.has_ended {
            signal("-KILL", self.pid());
            let _ = self.child.wait();
        }
    }
}

/// Sends a signal to a process; whether it was there.
pub(crate) fn signal(signal: &str, to: u32) -> bool {
    let sent = Command::new("kill").args([signal, &to.to_string()]).stderr(Stdio::null()).status();
    sent.expect("kill is there").success()
}

/// The processes that a process has started.
pub(crate) fn children(of: u32) -> Vec<u32> {
    let tasks = fs::read_dir(format!("/proc/{of}/task"));
    let tasks = tasks.map(Iterator::flatten).into_iter().flatten();
    let texts = tasks.filter_map(|task| fs::read_to_string(task.path().join("children")).ok());
    let texts: Vec<String> = texts.collect();
    texts.iter().flat_map(|text| text.split_whitespace()).flat_map(str::parse).collect()
}

/// Every scope there is.
pub(crate) const ALL: &str = "lists:write,lists:read,plans:run,plans:read,plans:publish,worklists:read,\
                       audit:read,erase,metrics:read";
