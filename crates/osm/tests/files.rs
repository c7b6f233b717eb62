//! Map files, whole and damaged: no damage makes the program fall over or touch an older map.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test may")]

use std::fs;
use std::path::{Path, PathBuf};

use hjemrute_osm::{Clip, Error, Roads};
use hjemrute_travel::Mode;

mod common;
use common::shared;

/// A folder of this test's own, gone when it is done.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let folder = std::env::temp_dir().join(format!("hjemrute-{}-{name}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        Folder(folder)
    }

    fn file(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.0.join(name);
        fs::write(&path, bytes).unwrap();
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // A folder that stays behind harms nobody.
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Numbers that look random and are the same in every run.
fn numbers(count: usize, below: usize) -> impl Iterator<Item = usize> {
    let step = |number: &u64| {
        Some(number.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407))
    };
    std::iter::successors(Some(1u64), step).map(move |n| (n >> 33) as usize % below).take(count)
}

#[test]
fn every_map_at_hand_can_be_read() {
    for (file, least_km) in [
        ("skoyen", 2),
        ("monaco-osrm", 30),
        ("oslo-center-entur", 150),
        ("oslo-east-filtered", 300),
    ] {
        let Some(path) = shared(&format!("data/osm/{file}.osm.pbf")) else { return };
        let roads = Roads::read(&path, None).unwrap();
        for mode in Mode::ALL {
            let summary = roads.summary(mode);
            println!("{file} {mode}: {summary:?}");
            assert!(summary.main_metres > least_km * 1000, "{file} {mode}");
        }
    }
}

#[test]
fn truncation_anywhere_is_told_with_its_place() {
    let Some(path) = shared("data/osm/skoyen.osm.pbf") else { return };
    let bytes = fs::read(path).unwrap();
    let folder = Folder::new("truncated");
    for length in (0..64).chain(numbers(1000, bytes.len())) {
        let path = folder.file("cut.osm.pbf", &bytes[..length]);
        match Roads::read(&path, None) {
            Err(Error::Pbf { offset, .. }) => assert!(offset <= length as u64),
            // A cut between two frames leaves a whole, smaller file.
            Err(Error::NoRoads { .. }) => {}
            other => panic!("{length} bytes: {:?}", other.map(|roads| roads.map_id())),
        }
    }
}

#[test]
fn flipped_bits_never_pass_for_another_map() {
    let Some(path) = shared("data/osm/skoyen.osm.pbf") else { return };
    let bytes = fs::read(&path).unwrap();
    let whole = Roads::read(&path, None).unwrap();
    let folder = Folder::new("flipped");
    let mut passed = 0;
    // Half of them near the beginning, where the lengths are.
    let early = numbers(1000, 400 * 8);
    for bit in early.chain(numbers(1000, bytes.len() * 8)) {
        let mut bytes = bytes.clone();
        bytes[bit / 8] ^= 1 << (bit % 8);
        // What is not packed has no checksum: a date or a feature of the header may change unseen.
        if let Ok(roads) = Roads::read(&folder.file("flip.osm.pbf", &bytes), None) {
            passed += 1;
            for mode in Mode::ALL {
                assert_eq!(roads.summary(mode), whole.summary(mode), "bit {bit}");
            }
        }
    }
    println!("{passed} of 2000 went unnoticed and changed no road");
}

#[test]
fn a_stored_map_that_is_damaged_is_refused() {
    let Some(path) = shared("data/osm/skoyen.osm.pbf") else { return };
    let folder = Folder::new("stored");
    let stored = folder.0.join("skoyen.roads");
    Roads::read(&path, None).unwrap().save(&stored).unwrap();
    let bytes = fs::read(&stored).unwrap();
    let refused = |bytes: &[u8]| {
        let path = folder.file("damaged.roads", bytes);
        matches!(Roads::load(&path), Err(Error::Store { .. }))
    };
    for bit in numbers(1000, bytes.len() * 8) {
        let mut bytes = bytes.clone();
        bytes[bit / 8] ^= 1 << (bit % 8);
        assert!(refused(&bytes), "bit {bit}");
    }
    for length in (0..200).chain(numbers(300, bytes.len())) {
        assert!(refused(&bytes[..length]), "{length} bytes");
    }
    assert!(refused(&fs::read(path).unwrap()), "a .osm.pbf is no stored map");
    let missing = Roads::load(Path::new("/no/such/map.roads"));
    assert!(matches!(missing, Err(Error::File { .. })));
}

#[test]
fn a_failed_save_leaves_the_old_map_as_it_was() {
    let Some(path) = shared("data/osm/skoyen.osm.pbf") else { return };
    let folder = Folder::new("failed");
    let roads = Roads::read(&path, None).unwrap();
    let old = folder.file("map.roads", b"the old map");
    // Where the new file should be written beside the old one, a folder is in the way.
    fs::create_dir(folder.0.join(format!("map.roads.{}.part", std::process::id()))).unwrap();
    assert!(matches!(roads.save(&old), Err(Error::File { .. })));
    assert_eq!(fs::read(&old).unwrap(), b"the old map");
}

#[test]
fn a_clip_keeps_one_part_of_town() {
    let (Some(map), Some(areas)) = (
        shared("data/osm/oslo-merged.osm.pbf"),
        shared("data/oslo/oslo_bydeler_simplified.geojson"),
    ) else {
        return;
    };
    let areas: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(areas).unwrap()).unwrap();
    let is_grunerlokka = |area: &&serde_json::Value| area.to_string().contains("Grünerløkka");
    let area = areas["features"].as_array().unwrap().iter().find(is_grunerlokka).unwrap();
    let clip = Clip::parse(&area.to_string()).unwrap();
    let (all, part) = (Roads::read(&map, None).unwrap(), Roads::read(&map, Some(&clip)).unwrap());
    assert_ne!(all.map_id(), part.map_id());
    assert!(part.addresses().len() > 1000 && part.addresses().len() < all.addresses().len() / 2);
    for mode in Mode::ALL {
        let (all, part) = (all.summary(mode), part.summary(mode));
        assert!(part.main_metres > 30_000 && part.metres < all.metres / 2, "{part:?}");
    }
}
