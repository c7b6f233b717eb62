//! The official addresses: Kartverket's file of road addresses («Matrikkelen – Adresse», semicolons, a
//! line an address, ETRS89 in a UTM zone or in degrees). Reads it a line at a time and keeps what lies
//! on the map, so that the file of the whole country will do. Knows nothing of OpenStreetMap.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use super::book::{Collector, Source, Told};
use super::utm::Zone;
use crate::Error;
use crate::geometry::Point;
use crate::strings::fold;

/// The columns that are used, as the file names them.
const COLUMNS: [&str; 10] = [
    "adressenavn",
    "nummer",
    "bokstav",
    "EPSG-kode",
    "Nord",
    "Øst",
    "postnummer",
    "poststed",
    "kommunenummer",
    "kommunenavn",
];
/// Degrees of ETRS89, as some of the files are.
const DEGREES: &str = "4258";

/// Adds the addresses of the file that lie where `inside` says; gives the CRC-32 of the file.
///
/// # Errors
/// If the file cannot be read, is not of that form, or holds no address there.
pub(super) fn add(
    path: &Path,
    inside: impl Fn(Point) -> bool,
    into: &mut Collector,
) -> Result<u32, Error> {
    let file = File::open(path).map_err(Error::file(path))?;
    let mut source = Summed { source: BufReader::new(file), crc: crc32fast::Hasher::new() };
    let wrong = |line: u64, what: String| Error::Register { path: path.into(), line, what };
    let mut reader = csv::ReaderBuilder::new().delimiter(b';').from_reader(&mut source);
    let headers = reader.headers().map_err(|error| wrong(1, told(&error)))?;
    let columns = columns(headers).map_err(|what| wrong(1, what))?;
    let (mut roads, mut kept) = (0u64, 0u64);
    let mut record = csv::StringRecord::new();
    while reader.read_record(&mut record).map_err(|error| wrong(line_of(&error), told(&error)))? {
        let line = record.position().map_or(0, line);
        let fields = columns.map(|column| record.get(column).unwrap_or_default().trim());
        let Some((number, point)) = address(&fields).map_err(|what| wrong(line, what))? else {
            continue;
        };
        roads += 1;
        if inside(point) {
            let [street, _, letter, _, _, _, postcode, town, municipality, municipality_name] =
                fields;
            let told = Told { street, postcode, town, municipality, municipality_name };
            into.add(&told, (number, fold(letter)), point, Source::Register);
            kept += 1;
        }
    }
    if kept == 0 {
        return Err(wrong(0, format!("none of its {roads} road addresses lies on the map")));
    }
    Ok(source.crc.finalize())
}

/// Where the columns stand, or which is missing.
fn columns(headers: &csv::StringRecord) -> Result<[usize; COLUMNS.len()], String> {
    let mut columns = [0; COLUMNS.len()];
    for (column, name) in columns.iter_mut().zip(COLUMNS) {
        let at =
            headers.iter().position(|header| header.trim_start_matches('\u{feff}').trim() == name);
        *column = at.ok_or_else(|| format!("there is no column `{name}`"))?;
    }
    Ok(columns)
}

/// Number and point of a road address; `None` for a plot of land without a street or number.
fn address(fields: &[&str; COLUMNS.len()]) -> Result<Option<(u32, Point)>, String> {
    let [street, number, _, epsg, north, east, ..] = *fields;
    if street.is_empty() || number.is_empty() {
        return Ok(None);
    }
    let number = number.parse().map_err(|_| "`nummer` is not a number".to_owned())?;
    // Some files write a comma.
    let decimal = |text: &str| text.replace(',', ".").parse::<f64>().ok();
    let (Some(north), Some(east)) = (decimal(north), decimal(east)) else {
        return Err("`Nord` or `Øst` is not a number".into());
    };
    let point = match Zone::of_epsg(epsg) {
        Some(zone) => zone.point(east, north),
        None if epsg == DEGREES => {
            hjemrute_travel::Position::from_degrees(east, north).map(Point::from)
        }
        None => return Err("`EPSG-kode` is none of 25831 to 25836 and 4258".into()),
    };
    match point {
        Some(point) => Ok(Some((number, point))),
        None => Err("`Nord` and `Øst` lie outside their system".into()),
    }
}

/// What the reader found wrong, without the file's own text.
fn told(error: &csv::Error) -> String {
    match error.kind() {
        csv::ErrorKind::Utf8 { .. } => "it is not UTF-8".into(),
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            format!("{len} fields where the first line has {expected_len}")
        }
        csv::ErrorKind::Io(error) => error.to_string(),
        _ => "it cannot be read".into(),
    }
}

/// Records are lines here; the reader's own count of lines depends on how they end.
fn line(position: &csv::Position) -> u64 {
    position.record() + 1
}

fn line_of(error: &csv::Error) -> u64 {
    error.position().map_or(0, line)
}

/// Sums the bytes as they pass.
struct Summed<R> {
    source: R,
    crc: crc32fast::Hasher,
}

impl<R: Read> Read for Summed<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.source.read(buffer)?;
        self.crc.update(&buffer[..count]);
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "\u{feff}lokalid;kommunenummer;kommunenavn;adressenavn;nummer;bokstav;EPSG-kode;\
                        Nord;Øst;postnummer;poststed";

    /// The addresses kept of a file of those lines: street, number, letter, place.
    fn read(name: &str, lines: &[&str]) -> Result<Vec<(u32, Point)>, String> {
        let path = std::env::temp_dir().join(format!("hjemrute-{}-{name}.csv", std::process::id()));
        std::fs::write(&path, [&[HEAD], lines].concat().join("\r\n")).unwrap();
        let mut collector = Collector::default();
        let done = add(&path, |point| point.lat > 0, &mut collector);
        std::fs::remove_file(&path).unwrap();
        done.map_err(|error| error.to_string())?;
        let book = collector.finish();
        Ok(book.doors_of("Gobakkvegen").map(|door| (door.number(), door.point())).collect())
    }

    #[test]
    fn road_addresses_are_kept_with_their_municipality() {
        let lines = [
            "1;3420;ELVERUM;Gobakkvegen;438;;25833;6770754.69;310012.98;2410;HERNES",
            "2;3420;ELVERUM;Gobakkvegen;416;B;4258;61.0;11.5;2410;HERNES",
            "3;3420;ELVERUM;;;;25833;6770754.69;310012.98;2410;HERNES",
        ];
        let house = (438, Point { lon: 114_832_912, lat: 610_257_147 });
        let other = (416, Point { lon: 115_000_000, lat: 610_000_000 });
        assert_eq!(read("kept", &lines), Ok(vec![other, house]));
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line() {
        let good = "1;3420;ELVERUM;Gobakkvegen;438;;25833;6770754.69;310012.98;2410;HERNES";
        for (line, what) in [
            ("1;3420;ELVERUM;Gobakkvegen;x;;25833;6770754.69;310012.98;2410;H", "`nummer`"),
            ("1;3420;ELVERUM;Gobakkvegen;1;;25833;north;310012.98;2410;H", "`Nord`"),
            ("1;3420;ELVERUM;Gobakkvegen;1;;32633;6770754.69;310012.98;2410;H", "`EPSG-kode`"),
            ("1;3420;ELVERUM;Gobakkvegen;1;;25833;1e12;310012.98;2410;H", "outside their system"),
            ("1;3420", "2 fields where the first line has 11"),
        ] {
            let told = read("wrong", &[good, line]).unwrap_err();
            assert!(told.contains("line 3") && told.contains(what), "{told}");
        }
        let none = read("none", &["1;3420;E;;;;25833;6770754.69;310012.98;2410;H"]).unwrap_err();
        assert!(none.contains("none of its 0 road addresses"), "{none}");
    }
}
