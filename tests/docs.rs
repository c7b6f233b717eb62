//! The pages held against the house: links lead somewhere, commands of the README work, the code map
//! names every file, and what `docs/ARCHITECTURE.md` says must not know of one another does not.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

#[test]
fn links_lead_somewhere() {
    for page in pages() {
        let text = read(&page);
        let targets = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
        for target in targets.filter(|target| !target.contains("://") && !target.starts_with('#')) {
            let file = target.split('#').next().expect("split gives one at least");
            let leads = page.parent().expect("a page lies in a folder").join(file);
            assert!(leads.exists(), "{}: {target}", page.display());
        }
    }
}

/// Each line that starts with the program's name, in its order, in a folder where the demo town
/// stands in for every extract and its day for every list.
#[test]
fn commands_of_the_readme_work() {
    let here = Path::new(env!("CARGO_TARGET_TMPDIR")).join("readme");
    let _ = fs::remove_dir_all(&here);
    let demo = here.join("data/demo");
    fs::create_dir_all(&demo).expect("a folder for the test");
    let give = |from: &str, to: PathBuf| fs::copy(root().join(from), to).expect("copied");
    for (file, stand_in) in [("lillevik.osm.pbf", "Oslo.osm.pbf"), ("day.json", "list.json")] {
        give(&format!("data/demo/{file}"), demo.join(file));
        give(&format!("data/demo/{file}"), here.join(stand_in));
    }
    let around =
        r#"{"type": "Polygon", "coordinates": [[[7, 60], [8, 60], [8, 61], [7, 61], [7, 60]]]}"#;
    fs::write(here.join("bydel.geojson"), around).expect("written");
    fs::write(here.join("points.csv"), "7.6502952,60.2192594\n7.66,60.22\n").expect("written");
    let readme = read(&root().join("README.md"));
    let commands: Vec<&str> =
        readme.lines().filter_map(|line| line.strip_prefix("hjemrute ")).collect();
    assert!(commands.len() >= 6, "{commands:?}");
    for command in commands {
        let quick = command.replace("10s", "1s").replace("2000", "200");
        let done = Command::new(env!("CARGO_BIN_EXE_hjemrute"))
            .args(quick.split_whitespace())
            .current_dir(&here)
            .output()
            .expect("the binary starts");
        assert!(done.status.success(), "{command}: {}", String::from_utf8_lossy(&done.stderr));
    }
}

#[test]
fn the_code_map_names_every_file() {
    let page = read(&root().join("docs/ARCHITECTURE.md"));
    let blocks: Vec<&str> = page.split("```text\n").skip(1).collect();
    for (folder, title) in rooms() {
        let block = blocks.iter().find(|block| block.starts_with(&title));
        let block = block.unwrap_or_else(|| panic!("the code map has no {title}"));
        let block = block.split("```").next().expect("split gives one at least");
        for file in sources(&folder) {
            let name = room_name(&file);
            let named = block.split(|letter: char| !letter.is_alphanumeric() && letter != '_');
            let is_there = name == "lib" || named.into_iter().any(|word| word == name);
            assert!(is_there, "the code map leaves out {}", file.display());
        }
    }
}

#[test]
fn who_must_not_know_of_whom_does_not() {
    for file in sources(&root().join("crates/solver/src/verify")) {
        let text = read(&file);
        for used in text.split("crate::").skip(1) {
            let name: String = used.chars().take_while(|letter| letter.is_alphanumeric()).collect();
            let may = ["plan", "policy", "score"].contains(&name.as_str());
            assert!(may, "verify is an oracle: {} uses {name}", file.display());
        }
    }
    for crate_name in ["travel", "solver", "server"] {
        let all = sources(&root().join("crates").join(crate_name).join("src"));
        for file in all.into_iter().filter(|file| !file.ends_with("tests.rs")) {
            let text = read(&file);
            for outside in ["std::fs", "std::net", "std::env", "std::process", "SystemTime"] {
                assert!(!text.contains(outside), "{} does IO: {outside}", file.display());
            }
        }
    }
    let needs = |name: &str| read(&root().join("crates").join(name).join("Cargo.toml"));
    assert!(!needs("travel").contains("[dependencies]"));
    assert!(!needs("osm").contains("hjemrute-solver"));
    assert!(!needs("solver").contains("hjemrute-osm"));
    assert!(!needs("solver").contains("serde_json"));
    for below in ["travel", "osm", "solver", "server", "instances"] {
        assert!(!needs(below).contains("hjemrute-service"), "{below} knows the service");
    }
    for file in sources(&root().join("crates/service/src")) {
        assert!(!read(&file).contains("::connect("), "{} calls out", file.display());
    }
}

/// The folders of source text, each with the first line of its block in the code map.
fn rooms() -> Vec<(PathBuf, String)> {
    let crates = folder(&root().join("crates")).into_iter().map(|home| {
        let name = home.file_name().expect("a name").to_string_lossy().into_owned();
        (home.join("src"), format!("crates/{name}/ "))
    });
    crates.chain([(root().join("src"), "src/ ".to_owned())]).collect()
}

/// A file goes by its name, the file of a folder by the folder's.
fn room_name(file: &Path) -> String {
    let named = if file.ends_with("mod.rs") { file.parent().expect("its folder") } else { file };
    named.file_stem().expect("a name").to_string_lossy().into_owned()
}

/// All pages for people that are part of the repository.
fn pages() -> Vec<PathBuf> {
    let docs = folder(&root().join("docs")).into_iter();
    let docs = docs.filter(|file| file.extension().is_some_and(|kind| kind == "md"));
    docs.chain([root().join("README.md"), root().join("data/README.md")]).collect()
}

/// All Rust files under a folder.
fn sources(under: &Path) -> Vec<PathBuf> {
    let (folders, files): (Vec<_>, Vec<_>) = folder(under).into_iter().partition(|it| it.is_dir());
    let rust = files.into_iter().filter(|file| file.extension().is_some_and(|kind| kind == "rs"));
    rust.chain(folders.iter().flat_map(|inner| sources(inner))).collect()
}

fn folder(path: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut found: Vec<_> = entries.map(|entry| entry.expect("an entry").path()).collect();
    found.sort();
    found
}

fn read(file: &Path) -> String {
    fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}
