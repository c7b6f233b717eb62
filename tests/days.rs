//! Whole days at real doors of Oslo, through the binary as it is started: the lists of the shared
//! folder on its map. Nothing of a list may be lost, the plan must hold when it is read again, and
//! what is printed must be what was planned. Skipped where the shared data are not at hand.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

use hjemrute_osm::Roads;
use hjemrute_travel::{Band, Leg, Metres, Mode, PlaceId, Position, Seconds};
use serde_json::{Value, json};

/// The lists, each with the iterations it is given: enough to plan, few enough to wait for.
const LISTS: [(&str, &str); 6] = [
    ("gamle-oslo-60-1", "300"),
    ("gamle-oslo-200-1", "300"),
    ("gamle-oslo-200-2", "300"),
    ("grunerlokka-400-4", "150"),
    ("st-hanshaugen-400-3", "150"),
    ("all-1500-5", "30"),
];

/// In how many of them all visits for two can be done within a thousand iterations.
const CAN_BE_DONE: usize = 5;

/// Makes a plan wrong.
type Spoil = fn(&mut Value);

/// A list and what came out of it.
struct Day {
    list: Value,
    plan: Value,
    list_file: PathBuf,
    out: PathBuf,
}

#[test]
fn every_list_is_planned_and_nothing_of_it_is_lost() {
    for (name, iterations) in LISTS {
        let Some(day) = Day::planned("whole", name, &["--iterations", iterations]) else { return };
        day.loses_nothing(name);
        day.prints_what_was_planned(name);
        let read = day.check(&day.out.join("plan.json"));
        assert_eq!(read.status.code(), Some(0), "{name}: {}", words(&read));
    }
}

#[test]
fn two_carers_come_together_to_every_visit_that_wants_two() {
    let mut together = 0;
    for (name, _) in &LISTS[..CAN_BE_DONE] {
        let Some(day) = Day::planned("together", name, &["--iterations", "1000"]) else { return };
        for visit in entries(&day.list, "visits").iter().filter(|visit| visit["carers"] == 2) {
            let starts: Vec<&Value> = entries(&day.plan, "workLists")
                .iter()
                .filter_map(|list| {
                    entries(list, "stops").iter().find(|stop| stop["visit"] == visit["id"])
                })
                .map(|stop| &stop["start"])
                .collect();
            let [one, other] = starts[..] else { panic!("{name}: {}: {starts:?}", id(visit)) };
            assert_eq!(one, other, "{name}: {}", id(visit));
            together += 1;
        }
    }
    assert!(together > 30, "{together}");
}

#[test]
fn visits_outside_the_map_are_rejected_by_name() {
    let Some(day) = Day::planned("outside", "all-1500-5", &["--iterations", "1"]) else { return };
    let outside: Vec<&str> = day.visits_outside([10.708, 59.8603], [10.829, 59.94]);
    assert!(!outside.is_empty(), "the list is wider than the map");
    let faults = day.faults_by_visit();
    for visit in &outside {
        let codes: Vec<_> = faults[visit].iter().map(|fault| &fault["code"]).collect();
        assert!(codes.contains(&&json!("outside-area")), "{visit}: {codes:?}");
    }
    for (visit, faults) in faults {
        for fault in faults {
            let pointer = fault["pointer"].as_str().expect("a pointer");
            let entry: String = pointer.split_inclusive('/').take(3).collect();
            let entry = day.list.pointer(entry.trim_end_matches('/')).expect("it leads somewhere");
            assert_eq!(entry["id"], json!(visit), "{pointer}");
        }
    }
}

#[test]
fn a_list_that_can_be_done_leaves_no_time_critical_visit_late_or_out() {
    let Some(day) = Day::planned("critical", "gamle-oslo-200-1", &["--iterations", "300"]) else {
        return;
    };
    let critical: Vec<&str> = entries(&day.list, "visits")
        .iter()
        .filter(|visit| visit["criticality"] == "time-critical")
        .map(id)
        .collect();
    assert!(critical.len() > 20);
    for visit in critical {
        let coming = day.stops().find(|stop| stop["visit"] == visit);
        assert_eq!(coming.unwrap_or_else(|| panic!("{visit} is left out"))["lateMinutes"], 0);
    }
}

/// Reads the roads again for every way of a plan, at the moment it is set out on: the verifier takes
/// the ways from the same tables as the search, and cannot see if those are of the wrong hours.
#[test]
fn no_way_of_a_plan_takes_longer_than_planned_at_its_hour() {
    let Some(day) = Day::planned("hours", "gamle-oslo-200-1", &["--iterations", "300"]) else {
        return;
    };
    let roads = Roads::load(map().expect("the plan was made on it")).expect("a sound map");
    let (mut read, mut faster) = (0, 0);
    for way in day.ways() {
        let snaps = way.ends.map(|place| roads.snap(way.mode, place, None).ok());
        let in_band = |band| roads.table_in(way.mode, band, &snaps).leg(PlaceId(0), PlaceId(1));
        // The day is a Monday in November.
        let now = in_band(Roads::band(11, false, way.leaves)).expect("there is a way");
        assert!(now.seconds <= way.planned.seconds, "{way:?}: {now:?}");
        assert!(Band::all().any(|band| in_band(band) == Some(way.planned)), "{way:?} is no way");
        (read, faster) = (read + 1, faster + usize::from(now.seconds < way.planned.seconds));
    }
    assert!(read > 50 && faster < read, "{faster} of {read}");
}

#[test]
fn the_number_of_threads_changes_no_byte() {
    let written = |threads: &'static str| {
        let more = ["--iterations", "100", "--seed", "7", "--threads", threads];
        let day = Day::planned(&format!("threads-{threads}"), "grunerlokka-400-4", &more)?;
        Some(fs::read(day.out.join("plan.json")).expect("a plan"))
    };
    assert!(written("1") == written("2"), "one seed, one plan");
}

#[test]
fn check_names_what_was_broken_by_hand() {
    let Some(day) = Day::planned("broken", "gamle-oslo-60-1", &["--iterations", "100"]) else {
        return;
    };
    let ways: [(&str, Spoil); 5] = [
        ("visit-missing", |plan| drop(stops(plan, 0).remove(1))),
        ("crew-too-many", |plan| {
            let twice = stops(plan, 0)[1].clone();
            stops(plan, 1).insert(1, twice);
        }),
        ("travel-wrong", |plan| stops(plan, 0)[1]["travel"]["minutes"] = json!(0)),
        ("break-missing", |plan| stops(plan, 0).retain(|stop| stop["kind"] != "break")),
        ("score-wrong", |plan| plan["score"]["total"] = json!(0)),
    ];
    for (rule, spoil) in ways {
        let mut plan = day.plan.clone();
        spoil(&mut plan);
        let file = day.out.join(format!("{rule}.json"));
        fs::write(&file, plan.to_string()).expect("written");
        let read = day.check(&file);
        assert_eq!(read.status.code(), Some(1), "{rule}: {}", words(&read));
        assert!(words(&read).contains(rule), "{rule}: {}", words(&read));
    }
}

impl Day {
    /// Plans a list of the shared folder into a folder of its own; none where it is absent.
    fn planned(test: &str, name: &str, more: &[&str]) -> Option<Day> {
        let (list_file, map) = (shared(&format!("days/{name}.json"))?, map()?);
        let out = scratch().join(test).join(name);
        let _ = fs::remove_dir_all(&out);
        let arguments = ["plan", text(&list_file), "--map", text(map), "--out", text(&out)];
        let done = hjemrute(&[&arguments[..], more].concat());
        assert_eq!(done.status.code(), Some(0), "{name}: {}", words(&done));
        let (list, plan) = (read(&list_file), read(&out.join("plan.json")));
        Some(Day { list, plan, list_file, out })
    }

    fn check(&self, plan: &Path) -> Output {
        let map = map().expect("the plan was made on it");
        hjemrute(&["check", text(&self.list_file), text(plan), "--map", text(map)])
    }

    /// Every visit of the list is on the work lists once for each carer, or once among the
    /// unassigned with a reason, or once among the rejected with a fault; and no other visit is.
    fn loses_nothing(&self, name: &str) {
        let mut coming: BTreeMap<&str, u64> = BTreeMap::new();
        let visits = self.stops().filter_map(|stop| stop["visit"].as_str());
        visits.for_each(|visit| *coming.entry(visit).or_default() += 1);
        let mut left_out: BTreeMap<&str, u64> = BTreeMap::new();
        for unassigned in entries(&self.plan, "unassigned") {
            let reason = &unassigned["reason"];
            let told = ["code", "detail", "detailNb"].map(|field| reason[field].as_str());
            assert!(told.iter().all(|text| text.is_some_and(|text| !text.is_empty())), "{reason}");
            *left_out.entry(unassigned["visit"].as_str().expect("an id")).or_default() += 1;
        }
        for (visit, faults) in self.faults_by_visit() {
            assert!(!faults.is_empty(), "{name}: {visit} is rejected without a fault");
            *left_out.entry(visit).or_default() += 1;
        }
        for visit in entries(&self.list, "visits") {
            let crew = visit["carers"].as_u64().unwrap_or(1);
            let found = (coming.remove(id(visit)), left_out.remove(id(visit)));
            let is_there = found == (Some(crew), None) || found == (None, Some(1));
            assert!(is_there, "{name}: {} is there {found:?} times", id(visit));
        }
        assert!(coming.is_empty() && left_out.is_empty(), "{name}: {coming:?} {left_out:?}");
    }

    /// One sheet for each carer who is sent out, one row for each stop.
    fn prints_what_was_planned(&self, name: &str) {
        let page = fs::read_to_string(self.out.join("index.html")).expect("a page");
        let sheets = page.matches("<section class=\"sheet\"").count();
        let lists = entries(&self.plan, "workLists");
        let sent_out = lists.iter().filter(|list| !entries(list, "stops").is_empty());
        assert_eq!(sheets, sent_out.count(), "{name}");
        let table = fs::read_to_string(self.out.join("worklists.csv")).expect("a table");
        assert!(table.starts_with('\u{feff}'), "{name}: by this a spreadsheet knows UTF-8");
        assert_eq!(table.lines().count(), 1 + self.stops().count(), "{name}");
    }

    /// The ways between places told by position, as long as nobody is late: who is may leave at an
    /// hour that was not planned for.
    fn ways(&self) -> Vec<Way> {
        let mut ways = Vec::new();
        for list in entries(&self.plan, "workLists") {
            let mode = Mode::from_name(list["mode"].as_str().expect("a mode")).expect("a mode");
            let punctual = entries(list, "stops").iter();
            let punctual = punctual.take_while(|stop| stop["lateMinutes"].as_f64() <= Some(0.0));
            let mut before: Option<(&str, u32)> = None;
            for stop in punctual {
                let place = stop["location"].as_str();
                let ends = before.zip(place).filter(|_| stop["travel"].is_object());
                if let Some(((from, leaves), to)) = ends
                    && let (Some(from), Some(to)) = (self.position(from), self.position(to))
                {
                    ways.push(Way { mode, ends: [from, to], leaves, planned: leg(stop) });
                }
                let place = place.or(before.map(|(place, _)| place));
                before = place.zip(stop["leave"].as_str().map(minute));
            }
        }
        ways
    }

    fn position(&self, location: &str) -> Option<Position> {
        let place = entries(&self.list, "locations").iter().find(|place| id(place) == location);
        let degrees = |axis| place?["position"][axis].as_f64();
        Position::from_degrees(degrees("lon")?, degrees("lat")?)
    }

    fn stops(&self) -> impl Iterator<Item = &Value> {
        entries(&self.plan, "workLists").iter().flat_map(|list| entries(list, "stops"))
    }

    /// Only the visits: places and patients may be rejected too.
    fn faults_by_visit(&self) -> BTreeMap<&str, &[Value]> {
        let rejected = entries(&self.plan, "rejected").iter();
        let faults = rejected.filter_map(|entry| {
            let visit = entry["visit"].as_str()?;
            Some((visit, entries(entry, "faults")))
        });
        let all: Vec<_> = faults.collect();
        let by_visit: BTreeMap<_, _> = all.iter().copied().collect();
        assert_eq!(by_visit.len(), all.len(), "each visit is rejected once");
        by_visit
    }

    /// The visits to positions outside those corners (longitude, latitude).
    fn visits_outside(&self, south_west: [f64; 2], north_east: [f64; 2]) -> Vec<&str> {
        let is_outside = |location: &&Value| {
            let degrees = |axis| location["position"][axis].as_f64();
            let (Some(lon), Some(lat)) = (degrees("lon"), degrees("lat")) else { return false };
            let within = |value, axis: usize| (south_west[axis]..=north_east[axis]).contains(value);
            !(within(&lon, 0) && within(&lat, 1))
        };
        let places: Vec<_> = entries(&self.list, "locations")
            .iter()
            .filter(is_outside)
            .map(|it| &it["id"])
            .collect();
        let lives_there = |patient: &&Value| places.contains(&&patient["location"]);
        let patients: Vec<_> = entries(&self.list, "patients")
            .iter()
            .filter(lives_there)
            .map(|it| &it["ref"])
            .collect();
        let goes_there = |visit: &&Value| patients.contains(&&visit["patient"]);
        entries(&self.list, "visits").iter().filter(goes_there).map(id).collect()
    }
}

/// A way between two stops of a plan.
#[derive(Debug)]
struct Way {
    mode: Mode,
    ends: [Position; 2],
    /// Minutes after midnight.
    leaves: u32,
    planned: Leg,
}

/// The way to a stop, as it is told.
fn leg(stop: &Value) -> Leg {
    let travel = |field| stop["travel"][field].as_f64().expect("a number");
    let seconds = Seconds((travel("minutes") * 60.0).round() as i32);
    Leg { seconds, metres: Metres(travel("metres") as i32) }
}

/// Minutes after midnight of a moment as it is told.
fn minute(moment: &str) -> u32 {
    let part = |range: std::ops::Range<usize>| moment[range].parse::<u32>().expect("a moment");
    part(11..13) * 60 + part(14..16)
}

/// The map of the lists, built once.
fn map() -> Option<&'static Path> {
    static MAP: OnceLock<Option<PathBuf>> = OnceLock::new();
    let build = || {
        let extract = shared("osm/oslo-merged.osm.pbf")?;
        let map = scratch().join("oslo.roads");
        // Renamed when whole: where each test is a process of its own, they build side by side.
        let own = map.with_extension(std::process::id().to_string());
        let done = hjemrute(&["map", "build", text(&extract), "--out", text(&own)]);
        assert_eq!(done.status.code(), Some(0), "{}", words(&done));
        fs::rename(&own, &map).expect("both are in one folder");
        Some(map)
    };
    MAP.get_or_init(build).as_deref()
}

/// A file of the shared data, or `None` (and a word why) where they are absent.
fn shared(file: &str) -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared");
    let folder = std::env::var_os("HJEMRUTE_SHARED").map_or(beside, PathBuf::from);
    let path = folder.join("data").join(file);
    if path.exists() {
        return Some(path);
    }
    assert!(std::env::var_os("CI").is_none(), "{} is absent", path.display());
    eprintln!("skipped: {} is absent", path.display());
    None
}

fn scratch() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("days");
    fs::create_dir_all(&folder).expect("a folder for the tests");
    folder
}

fn hjemrute(arguments: &[&str]) -> Output {
    let binary = env!("CARGO_BIN_EXE_hjemrute");
    Command::new(binary).args(arguments).output().expect("the binary starts")
}

fn words(output: &Output) -> String {
    let [told, trouble] = [&output.stdout, &output.stderr].map(|it| String::from_utf8_lossy(it));
    format!("{told}{trouble}")
}

fn text(path: &Path) -> &str {
    path.to_str().expect("a plain path")
}

fn read(path: &Path) -> Value {
    serde_json::from_slice(&fs::read(path).expect("a file")).expect("JSON")
}

fn entries<'a>(of: &'a Value, field: &str) -> &'a [Value] {
    of[field].as_array().unwrap_or_else(|| panic!("there are {field}"))
}

fn id(entry: &Value) -> &str {
    entry["id"].as_str().expect("an id")
}

fn stops(plan: &mut Value, list: usize) -> &mut Vec<Value> {
    plan["workLists"][list]["stops"].as_array_mut().expect("stops")
}
