//! A whole town against Dijkstra's plain search over the same network, and what it all costs.
//! Skipped where the shared data are not at hand.
#![allow(clippy::print_stdout, reason = "a measurement is printed")]

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::time::Duration;

use hjemrute_travel::{Band, Hours, Mode, PlaceId, Position, Table};

use super::*;
use crate::common::shared;
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

/// The network of a city by car, where its places leave and enter it, and the milliseconds between, for
/// another engine to be asked the same (see `benches/routingkit`), with what the like costs here. Only
/// where `HJEMRUTE_NETWORK` names a file for it.
#[test]
#[ignore = "for a bench"]
fn a_city_for_another_engine() {
    let Some(out) = std::env::var_os("HJEMRUTE_NETWORK") else { return };
    let points = points("data/osm/mosaic9.pts.csv");
    let (Some(roads), Some(points)) = (read("mosaic9"), points) else { return };
    let (graph, network, hierarchy) = roads.parts(Mode::Car);
    let places = snaps(&roads, Mode::Car, &points).into_iter().flatten();
    let first = |doors: Vec<Arc>| doors.first().map(|(vertex, _)| *vertex);
    let ends = places.filter_map(|place| {
        let to = first(entering(network, graph, &place))?;
        Some((first(leaving(network, graph, &place))?, to))
    });
    let (from, to): (Vec<u32>, Vec<u32>) = ends.unzip();
    for count in [200, 1000] {
        told_between(hierarchy, &from[..count], &to[..count]);
    }
    let told = told_between(hierarchy, &from, &to);
    let arcs = network.arcs(graph);
    let arcs = arcs.iter().filter(|(_, (_, key))| *key != Key::NEVER);
    let arcs: Vec<[u32; 4]> =
        arcs.map(|(tail, (head, key))| [*tail, *head, key.ms(), key.dm()]).collect();
    let columns = (0..4).map(|column| arcs.iter().map(|arc| arc[column]).collect());
    let mut file = std::io::BufWriter::new(std::fs::File::create(out).unwrap());
    for numbers in columns.chain([from, to, told]) {
        let length = [numbers.len() as u32];
        std::io::Write::write_all(&mut file, bytemuck::cast_slice(&length)).unwrap();
        std::io::Write::write_all(&mut file, bytemuck::cast_slice(&numbers)).unwrap();
    }
}

/// The milliseconds between vertices, row by row; prints what a table of them costs.
fn told_between(hierarchy: &Hierarchy, from: &[u32], to: &[u32]) -> Vec<u32> {
    let Metric { up, down } = &hierarchy.standard;
    let mut order: Vec<u32> = (0..from.len() as u32).collect();
    order.sort_by_key(|place| hierarchy.ranks[from[*place as usize] as usize]);
    let doors = |vertices: &[u32]| {
        let doors = vertices.iter().map(|vertex| (hierarchy.ranks[*vertex as usize], Key::ZERO));
        Csr::of(vertices.len(), &(0..).zip(doors).collect::<Vec<(u32, Arc)>>())
    };
    let (leaving, entering) = (doors(from), doors(to));
    let swept = |tell: &mut dyn FnMut(&[u32], &mut [lanes::Lanes])| {
        let goals = Goals::of([up, down], &entering);
        let mut sweep = Sweep::to(&goals);
        for batch in order.chunks(WIDTH) {
            let starts = batch.iter().map(|place| leaving.row(*place as usize));
            tell(batch, sweep.from(starts));
        }
    };
    let goals = Goals::of([up, down], &entering);
    println!("{} rows, {} steps above and to the goals", goals.rows.rows().len(), goals.rows.len());
    for _ in 0..5 {
        let start = spent();
        let table = Table::by_rows(from.len(), |rows| {
            let mut rows: Vec<Option<Row<'_>>> = rows.into_iter().map(Some).collect();
            swept(&mut |batch, keys| {
                let batch = batch.iter().filter_map(|place| rows[*place as usize].take());
                Tell { keys, rows: &mut batch.collect::<Vec<Row<'_>>>() }.run_here();
            });
        });
        println!("{} vertices: {:.2?}", table.places(), spent() - start);
    }
    let mut told = vec![0; from.len() * from.len()];
    swept(&mut |batch, keys| {
        for (lane, place) in batch.iter().enumerate() {
            for (goal, keys) in keys.iter().enumerate() {
                let key = keys.0[lane];
                let ms = if key == Key::NEVER { i32::MAX as u32 } else { key.ms() };
                told[*place as usize * from.len() + goal] = ms;
            }
        }
    });
    told
}
