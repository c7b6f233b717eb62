//! The demo town: reading the map file, loading the stored map, and the travel table between all its
//! addresses in each mode. The town never changes, so neither do the sums that are asserted.

use std::hint::black_box;
use std::path::PathBuf;
use std::time::Duration;

use criterion::{
    BenchmarkGroup, Criterion, criterion_group, criterion_main, measurement::WallTime,
};
use hjemrute_osm::{AddressAnswer, AddressQuery, Roads};
use hjemrute_travel::{Mode, PlaceId, Position, Table};

/// Per mode: how many pairs of addresses have a way, and their seconds and metres, summed.
const SUMS: [(Mode, u64, u64, u64); 4] = [
    (Mode::Car, 1_034_289, 222_235_367, 1_837_854_532),
    (Mode::Ebike, 1_034_289, 302_712_528, 1_627_271_341),
    (Mode::Bike, 1_034_289, 384_520_139, 1_626_223_631),
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

criterion_group!(benches, maps, tables);
criterion_main!(benches);
