//! A whole town against Dijkstra's plain search over the same network, and what it all costs.
//! Skipped where the shared data are not at hand.
#![allow(clippy::print_stdout, reason = "a measurement is printed")]

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::path::PathBuf;
use std::time::Duration;

use hjemrute_travel::{Band, Hours, Mode, PlaceId, Position, Table};

use super::*;
use crate::graph::Csr;
use crate::{Roads, pbf};

/// What the threads of this process have cost so far; on other systems than Linux nothing.
fn spent() -> Duration {
    let tasks = std::fs::read_dir("/proc/self/task").into_iter().flatten().flatten();
    let times = tasks.filter_map(|task| {
        let text = std::fs::read_to_string(task.path().join("schedstat")).ok()?;
        text.split(' ').next()?.parse::<u64>().ok()
    });
    Duration::from_nanos(times.sum())
}

/// A file of the shared data, or `None` (and a word why) where they are absent.
pub(crate) fn shared(file: &str) -> Option<PathBuf> {
    let beside = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    let folder = std::env::var_os("HJEMRUTE_SHARED").map_or(beside, PathBuf::from);
    let path = folder.join(file);
    if path.exists() {
        return Some(path);
    }
    assert!(std::env::var_os("CI").is_none(), "{} is absent", path.display());
    println!("skipped: {} is absent", path.display());
    None
}

fn points(file: &str) -> Option<Vec<Position>> {
    let text = std::fs::read_to_string(shared(file)?).unwrap();
    let lines = text.lines().filter_map(|line| {
        let (lon, lat) = line.split_once(',')?;
        Position::from_degrees(lon.parse().ok()?, lat.parse().ok()?)
    });
    Some(lines.collect())
}

/// The least key from one place to every vertex. E. W. Dijkstra, 1959, doi:10.1007/BF01386390.
fn dijkstra(out: &Csr<Arc>, starts: &[Arc]) -> Vec<Key> {
    let mut keys = vec![Key::NEVER; out.len()];
    let mut queue: BinaryHeap<_> =
        starts.iter().map(|(vertex, key)| Reverse((*key, *vertex))).collect();
    while let Some(Reverse((key, vertex))) = queue.pop() {
        if key < keys[vertex as usize] {
            keys[vertex as usize] = key;
            let onward = out.row(vertex as usize).iter();
            queue.extend(onward.map(|(head, step)| Reverse((key.and(*step), *head))));
        }
    }
    keys
}

/// How many of the legs from every `step`th place differ from the plain search's.
fn differences(
    roads: &Roads,
    mode: Mode,
    places: &[Option<Snap>],
    table: &Table,
    step: usize,
) -> usize {
    let (graph, network, _) = roads.parts(mode);
    let out = Csr::of(network.vertices(), &network.arcs(graph));
    let mut differences = 0;
    for (i, from) in places.iter().enumerate().step_by(step) {
        let starts = from.map(|from| leaving(network, graph, &from)).unwrap_or_default();
        let keys = dijkstra(&out, &starts);
        for (j, to) in places.iter().enumerate().filter(|(j, _)| *j != i) {
            let expected = from.zip(*to).and_then(|(from, to)| {
                let ways = entering(network, graph, &to).into_iter();
                let around = ways.map(|(vertex, key)| keys[vertex as usize].and(key)).min()?;
                around.min(direct(graph, &from, &to)).leg()
            });
            let leg = table.leg(PlaceId(i as u32), PlaceId(j as u32));
            differences += usize::from(leg != expected);
        }
    }
    differences
}

fn read(map: &str) -> Option<Roads> {
    let path = shared(&format!("data/osm/{map}.osm.pbf"))?;
    let extract = pbf::read(&mut std::fs::File::open(path).unwrap(), None).unwrap();
    Some(Roads::build(&extract, None, map).unwrap())
}

fn snaps(roads: &Roads, mode: Mode, points: &[Position]) -> Vec<Option<Snap>> {
    points.iter().map(|point| roads.snap(mode, *point, None).ok()).collect()
}

#[test]
fn a_town_is_right_by_the_plain_search() {
    let points = points("data/osm/oslo-east-filtered.pts.csv");
    let (Some(roads), Some(points)) = (read("oslo-east-filtered"), points) else { return };
    for mode in Mode::ALL {
        let places = snaps(&roads, mode, &points[..200]);
        let table = roads.table(mode, &places);
        assert_eq!(differences(&roads, mode, &places, &table, 20), 0, "{mode}");
        let pool = |threads| rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let one = pool(1).install(|| roads.table(mode, &places));
        let three = pool(3).install(|| roads.table(mode, &places));
        assert!(one == table && three == table, "{mode}");
        let fewer = roads.table(mode, &places[..150]);
        for (i, j) in (0..150).flat_map(|i| (0..150).map(move |j| (PlaceId(i), PlaceId(j)))) {
            assert_eq!(fewer.leg(i, j), table.leg(i, j), "{mode}: {i:?} {j:?}");
        }
    }
}

/// Some 10,000 pairs of a city in each mode.
#[test]
#[ignore = "long"]
fn a_city_is_right_by_the_plain_search() {
    let points = points("data/osm/mosaic9.pts.csv");
    let (Some(roads), Some(points)) = (read("mosaic9"), points) else { return };
    for mode in Mode::ALL {
        let places = snaps(&roads, mode, &points[..1000]);
        let table = roads.table(mode, &places);
        assert_eq!(differences(&roads, mode, &places, &table, 99), 0, "{mode}");
    }
}

/// Run with `--release -- --ignored --nocapture what_a_city`; times are those of all cores together.
#[test]
#[ignore = "long"]
fn what_a_city_costs() {
    let points = points("data/osm/mosaic9.pts.csv");
    let start = spent();
    let (Some(roads), Some(points)) = (read("mosaic9"), points) else { return };
    println!("read {:.2?}", spent() - start);
    for mode in Mode::ALL {
        let start = spent();
        let (_, network, hierarchy) = roads.parts(mode);
        let steps = [&hierarchy.standard.up, &hierarchy.standard.down].map(|steps| steps.len());
        let vertices = network.vertices();
        println!(
            "{mode}: {vertices} vertices, {steps:?} steps, ordered in {:.2?}",
            spent() - start
        );
        for band in [Hours::Morning, Hours::Afternoon].map(|hours| Band { hours, winter: false }) {
            let start = spent();
            roads.table_in(mode, band, &[]);
            println!("{mode}: {band} customised in {:.2?}", spent() - start);
        }
        snaps(&roads, mode, &points[..1]);
        for count in [200, 1000, 3000] {
            for _ in 0..3 {
                let start = spent();
                let places = snaps(&roads, mode, &points[..count]);
                let snapped = spent() - start;
                let table = roads.table(mode, &places);
                println!("{mode} {count}: snapped {snapped:.2?}, all {:.2?}", spent() - start);
                assert_eq!(table.places(), count);
            }
        }
    }
    let start = spent();
    let path = std::env::temp_dir().join(format!("mosaic9-{}.roads", std::process::id()));
    roads.save(&path).unwrap();
    println!("saved in {:.2?}", spent() - start);
    for mode in Mode::ALL {
        let start = spent();
        let loaded = Roads::load(&path).unwrap();
        let opened = spent() - start;
        let places = snaps(&loaded, mode, &points[..200]);
        let snapped = spent() - start;
        let table = loaded.table(mode, &places);
        println!(
            "opened in {opened:.2?}, 200 {mode} snapped {snapped:.2?} all {:.2?}",
            spent() - start
        );
        assert_eq!(table, roads.table(mode, &places));
    }
    std::fs::remove_file(&path).unwrap();
}
