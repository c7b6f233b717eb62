//! The demo town: reading the map file, loading the stored map, and the travel table between all its
//! addresses in each mode. Every pair has a way, and each round's table has the sums of the first.
//! Then a city, where the shared data are at hand: opening its map, snapping, customising a band,
//! tables by size, and one more address.

use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::time::Duration;

use criterion::{
    BatchSize, BenchmarkGroup, Criterion, criterion_group, criterion_main, measurement::WallTime,
};
use hjemrute_osm::{AddressAnswer, AddressQuery, Roads, Snap};
use hjemrute_travel::{Band, Mode, PlaceId, Position, Table};

/// How many pairs of addresses have a way by every mode: all of them.
const PAIRS: u64 = 1017 * 1017;

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
    for mode in Mode::ALL {
        let snaps: Vec<_> =
            places.iter().map(|door| roads.snap(mode, door.0, Some(door.1)).ok()).collect();
        let wanted = sums(&roads.table(mode, &snaps));
        assert_eq!(wanted.0, PAIRS, "{mode}");
        group.bench_function(format!("{} addresses by {mode}", places.len()), |bencher| {
            bencher.iter(|| {
                let table = roads.table(mode, black_box(&snaps));
                assert_eq!(sums(&table), wanted, "{mode}");
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

fn snapped(roads: &Roads, mode: Mode, points: &[Position]) -> Vec<Option<Snap>> {
    points.iter().map(|point| roads.snap(mode, *point, None).ok()).collect()
}

/// A city as it is stored, asked for what the town is asked for and in every mode. What is asserted was
/// made beforehand, and a part of it by another road: the tables are parts of one large table.
fn cities(criterion: &mut Criterion) {
    let Some((stored, points)) = city() else { return };
    let mut group = short(criterion, "city");
    let roads = Roads::load(&stored).expect("the stored map");
    for mode in Mode::ALL {
        let places = snapped(&roads, mode, &points);
        let whole = roads.table(mode, &places);
        opening(&mut group, &stored, mode, &points[..200], &whole);
        customising(&mut group, &roads, &stored, mode, &places[..200]);
        group.bench_function(format!("snap 1000 points, {mode}"), |bencher| {
            bencher.iter(|| {
                assert_eq!(snapped(&roads, mode, black_box(&points[..1000])), places[..1000]);
            });
        });
        for count in [200, 1000, 3000] {
            let wanted = sums(&part(&whole, count));
            group.bench_function(format!("table of {count} places, {mode}"), |bencher| {
                let table = || roads.table(mode, black_box(&places[..count]));
                let check = |table: Table| assert_eq!(sums(&table), wanted, "{mode} {count}");
                check(table());
                bencher.iter_with_large_drop(table);
            });
        }
        one_more(&mut group, &roads, mode, &places[..1001], &whole);
    }
    group.finish();
    std::fs::remove_file(&stored).expect("it was written");
}

/// The map opened with all its modes, and for one of them alone.
fn opening(
    group: &mut BenchmarkGroup<'_, WallTime>,
    stored: &Path,
    mode: Mode,
    points: &[Position],
    whole: &Table,
) {
    let wanted = part(whole, points.len());
    for (what, modes) in [("for all modes", &Mode::ALL[..]), ("for it alone", &[mode])] {
        let name = format!("open {what}, and the first table of 200 points, {mode}");
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                let roads = Roads::load_for(stored, modes).expect("the stored map");
                assert!(roads.table(mode, &snapped(&roads, mode, points)) == wanted);
            });
        });
    }
}

/// A band when the skeleton is there, and the first one of a map, which makes it.
fn customising(
    group: &mut BenchmarkGroup<'_, WallTime>,
    roads: &Roads,
    stored: &Path,
    mode: Mode,
    places: &[Option<Snap>],
) {
    let bands = Band::all().filter(|band| roads.representative(mode, *band) == *band);
    let bands: Vec<Band> = bands.filter(|band| *band != Band::STANDARD).take(2).collect();
    let [first, next] = bands[..] else { return };
    let ready = |before: &[Band]| {
        let roads = Roads::load_for(stored, &[mode]).expect("the stored map");
        before.iter().for_each(|band| drop(roads.table_in(mode, *band, &[])));
        roads.table(mode, &[]);
        roads
    };
    for (what, before, band) in [("the first band", &[][..], first), ("a band", &[first], next)] {
        let wanted = roads.table_in(mode, band, places);
        assert!(ready(before).table_in(mode, band, places) == wanted);
        group.bench_function(format!("customise {what}, {mode}"), |bencher| {
            let customise = |roads: Roads| {
                roads.table_in(mode, band, &[]);
                roads
            };
            bencher.iter_batched(|| ready(before), customise, BatchSize::PerIteration);
        });
    }
}

/// The last of some places among the others.
fn one_more(
    group: &mut BenchmarkGroup<'_, WallTime>,
    roads: &Roads,
    mode: Mode,
    places: &[Option<Snap>],
    whole: &Table,
) {
    let Some((Some(last), others)) = places.split_last() else { return };
    let among = roads.among(mode, Band::STANDARD, others);
    let (new, old) = (PlaceId(others.len() as u32), (0..others.len() as u32).map(PlaceId));
    let from: Vec<_> = old.clone().map(|other| whole.leg(new, other)).collect();
    let to: Vec<_> = old.map(|other| whole.leg(other, new)).collect();
    group.bench_function(format!("one more place among 1000, {mode}"), |bencher| {
        bencher.iter(|| {
            let legs = among.legs(black_box(last));
            assert!(legs.from == from && legs.to == to, "{mode}");
        });
    });
}

/// The legs between the first places of a table.
fn part(whole: &Table, count: usize) -> Table {
    Table::from_fn(count, |from, to| whole.leg(from, to))
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
