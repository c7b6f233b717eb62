//! Real addresses, however they are written, and how many of them a map can hold. Skipped where the shared
//! data are not at hand.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test may")]

use std::time::Instant;

use hjemrute_osm::{AddressAnswer, AddressQuery, Recipe, Roads};
use hjemrute_travel::Position;

mod common;
use common::shared;

fn oslo() -> Option<Roads> {
    Some(Roads::read(&shared("data/osm/oslo-merged.osm.pbf")?, None).unwrap())
}

fn ask(roads: &Roads, street: &str, number: u32, letter: &str, postcode: &str) -> AddressAnswer {
    let letter = (!letter.is_empty()).then_some(letter);
    let postcode = Some(postcode);
    roads.addresses().find(&AddressQuery { street, number, letter, postcode, municipality: None })
}

#[test]
fn addresses_are_found() {
    let Some(roads) = oslo() else { return };
    assert!((13_000..=13_227).contains(&roads.addresses().len()), "{}", roads.addresses().len());
    let found = |answer| match answer {
        AddressAnswer::One(found) => found.position(),
        other => panic!("{other:?}"),
    };
    let toyengata = found(ask(&roads, "Tøyengata", 32, "", "0578"));
    let kjolberggata = found(ask(&roads, "kjølberggata ", 1, "g", "0653"));
    assert!(roads.contains(toyengata) && roads.contains(kjolberggata));
    let AddressAnswer::Unknown(nearest) = ask(&roads, "Tøyengata", 32, "", "0999") else {
        panic!()
    };
    assert_eq!(nearest[0].to_string(), "Tøyengata 32, 0578 Oslo");
    assert!(nearest.len() <= 3);
}

/// An address of the CSV file as a query takes it apart.
struct Written {
    street: String,
    number: u32,
    letter: String,
    postcode: String,
    position: Position,
}

impl Written {
    fn query(&self) -> AddressQuery<'_> {
        AddressQuery {
            street: &self.street,
            number: self.number,
            letter: (!self.letter.is_empty()).then_some(&self.letter),
            postcode: Some(&self.postcode),
            municipality: None,
        }
    }
}

/// Every address of the CSV file that lies on the map.
fn written(roads: &Roads) -> Option<Vec<Written>> {
    let text = std::fs::read_to_string(shared("data/oslo/oslo_addresses_osm.csv")?).unwrap();
    let address = |line: &str| {
        let fields: Vec<&str> = line.split(',').collect();
        let number = fields[2].trim_end_matches(|c: char| c.is_alphabetic());
        let [lon, lat] = [fields[5], fields[6]].map(|degrees| degrees.parse().unwrap());
        Written {
            street: fields[1].into(),
            number: number.parse().unwrap(),
            letter: fields[2][number.len()..].into(),
            postcode: fields[3].into(),
            position: Position::from_degrees(lon, lat).unwrap(),
        }
    };
    let all: Vec<Written> = text.lines().skip(1).map(address).collect();
    assert_eq!(all.len(), 13_365);
    Some(all.into_iter().filter(|address| roads.contains(address.position)).collect())
}

/// About how many metres lie between two places of Oslo, the larger of east and north.
fn apart(a: Position, b: Position) -> i32 {
    ((a.lon - b.lon).abs() / 180).max((a.lat - b.lat).abs() / 90)
}

/// How a street is also written; each is the same street.
fn variants(street: &str) -> Vec<String> {
    let mut variants = vec![street.to_uppercase(), format!("  {} ", street.to_lowercase())];
    let short = [
        ("gate", "gt."),
        ("gata", "gt."),
        ("gate", "g."),
        ("veien", "vn."),
        ("vei", "v."),
        ("plass", "pl."),
    ];
    let short = short.iter().filter(|(long, _)| street.ends_with(long) && street != *long);
    variants.extend(short.map(|(long, short)| street.replace(long, short)));
    variants.extend(street.starts_with("St. ").then(|| street.replace("St. ", "Sankt ")));
    variants
        .push(street.replace('ø', "o\u{338}").replace('å', "a\u{30a}").replace("o\u{338}", "ø"));
    variants
}

/// The same with one letter made another, at a place that looks random.
fn with_a_slip(street: &str, random: usize) -> String {
    let letters: Vec<char> = street.chars().collect();
    let places: Vec<usize> = (0..letters.len()).filter(|at| letters[*at].is_alphabetic()).collect();
    let at = places[random % places.len()];
    let others =
        "abcdefghijklmnopqrstuvwxyzæøå".chars().filter(|c| !letters[at].to_lowercase().eq([*c]));
    let other = others.clone().nth(random / 64 % others.count()).unwrap();
    letters.iter().enumerate().map(|(i, c)| if i == at { other } else { *c }).collect()
}

#[test]
fn every_real_address_is_found_however_it_is_written() {
    let Some(roads) = oslo() else { return };
    let Some(addresses) = written(&roads) else { return };
    let find = |query: &AddressQuery| match roads.addresses().find(query) {
        AddressAnswer::One(found) => found.position(),
        other => panic!("{query:?}: {other:?}"),
    };
    let (mut lost, mut among, mut first, mut spelt, mut same) = (0, 0, 0, 0, 0);
    for (index, address) in addresses.iter().enumerate() {
        let query = address.query();
        match roads.addresses().find(&query) {
            AddressAnswer::One(found) => {
                assert!(apart(found.position(), address.position) < 150, "{query:?}: {found:?}");
            }
            other => {
                println!("{query:?}: {other:?}");
                lost += 1;
                continue;
            }
        }
        let line = format!(
            "{} {}{} {} Oslo",
            address.street,
            address.number,
            address.letter.to_lowercase(),
            address.postcode
        );
        assert_eq!(find(&AddressQuery::parse(&line).unwrap()), find(&query), "{line}");
        for street in variants(&address.street) {
            assert_eq!(find(&AddressQuery { street: &street, ..query }), find(&query), "{street}");
            spelt += 1;
        }
        let slip = with_a_slip(&address.street, index.wrapping_mul(2_654_435_761) >> 7);
        let slip = AddressQuery { street: &slip, ..query };
        match roads.addresses().find(&slip) {
            AddressAnswer::Unknown(nearest) => {
                first +=
                    usize::from(nearest.first().is_some_and(|it| it.street() == address.street));
                among += usize::from(nearest.iter().any(|it| it.street() == address.street));
            }
            // `gata` with one letter wrong is `gate`, and the same street.
            AddressAnswer::One(found) => {
                assert_eq!(found.street(), address.street, "{}", slip.street);
                same += 1;
            }
            other => panic!("{}: {other:?}", slip.street),
        }
    }
    let count = addresses.len() - lost;
    println!("{count} found, {lost} not; {spelt} other spellings found, all");
    println!("one letter wrong: {first} first, {among} among three, {same} still the same name");
    assert!(lost * 1000 <= addresses.len(), "{lost} of {}", addresses.len());
    assert!(
        (among + same) * 100 >= count * 99 && (first + same) * 100 >= count * 97,
        "{first} {among} of {count}"
    );
}

/// Kartverket's sample lies in Elverum, which none of the maps shows: it must be refused, and told.
#[test]
fn a_register_of_elsewhere_is_refused() {
    let (Some(map), Some(register)) =
        (shared("data/osm/skoyen.osm.pbf"), shared("data/oslo/matrikkel_sample_elverum.csv"))
    else {
        return;
    };
    let told = Roads::read_by(&map, &with_register(&register)).unwrap_err().to_string();
    assert!(told.contains("none of its 1999 road addresses lies on the map"), "{told}");
}

/// Kartverket's file of a made-up city: so many streets of so many doors each, on the map of Skøyen.
fn register_of(streets: usize, doors: usize) -> String {
    const FIRST: [&str; 13] = [
        "Gran", "Bjørke", "Kirke", "Skole", "Fjell", "Elve", "Sommer", "Vinter", "Linde",
        "Ekeberg", "Håkons", "Sofien", "Tøyen",
    ];
    const MIDDLE: [&str; 20] = [
        "", "berg", "lund", "li", "mo", "åsen", "haug", "dal", "nes", "vik", "stad", "by", "rud",
        "sæter", "eng", "tun", "heim", "bakk", "moen", "løkk",
    ];
    const LAST: [&str; 10] = [
        "gata",
        " gate",
        "veien",
        " vei",
        "svingen",
        "bakken",
        " plass",
        "stien",
        " allé",
        "terrassen",
    ];
    let mut text = "adressenavn;nummer;bokstav;EPSG-kode;Nord;Øst;postnummer;poststed;kommunenummer;kommunenavn\n"
        .to_owned();
    for street in 0..streets {
        let (first, rest) = (FIRST[street % 13], street / 13);
        let name = format!("{first}{}{}", MIDDLE[rest % 20], LAST[rest / 20 % 10]);
        for door in 0..doors {
            let (lat, lon) = (59.9205 + street as f64 * 1e-6, 10.6740 + door as f64 * 1e-5);
            let letter = ["", "A", "B"][door % 3];
            let post = 150 + street % 1000;
            let number = door / 3 * 2 + 1;
            text += &format!(
                "{name};{number};{letter};4258;{lat:.6};{lon:.6};{post:04};OSLO;0301;OSLO\n"
            );
        }
    }
    text
}

/// Prints what the addresses of all Oslo cost; run with `--release -- --nocapture --ignored`.
#[test]
#[ignore = "a measurement"]
fn what_a_city_of_addresses_costs() {
    let Some(map) = shared("data/osm/skoyen.osm.pbf") else { return };
    let folder = std::env::temp_dir();
    let file = |kind| folder.join(format!("hjemrute-{}-city.{kind}", std::process::id()));
    let size = |roads: &Roads| {
        roads.save(&file("roads")).unwrap();
        std::fs::metadata(file("roads")).unwrap().len()
    };
    let without = size(&Roads::read(&map, None).unwrap());
    std::fs::write(file("csv"), register_of(2600, 42)).unwrap();
    let start = Instant::now();
    let roads = Roads::read_by(&map, &with_register(&file("csv"))).unwrap();
    println!("{} addresses read in {:.2?}", roads.addresses().len(), start.elapsed());
    println!("{} bytes more in the map", size(&roads) - without);
    for (what, street) in [
        ("as written", "Tøyenlundveien"),
        ("abbreviated", "TØYENLUNDVN."),
        ("one letter wrong", "Tøyenlindveien"),
        ("two letters wrong", "Tøyemlindveien"),
        ("nowhere", "Qwertyuiopasdfgh"),
    ] {
        let line = format!("{street} 21 B");
        let query = AddressQuery::parse(&line).unwrap();
        let start = Instant::now();
        for _ in 0..1000 {
            std::hint::black_box(roads.addresses().find(std::hint::black_box(&query)));
        }
        println!(
            "{what}: {:.1?} each, {:?}",
            start.elapsed() / 1000,
            roads.addresses().find(&query)
        );
    }
    for kind in ["csv", "roads"] {
        std::fs::remove_file(file(kind)).unwrap();
    }
}

fn with_register(register: &std::path::Path) -> Recipe<'_> {
    Recipe { register: Some(register), ..Recipe::default() }
}
