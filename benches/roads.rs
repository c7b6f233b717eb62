//! The demo town: reading the map file, loading the stored map, and the travel table between all its
//! addresses in each mode. The town never changes, so neither do the sums that are asserted.
//! Then a city, where the shared data are at hand: opening its map, snapping, customising a band,
//! tables by size, and one more address.

use std::hint::black_box;
use std::path::PathBuf;
use std::time::Duration;

use criterion::{
    BatchSize, BenchmarkGroup, Criterion, criterion_group, criterion_main, measurement::WallTime,
};
use hjemrute_osm::{AddressAnswer, AddressQuery, Roads, Snap};
use hjemrute_travel::{Band, Hours, Mode, PlaceId, Position, Table};

/// Per mode: how many pairs of addresses have a way, and their seconds and metres, summed.
const SUMS: [(Mode, u64, u64, u64); 4] = [
    (Mode::Car, 1_034_289, 228_513_936, 1_841_359_153),
    (Mode::Ebike, 1_034_289, 307_990_955, 1_629_709_445),
    (Mode::Bike, 1_034_289, 389_951_624, 1_627_749_587),
    (Mode::Foot, 1_034_289, 1_171_454_758, 1_621_614_634),
];

/// The highest house number, and the letters behind them.
const HIGHEST: u32 = 90;
const LETTERS: [Option<&str>; 3] = [None, Some("A"), Some("B")];

/// The streets of the town.
const STREETS: [&str; 68] = [
    "Apotekergata",
    "Bakkegata",
    "Bjørkestubben",
    "Bjørkesvingen",
    "Bjørketunet",
    "Bjørkeveien",
    "Elvegata",
    "Fjordgata",
    "Fløterstubben",
    "Fløtersvingen",
    "Fløtertunet",
    "Fløterveien",
    "Furufaret",
    "Furulia",
    "Furusvingen",
    "Furuveien",
    "Gaukefaret",
    "Gaukelia",
    "Gaukesvingen",
    "Gaukeveien",
    "Gårdsveien",
    "Kirkeveien",
    "Kongens gate",
    "Lerkestubben",
    "Lerkesvingen",
    "Lerketunet",
    "Lerkeveien",
    "Multefaret",
    "Multelia",
    "Multesvingen",
    "Multeveien",
    "Møllegata",
    "Møllestubben",
    "Møllesvingen",
    "Mølletunet",
    "Mølleveien",
    "Nygata",
    "Parkgata",
    "Rognestubben",
    "Rognesvingen",
    "Rognetunet",
    "Rogneveien",
    "Sagstubben",
    "Sagsvingen",
    "Sagtunet",
    "Sagveien",
    "Seterfaret",
    "Seterhaugen",
    "Seterlia",
    "Setersvingen",
    "Seterveien",
    "Skippergata",
    "Skolegata",
    "Smedgata",
    "Storgata",
    "Syrinstubben",
    "Syrinsvingen",
    "Syrintunet",
    "Syrinveien",
    "Sørsideveien",
    "Tiurfaret",
    "Tiurlia",
    "Tiursvingen",
    "Tiurveien",
    "Torggata",
    "Vestliveien",
    "Vestre gate",
    "Østre gate",
];

fn maps(criterion: &mut Criterion) {
    let mut group = short(criterion, "map");
    let roads = town();
    let stored = std::env::temp_dir().join(format!("lillevik-{}.roads", std::process::id()));
    roads.save(&stored).expect("the stored map can be written");
    group.bench_function("read lillevik.osm.pbf", |bencher| {
        bencher.iter(|| assert_eq!(town().map_id(), roads.map_id()));
    });
    group.bench_function("load lillevik.roads", |bencher| {
        bencher.iter(|| {
            let loaded = Roads::load(black_box(&stored)).expect("the stored map");
            assert_eq!(loaded.map_id(), roads.map_id());
        });
    });
    group.finish();
    std::fs::remove_file(&stored).expect("it was written");
}

fn tables(criterion: &mut Criterion) {
    let mut group = short(criterion, "table");
    let roads = town();
    let places = doors(&roads);
    for (mode, pairs, seconds, metres) in SUMS {
        let snaps: Vec<_> =
            places.iter().map(|door| roads.snap(mode, door.0, Some(door.1)).ok()).collect();
        group.bench_function(format!("{} addresses by {mode}", places.len()), |bencher| {
            bencher.iter(|| {
                let table = roads.table(mode, black_box(&snaps));
                assert_eq!(sums(&table), (pairs, seconds, metres), "{mode}");
            });
        });
    }
    group.finish();
}

/// A city of nine copies of a part of Oslo, stored, and points in it; none where it is absent.
fn city() -> Option<(PathBuf, Vec<Position>)> {
    let beside = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared");
    let shared = std::env::var_os("HJEMRUTE_SHARED").map_or(beside, PathBuf::from);
    let text = std::fs::read_to_string(shared.join("data/osm/mosaic9.pts.csv")).ok()?;
    let points = text.lines().filter_map(|line| {
        let (lon, lat) = line.split_once(',')?;
        Position::from_degrees(lon.parse().ok()?, lat.parse().ok()?)
    });
    let roads = Roads::read(&shared.join("data/osm/mosaic9.osm.pbf"), None).ok()?;
    let stored = std::env::temp_dir().join(format!("mosaic9-{}.roads", std::process::id()));
    roads.save(&stored).expect("the stored map can be written");
    Some((stored, points.collect()))
}

fn snapped(roads: &Roads, points: &[Position]) -> Vec<Option<Snap>> {
    points.iter().map(|point| roads.snap(Mode::Car, *point, None).ok()).collect()
}

fn cities(criterion: &mut Criterion) {
    let Some((stored, points)) = city() else { return };
    let mut group = short(criterion, "city");
    let load = || Roads::load(&stored).expect("the stored map");
    group.bench_function("open the map, and the first table of 200 points", |bencher| {
        bencher.iter(|| {
            let roads = load();
            roads.table(Mode::Car, &snapped(&roads, &points[..200]))
        });
    });
    let morning = Band { hours: Hours::Morning, winter: false };
    group.bench_function("customise the morning for cars, skeleton included", |bencher| {
        let ready = || {
            let roads = load();
            roads.table(Mode::Car, &[]);
            roads
        };
        let table = |roads: Roads| roads.table_in(Mode::Car, morning, &[]);
        bencher.iter_batched(ready, table, BatchSize::PerIteration);
    });
    let roads = load();
    group.bench_function("snap 1000 points", |bencher| {
        bencher.iter(|| snapped(&roads, black_box(&points[..1000])));
    });
    for count in [200, 1000, 3000] {
        let places = snapped(&roads, &points[..count]);
        group.bench_function(format!("table of {count} places by car"), |bencher| {
            bencher.iter(|| roads.table(Mode::Car, black_box(&places)));
        });
    }
    let places = snapped(&roads, &points[..1001]);
    let among = roads.among(Mode::Car, Band::STANDARD, &places[..1000]);
    let one = places[1000].expect("the points lie at roads");
    group.bench_function("one more place among 1000", |bencher| {
        bencher.iter(|| assert_eq!(among.legs(black_box(&one)).from.len(), 1000));
    });
    group.finish();
    std::fs::remove_file(&stored).expect("it was written");
}

fn short<'c>(criterion: &'c mut Criterion, name: &str) -> BenchmarkGroup<'c, WallTime> {
    let mut group = criterion.benchmark_group(name);
    group
        .sample_size(10)
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_secs(2));
    group
}

fn town() -> Roads {
    let map = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("data/demo/lillevik.osm.pbf");
    Roads::read(&map, None).expect("the demo town")
}

/// Every address of the town, with its street. A map is asked for one address at a time, so all that
/// there could be are asked for.
fn doors(roads: &Roads) -> Vec<(Position, &'static str)> {
    let mut doors = Vec::new();
    for street in STREETS {
        for number in 1..=HIGHEST {
            for letter in LETTERS {
                let query =
                    AddressQuery { street, number, letter, postcode: None, municipality: None };
                if let AddressAnswer::One(found) = roads.addresses().find(&query) {
                    doors.push((found.position(), street));
                }
            }
        }
    }
    assert_eq!(doors.len(), roads.addresses().len(), "every address has been found");
    doors
}

fn sums(table: &Table) -> (u64, u64, u64) {
    let ids = || (0..table.places() as u32).map(PlaceId);
    let legs = ids().flat_map(|from| ids().filter_map(move |to| table.leg(from, to)));
    legs.fold((0, 0, 0), |(pairs, seconds, metres), leg| {
        (pairs + 1, seconds + leg.seconds.0 as u64, metres + leg.metres.0 as u64)
    })
}

criterion_group!(benches, maps, tables, cities);
criterion_main!(benches);
