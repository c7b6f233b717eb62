//! The binary as it is started: exit codes, what is written where, and that the same work gives the
//! same bytes whatever the number of threads.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

fn hjemrute(arguments: &[&str]) -> Output {
    let binary = env!("CARGO_BIN_EXE_hjemrute");
    Command::new(binary).args(arguments).output().expect("the binary starts")
}

/// A folder of its own for each test.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("cli").join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("a folder for the test");
    folder
}

/// The demo, planned once: `lillevik.roads`, `day.json`, `plan.json` and the work lists.
fn demo() -> &'static Path {
    static DEMO: OnceLock<PathBuf> = OnceLock::new();
    DEMO.get_or_init(|| {
        let out = folder("demo");
        let done = hjemrute(&["demo", "--iterations", "300", "--out", text(&out)]);
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        out
    })
}

fn text(path: &Path) -> &str {
    path.to_str().expect("a plain path")
}

fn read(path: &Path) -> Value {
    serde_json::from_slice(&fs::read(path).expect("a file")).expect("JSON")
}

/// Plans a list on the demo map.
fn plan(list: &Path, out: &Path, more: &[&str]) -> Output {
    let map = demo().join("lillevik.roads");
    let arguments = ["plan", text(list), "--map", text(&map), "--out", text(out)];
    hjemrute(&[&arguments[..], more].concat())
}

fn check(list: &Path, plan: &Path, more: &[&str]) -> Output {
    let map = demo().join("lillevik.roads");
    hjemrute(&[&["check", text(list), text(plan), "--map", text(&map)][..], more].concat())
}

#[test]
fn the_demo_writes_work_lists_and_says_where() {
    let out = demo();
    for file in ["plan.json", "index.html", "worklists.csv", "lillevik.roads", "day.json"] {
        assert!(out.join(file).is_file(), "{file}");
    }
    let leftovers = fs::read_dir(out).expect("the folder").filter_map(Result::ok);
    assert!(
        !leftovers.into_iter().any(|entry| entry.file_name().to_string_lossy().ends_with(".new"))
    );
}

#[test]
fn a_plan_by_iterations_is_the_same_byte_for_byte_on_any_number_of_threads() {
    let (list, out) = (demo().join("day.json"), folder("threads"));
    let written = |threads: &str| {
        let done = plan(&list, &out, &["--iterations", "300", "--threads", threads]);
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        assert!(String::from_utf8_lossy(&done.stdout).contains("Reisetid"));
        ["plan.json", "index.html", "worklists.csv"]
            .map(|file| fs::read(out.join(file)).expect("a file"))
    };
    let one = written("1");
    assert!(one == written("2") && one == written("3"));
    assert_eq!(one[0], fs::read(demo().join("plan.json")).expect("the plan of the demo"));
}

#[test]
fn a_time_limit_counts_from_the_start_and_is_told_in_the_plan() {
    let (list, out) = (demo().join("day.json"), folder("time"));
    let began = Instant::now();
    assert!(plan(&list, &out, &["--time-limit", "1s"]).status.success());
    assert!(began.elapsed() < Duration::from_secs(10), "on a busy machine too");
    assert!(read(&out.join("plan.json"))["made"]["seconds"].is_number());
}

#[test]
fn check_tells_a_clean_plan_from_a_broken_one() {
    let (list, clean) = (demo().join("day.json"), demo().join("plan.json"));
    assert_eq!(check(&list, &clean, &[]).status.code(), Some(0));
    let mut plan = read(&clean);
    plan["workLists"][0]["stops"].as_array_mut().expect("stops").remove(1);
    let broken = folder("check").join("plan.json");
    fs::write(&broken, plan.to_string()).expect("written");
    let told = check(&list, &broken, &["--json"]);
    assert_eq!(told.status.code(), Some(1));
    let told: Value = serde_json::from_slice(&told.stdout).expect("JSON");
    let rules: Vec<_> =
        told["breaches"].as_array().expect("breaches").iter().map(|it| &it["code"]).collect();
    assert!(rules.contains(&&json!("visit-missing")), "{rules:?}");
    assert_eq!(check(&list, &list, &[]).status.code(), Some(2), "a list is no plan");
}

#[test]
fn two_plans_are_held_side_by_side() {
    let (good, out) = (demo().join("plan.json"), folder("compare"));
    let hasty = plan(&demo().join("day.json"), &out, &["--iterations", "1"]);
    assert!(hasty.status.success());
    let (hasty, csv) = (out.join("plan.json"), out.join("figures.csv"));
    let done = hjemrute(&["compare", text(&hasty), text(&good), "--csv", text(&csv)]);
    assert_eq!(done.status.code(), Some(0));
    let minutes = |plan: &Path| {
        let kpi = &read(plan)["kpi"];
        let names = ["travelMinutes", "accessMinutes", "waitingMinutes", "overtimeMinutes"];
        names.map(|name| kpi[name].as_f64().expect("minutes")).iter().sum::<f64>()
    };
    let table = fs::read_to_string(csv).expect("the figures");
    let freed = table.lines().find_map(|line| line.strip_prefix("freedMinutes,,min,,,"));
    let freed: f64 = freed.expect("a line").parse().expect("minutes");
    assert!((freed - (minutes(&hasty) - minutes(&good))).abs() < 0.05, "{freed}");
    assert!(String::from_utf8_lossy(&done.stdout).contains("frigjør"));
    let list = demo().join("day.json");
    assert_eq!(hjemrute(&["compare", text(&good), text(&list)]).status.code(), Some(2));
}

#[test]
fn bad_input_is_told_in_words_and_as_json() {
    let out = folder("bad");
    let list = out.join("list.json");
    let mut day = read(&demo().join("day.json"));
    day["mode"] = json!("all-or-nothing");
    day["visits"][0]["window"]["latestStrat"] = json!("Ola Nordmann");
    day["visits"][1]["durationMinutes"] = json!(-1);
    fs::write(&list, day.to_string()).expect("written");
    let done = plan(&list, &out, &["--json"]);
    assert_eq!(done.status.code(), Some(2));
    let words = String::from_utf8_lossy(&done.stderr).into_owned();
    assert!(words.contains("Mente du `latestStart`?") && words.contains("duration-out-of-range"));
    let faults: Value = serde_json::from_slice(&done.stdout).expect("JSON");
    assert_eq!(faults["faults"][0]["pointer"], json!("/visits/0/window/latestStrat"));
    assert_eq!(faults["faults"].as_array().map(Vec::len), Some(2));
    assert!(!words.contains("Nordmann"));
    assert!(!out.join("plan.json").exists());
}

#[test]
fn files_that_cannot_be_read_are_bad_input() {
    let out = folder("missing");
    let nowhere = out.join("nowhere.json");
    assert_eq!(plan(&nowhere, &out, &[]).status.code(), Some(2));
    let list = demo().join("day.json");
    let no_map = hjemrute(&["plan", text(&list), "--map", text(&list), "--out", text(&out)]);
    assert_eq!(no_map.status.code(), Some(2));
    let profile = out.join("odd.toml");
    fs::write(&profile, "waiting = 3").expect("written");
    assert_eq!(plan(&list, &out, &["--profile", text(&profile)]).status.code(), Some(2));
    assert_eq!(hjemrute(&["plan"]).status.code(), Some(2));
}

#[test]
fn a_folder_that_cannot_be_written_is_the_programs_own_trouble() {
    let list = demo().join("day.json");
    assert_eq!(
        plan(&list, &list.join("inside-a-file"), &["--iterations", "1"]).status.code(),
        Some(1)
    );
}

/// Looks an address up in the demo's map: the exit code and what was said.
fn find(address: &str, more: &[&str]) -> (Option<i32>, String) {
    let map = demo().join("lillevik.roads");
    let done = hjemrute(&[&["map", "find", text(&map), address][..], more].concat());
    (done.status.code(), String::from_utf8_lossy(&done.stdout).into_owned())
}

#[test]
fn addresses_are_found_or_the_nearest_are_told() {
    let (code, told) = find("møllegt. 29", &[]);
    assert_eq!(code, Some(0), "{told}");
    assert!(told.starts_with("Møllegata 29, 9999") && told.contains("95 %"), "{told}");
    let (code, told) = find("Møllegoto 29", &["--json"]);
    assert_eq!(code, Some(1), "near is not found");
    let told: Value = serde_json::from_str(&told).expect("JSON");
    assert_eq!(told["answer"], json!("unknown"));
    let nearest = &told["candidates"][0];
    assert!(nearest["address"].as_str().expect("a text").starts_with("Møllegata 29"), "{told}");
    assert!(nearest["confidence"].as_u64() < Some(95) && nearest["lat"].is_number(), "{told}");
    assert_eq!(
        find("Ingensteds 1", &[]),
        (Some(1), "Kartet har ikke adressen, og ingen som ligner.\n".into())
    );
    assert_eq!(find("Møllegata", &[]).0, Some(2), "no house number");
}

#[test]
fn the_official_register_goes_before_the_map() {
    let out = folder("register");
    let (csv, map) = (out.join("adresser.csv"), out.join("lillevik.roads"));
    let head = "kommunenummer;kommunenavn;adressenavn;nummer;bokstav;EPSG-kode;Nord;Øst;postnummer;poststed";
    let row = "9999;LILLEVIK;Matrikkelveien;7;B;4258;60.2200;7.6500;9999;LILLEVIK";
    fs::write(&csv, format!("\u{feff}{head}\r\n{row}\r\n")).expect("written");
    let build = |addresses: &Path| {
        let pbf = "data/demo/lillevik.osm.pbf";
        hjemrute(&["map", "build", pbf, "--addresses", text(addresses), "--out", text(&map)])
    };
    let done = build(&csv);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    assert!(String::from_utf8_lossy(&done.stdout).contains("1 fra matrikkelen"));
    let ask = |municipality| {
        let address = "matrikkelveien 7b";
        hjemrute(&["map", "find", text(&map), address, "--municipality", municipality])
            .status
            .code()
    };
    assert_eq!((ask("9999"), ask("0301")), (Some(0), Some(1)));
    fs::write(&csv, "adressenavn;nummer\nGata;1\n").expect("written");
    let refused = build(&csv);
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("bokstav"));
    assert!(map.is_file(), "the old map stays");
}

#[test]
fn the_demo_town_can_be_looked_at() {
    let out = folder("tiles").join("lillevik.pmtiles");
    let tiles = |pbf: &str| hjemrute(&["map", "tiles", pbf, "--out", text(&out)]);
    let done = tiles("data/demo/lillevik.osm.pbf");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    assert!(String::from_utf8_lossy(&done.stdout).contains("kartfliser"));
    let bytes = fs::read(&out).expect("the tiles");
    assert!(bytes.starts_with(b"PMTiles\x03"));
    assert_eq!(tiles("data/demo/day.json").status.code(), Some(2));
    assert_eq!(fs::read(&out).expect("the old tiles"), bytes);
}

/// Points of the demo town, and one at sea.
fn points(folder: &Path) -> PathBuf {
    let points = folder.join("points.csv");
    let text = "lon,lat\n7.6502952,60.2192594\n7.6615138,60.2217177\n5.0,59.0\n7.6602,60.2190\n";
    fs::write(&points, text).expect("written");
    points
}

#[test]
fn a_table_of_points_tells_what_has_no_way_and_why() {
    let (map, out) = (demo().join("lillevik.roads"), folder("table"));
    let points = points(&out);
    let table = |file: &str, more: &[&str]| {
        let file = out.join(file);
        let asked = ["map", "table", text(&map), "--mode", "car", "--points", text(&points)];
        hjemrute(&[&asked[..], &["--out", text(&file)], more].concat())
    };
    let done = table("table.csv", &["--json"]);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let told: Value = serde_json::from_slice(&done.stdout).expect("JSON");
    assert_eq!(told["points"], json!(4));
    assert!(told["snappedMetres"][0].is_number() && told["snappedMetres"][2].is_null());
    assert!(told["cpuSeconds"]["snap"].is_number() && told["cpuSeconds"]["table"].is_number());
    assert_eq!(told["unreachable"]["pairs"], json!(6));
    let reasons = told["unreachable"]["first"].as_array().expect("pairs").iter();
    let reasons: Vec<_> = reasons.map(|pair| pair["reason"].as_str().unwrap_or_default()).collect();
    let [to, from] = ["to-off-road", "from-off-road"];
    assert_eq!(reasons, [to, to, from, from, from, to]);
    let csv = fs::read_to_string(out.join("table.csv")).expect("a file");
    let lines: Vec<&str> = csv.lines().collect();
    assert_eq!((lines[0], lines[1], lines[3]), ("from,to,seconds,metres", "0,0,0,0", "0,2,,"));
    assert_eq!(lines.len(), 17);
    let in_words = table("table.npz", &[]);
    assert!(String::from_utf8_lossy(&in_words.stdout).contains("målet har ingen vei med bil"));
    let npz = fs::read(out.join("table.npz")).expect("a file");
    let finds = |word: &str| npz.windows(word.len()).any(|here| here == word.as_bytes());
    assert!(npz.starts_with(b"PK") && finds("seconds.npy") && finds("snapped_metres.npy"));
    assert_eq!(table("table.txt", &[]).status.code(), Some(2));
    fs::write(&points, "\u{feff}lon,lat\r\n7.6502952,60.2192594\r\n").expect("written");
    assert!(table("table.csv", &[]).status.success(), "as spreadsheets write it");
    for (wrong, what) in [
        ("7.65,60.22\n60.22\n", "linje 2: skriv lengdegrad,breddegrad"),
        ("7.65,60.22\n60.2192594,7.6502952\n", "linje 2: lengdegraden skal stå først"),
        ("lon,lat\n", "ingen punkter"),
    ] {
        fs::write(&points, wrong).expect("written");
        let refused = table("table.csv", &[]);
        assert_eq!(refused.status.code(), Some(2));
        let told = String::from_utf8_lossy(&refused.stderr).into_owned();
        assert!(told.contains(what), "{told}");
    }
}

#[test]
fn a_way_is_told_as_geojson() {
    let map = demo().join("lillevik.roads");
    let route = |from: &str, to: &str| {
        hjemrute(&["map", "route", text(&map), "--mode", "car", from, to, "--format", "geojson"])
    };
    let done = route("Møllegata 29", "7.6615138,60.2217177");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let way: Value = serde_json::from_slice(&done.stdout).expect("JSON");
    let line = way["geometry"]["coordinates"].as_array().expect("a line");
    assert_eq!(line.last(), Some(&json!([7.6615138, 60.2217177])));
    let told = &way["properties"];
    let steps = told["steps"].as_array().expect("steps");
    for sum in ["seconds", "metres"] {
        let all: i64 = steps.iter().filter_map(|step| step[sum].as_i64()).sum();
        assert_eq!(Some(all), told[sum].as_i64(), "{sum}");
    }
    assert!(steps.iter().any(|step| step["street"] == json!("Møllegata")), "{steps:?}");
    let refused = |from: &str, to: &str| {
        let done = route(from, to);
        assert_eq!(done.status.code(), Some(2));
        String::from_utf8_lossy(&done.stderr).into_owned()
    };
    assert!(refused("5.0,59.0", "Møllegata 29").contains("startstedet har ingen vei med bil"));
    assert!(refused("Møllegata 29", "Ingensteds 4").contains("«Ingensteds 4»"));
    assert!(
        refused("60.2217177,7.6615138", "Møllegata 29").contains("lengdegraden skal stå først")
    );
}

#[test]
fn a_map_of_a_damaged_extract_is_bad_input_and_the_old_map_stays() {
    let out = folder("damaged");
    let (pbf, map) = (out.join("cut.osm.pbf"), out.join("old.roads"));
    let town = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/demo/lillevik.osm.pbf");
    let whole = fs::read(town).expect("the demo town");
    fs::write(&pbf, &whole[..whole.len() / 2]).expect("written");
    fs::write(&map, "the old map").expect("written");
    let done = hjemrute(&["map", "build", text(&pbf), "--out", text(&map)]);
    assert_eq!(done.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&done.stderr).contains("skadet ved byte"));
    assert_eq!(fs::read(&map).expect("still there"), b"the old map");
}

#[test]
fn a_day_is_planned_anew_and_the_changes_are_told() {
    let (out, map) = (folder("anew"), demo().join("lillevik.roads"));
    let mut day = read(&demo().join("day.json"));
    day["version"] = json!(2);
    let held = read(&demo().join("plan.json"));
    let ill = held["workLists"]
        .as_array()
        .expect("lists")
        .iter()
        .find(|list| list["stops"].as_array().is_some_and(|stops| stops.len() > 3));
    let ill = ill.expect("somebody is sent out")["carer"].clone();
    day["carers"].as_array_mut().expect("carers").retain(|carer| carer["ref"] != ill);
    let list = out.join("day.json");
    fs::write(&list, day.to_string()).expect("written");
    let from = demo().join("plan.json");
    let replan = |more: &[&str]| {
        let all = ["replan", text(&list), "--from", text(&from), "--now", "06:45", "--map"];
        hjemrute(&[&all[..], &[text(&map), "--out", text(&out)], more].concat())
    };
    let done = replan(&["--iterations", "200", "--max-changes", "2"]);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    assert!(String::from_utf8_lossy(&done.stdout).contains("kommer i stedet for"));
    let changes = read(&out.join("changes.json"));
    let told = changes["changes"].as_array().expect("changes");
    assert!(told.iter().any(|change| change["forced"] == true), "{changes}");
    let others = told.iter().filter(|change| change["forced"] == false);
    assert!(others.count() <= 4, "two patients, with at most two visits each: {changes}");
    let plan = out.join("plan.json");
    let missing = check(&list, &plan, &[]);
    assert_eq!(missing.status.code(), Some(2), "the plan that held is asked for");
    assert!(check(&list, &plan, &["--from", text(&from)]).status.success());
    let compared = hjemrute(&["compare", text(&from), text(&plan), "--changes"]);
    assert!(String::from_utf8_lossy(&compared.stdout).contains("annen ansatt"));
    assert_eq!(replan(&["--now", "6.45"]).status.code(), Some(2));
}
