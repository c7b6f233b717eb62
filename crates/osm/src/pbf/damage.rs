//! Map data damaged on purpose, inside the frames and around them: whatever is read either is a map
//! that can be asked, or an error that says where. Nothing panics (a test that panics fails).

#![allow(clippy::print_stdout, reason = "what was needed is printed")]

use std::io::Cursor;
use std::path::Path;

use hjemrute_travel::{Leg, Mode, PlaceId};

use super::{framing, read};
use crate::common::shared;
use crate::fixture::{PbfWriter, frame, zlib};
use crate::{Error, Roads, Way};

/// Numbers that look random and are the same in every run.
pub(crate) struct Luck(pub(crate) u64);

impl Luck {
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit.max(1)
    }
}

/// The same bytes with one to three things wrong.
pub(crate) fn damaged(bytes: &[u8], luck: &mut Luck) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for _ in 0..=luck.below(3) {
        let (at, length) = (luck.below(bytes.len()), luck.below(12));
        let end = (at + length).min(bytes.len());
        match luck.below(6) {
            0 if at < bytes.len() => bytes[at] ^= 1 << luck.below(8),
            1 if at < bytes.len() => bytes[at] = [0, 1, 0x7f, 0x80, 0xff][luck.below(5)],
            2 => drop(bytes.drain(at..end)),
            3 => drop(bytes.splice(at..at, vec![luck.below(256) as u8; length])),
            4 => {
                let part = bytes[at..end].to_vec();
                let to = luck.below(bytes.len());
                drop(bytes.splice(to..to, part));
            }
            _ => bytes.truncate(bytes.len() - length.min(bytes.len())),
        }
    }
    bytes
}

/// Reads a file, and asks the map if it is one; whether it was.
fn outcome(bytes: &[u8]) -> bool {
    let roads = read(&mut Cursor::new(bytes), None)
        .and_then(|extract| Roads::build(&extract, None, "damaged"));
    let roads = match roads {
        Ok(roads) => roads,
        Err(Error::Pbf { offset, what }) => {
            assert!(offset <= bytes.len() as u64 && !what.is_empty());
            return false;
        }
        Err(Error::NoRoads { .. } | Error::TooLarge { .. }) => return false,
        Err(other) => panic!("{other}"),
    };
    for (leg, way) in ask(&roads) {
        assert_eq!(leg, way.map(|way| way.leg));
    }
    true
}

/// The leg and the way between the corners of a map, there and back in every mode.
pub(crate) fn ask(roads: &Roads) -> Vec<(Option<Leg>, Option<Way>)> {
    let bounds = roads.bounds();
    let corners = [bounds.south_west, bounds.north_east];
    let between = |mode| {
        let places = corners.map(|place| roads.snap(mode, place, None).ok());
        let table = roads.table(mode, &places);
        let way = |from: usize, to: usize| {
            places[from].zip(places[to]).and_then(|(from, to)| roads.way(&from, &to))
        };
        let leg = |from, to| table.leg(PlaceId(from), PlaceId(to));
        [(leg(0, 1), way(0, 1)), (leg(1, 0), way(1, 0))]
    };
    Mode::ALL.into_iter().flat_map(between).collect()
}

/// Runs one test of this program in a process of its own, for what it needs at the most.
pub(crate) fn alone(test: &str, run: impl FnOnce()) {
    if std::env::var_os(ALONE).is_some() {
        run();
        assert!(peak_mib() <= MOST_MIB, "{} MiB", peak_mib());
        println!("{test}: {} MiB at the most", peak_mib());
        return;
    }
    let program = std::env::current_exe().unwrap();
    let arguments = ["--exact", test, "--include-ignored", "--nocapture"];
    let status = std::process::Command::new(program).args(arguments).env(ALONE, "1").status();
    assert!(status.unwrap().success(), "{test}, alone");
}

const ALONE: &str = "HJEMRUTE_TEST_ALONE";
const MOST_MIB: u64 = 300;

/// What this process has held at the most; on other systems than Linux nothing is known.
fn peak_mib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.map_or(0, |line| line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() / 1024)
}

/// A map that is made anew out of a damaged file: where that fails the old one is as it was.
fn replaces_or_leaves(file: &[u8], folder: &Path) {
    let (pbf, stored) = (folder.join("new.osm.pbf"), folder.join("map.roads"));
    std::fs::write(&pbf, file).unwrap();
    std::fs::write(&stored, b"the old map").unwrap();
    let made = Roads::read(&pbf, None).and_then(|roads| roads.save(&stored));
    let old = std::fs::read(&stored).unwrap() == b"the old map";
    assert_eq!(made.is_err(), old);
    assert_eq!(std::fs::read_dir(folder).unwrap().count(), 2, "nothing is left behind");
}

/// So many files, each damaged inside one of its blocks and packed anew.
fn damaged_inside(file: &[u8], count: usize) -> usize {
    let mut blocks = Vec::new();
    framing::walk(file, |block| {
        blocks.push(block.to_vec());
        Ok(())
    })
    .unwrap();
    let header = PbfWriter::header();
    let mut luck = Luck(1);
    let files = (0..count).map(|_| {
        let hit = luck.below(blocks.len());
        let mut file = header.clone();
        for (at, block) in blocks.iter().enumerate() {
            let block = if at == hit { damaged(block, &mut luck) } else { block.clone() };
            file.extend(frame("OSMData", &zlib(&block), Some(block.len())));
        }
        file
    });
    files.filter(|file| outcome(file)).count()
}

/// A street with a name, a house, a gate and a sign.
pub(crate) fn small() -> Vec<u8> {
    let mut map = PbfWriter::new();
    for id in 1..=6 {
        let tags: &[_] = if id == 2 { &[("barrier", "gate")] } else { &[] };
        map.node(id, 107_000_000 + id as i32 * 3000, 599_000_000, tags);
    }
    map.way(10, &[1, 2, 3, 4], &[("highway", "residential"), ("name", "Gata")]);
    map.way(11, &[4, 5, 6, 1], &[("highway", "service"), ("access", "private")]);
    map.way(12, &[5, 6, 5], &[("addr:street", "Gata"), ("addr:housenumber", "3")]);
    let members = [(1, 10, "from"), (0, 4, "via"), (1, 11, "to")];
    map.members(30, &members, &[("type", "restriction"), ("restriction", "no_left_turn")]);
    map.finish()
}

#[test]
fn damage_inside_a_block_is_an_error_or_another_map() {
    let passed = damaged_inside(&small(), 2_000);
    assert!((20..1_900).contains(&passed), "{passed}");
}

#[test]
fn damage_to_a_file_is_an_error_or_another_map() {
    let (file, mut luck) = (small(), Luck(2));
    let passed = (0..2_000).filter(|_| outcome(&damaged(&file, &mut luck))).count();
    assert!(passed < 400, "{passed}");
}

#[test]
fn an_old_map_is_replaced_by_a_whole_one_or_not_at_all() {
    let folder = std::env::temp_dir().join(format!("hjemrute-{}-old-map", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let (file, mut luck) = (small(), Luck(4));
    replaces_or_leaves(&file, &folder);
    (0..50).for_each(|_| replaces_or_leaves(&damaged(&file, &mut luck), &folder));
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
#[ignore = "long"]
fn a_hundred_thousand_damaged_files_and_every_truncation_are_survived() {
    let name = "pbf::damage::a_hundred_thousand_damaged_files_and_every_truncation_are_survived";
    alone(name, || {
        assert!(damaged_inside(&small(), 50_000) > 0);
        let Some(path) = shared("data/osm/skoyen.osm.pbf") else { return };
        let (file, mut luck) = (std::fs::read(path).unwrap(), Luck(3));
        damaged_inside(&file, 5_000);
        assert!((0..45_000).filter(|_| outcome(&damaged(&file, &mut luck))).count() < 45_000);
        // A cut between two blocks may leave a smaller map.
        assert!((0..file.len()).filter(|length| outcome(&file[..*length])).count() < 9);
    });
}
