//! The guard at the door: walks the frames of a `.osm.pbf`, unpacks each block and hands it on. Trusts
//! no length, inflates no further than it may, and passes over nothing it does not know. Holds the
//! limits of the format (64 KiB a header, 32 MiB a block) and knows nothing of roads.

use std::io::{self, Read};

use flate2::read::ZlibDecoder;
use hjemrute_travel::Position;

use super::wire::{Fields, Unsound, Value};
use crate::{Bounds, Error};

const HEADER_LIMIT: u32 = 64 * 1024;
const BLOCK_LIMIT: u64 = 32 * 1024 * 1024;

/// Features a file may demand of its reader; those we do not know we must not read over.
const KNOWN_FEATURES: [&[u8]; 2] = [b"OsmSchema-V0.6", b"DenseNodes"];

/// What the walk over the frames brought to light.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Frames {
    /// CRC-32 of the whole file.
    pub(crate) checksum: u32,
    /// When the data were current, in seconds since 1970, if the file says so.
    pub(crate) replicated: Option<i64>,
    /// The box that was cut out, if the file says so.
    pub(crate) bounds: Option<Bounds>,
}

/// Walks all frames of a file from its beginning and shows the blocks of data, unpacked.
///
/// # Errors
/// At the first frame that is not sound, or whose block is not by the word of `look`, with its byte
/// offset.
pub(crate) fn walk(
    source: impl Read,
    mut look: impl FnMut(&[u8]) -> Result<(), &'static str>,
) -> Result<Frames, Error> {
    let mut walk = Walk { source, offset: 0, crc: crc32fast::Hasher::new() };
    let (mut replicated, mut bounds) = (None, None);
    let (mut headers, mut blocks) = (0, 0);
    let mut inflated = Vec::new();
    while let Some(frame) = walk.frame()? {
        let at = frame.offset;
        payload(&frame.blob, &mut inflated).map_err(|what| Error::pbf(at, what))?;
        match (frame.kind, headers, blocks) {
            (Kind::Header, 0, 0) => {
                (replicated, bounds) = header(&inflated).map_err(|what| Error::pbf(at, what))?;
                headers += 1;
            }
            (Kind::Header, ..) => return Err(Error::pbf(at, "a second file header")),
            (Kind::Data, 0, _) => return Err(Error::pbf(at, "data before the file header")),
            (Kind::Data, ..) => {
                look(&inflated).map_err(|what| Error::pbf(at, what))?;
                blocks += 1;
            }
        }
    }
    if blocks == 0 {
        return Err(Error::pbf(walk.offset, "the file ends before any data"));
    }
    Ok(Frames { checksum: walk.crc.finalize(), replicated, bounds })
}

#[derive(Clone, Copy)]
enum Kind {
    Header,
    Data,
}

struct Frame {
    offset: u64,
    kind: Kind,
    blob: Vec<u8>,
}

struct Walk<R> {
    source: R,
    offset: u64,
    crc: crc32fast::Hasher,
}

impl<R: Read> Walk<R> {
    /// The next frame, or `None` at a clean end.
    fn frame(&mut self) -> Result<Option<Frame>, Error> {
        let offset = self.offset;
        let length = self.take(4)?;
        if length.is_empty() {
            return Ok(None);
        }
        let length: [u8; 4] = length
            .try_into()
            .map_err(|_| Error::pbf(offset, "the file ends inside a frame length"))?;
        let length = u32::from_be_bytes(length);
        if length > HEADER_LIMIT {
            return Err(Error::pbf(offset, format!("a frame header of {length} bytes")));
        }
        let header = self.exactly(u64::from(length), "a frame header")?;
        let (kind, size) = blob_header(&header).map_err(|what| Error::pbf(offset, what))?;
        let blob = self.exactly(size, "a block")?;
        Ok(Some(Frame { offset, kind, blob }))
    }

    fn exactly(&mut self, count: u64, what: &str) -> Result<Vec<u8>, Error> {
        let offset = self.offset;
        let bytes = self.take(count)?;
        if bytes.len() as u64 == count {
            Ok(bytes)
        } else {
            let there = bytes.len();
            Err(Error::pbf(offset, format!("{what} is cut off: {there} of {count} bytes")))
        }
    }

    fn take(&mut self, count: u64) -> Result<Vec<u8>, Error> {
        let mut bytes = Vec::new();
        self.source
            .by_ref()
            .take(count)
            .read_to_end(&mut bytes)
            .map_err(|error| Error::pbf(self.offset, error.to_string()))?;
        self.crc.update(&bytes);
        self.offset += bytes.len() as u64;
        Ok(bytes)
    }
}

/// The kind of a block and how many bytes it takes.
fn blob_header(header: &[u8]) -> Result<(Kind, u64), String> {
    let (mut kind, mut size) = (None, None);
    for field in Fields::of(header) {
        match field.map_err(|Unsound| "a frame header that cannot be read")? {
            (1, Value::Bytes(b"OSMHeader")) => kind = Some(Kind::Header),
            (1, Value::Bytes(b"OSMData")) => kind = Some(Kind::Data),
            (1, _) => return Err("a block of unknown kind".into()),
            (3, Value::Number(number)) => size = Some(number),
            _ => {}
        }
    }
    match (kind, size) {
        (_, Some(size)) if size > BLOCK_LIMIT => Err(format!("a block of {size} bytes")),
        (Some(kind), Some(size)) => Ok((kind, size)),
        _ => Err("a frame header without kind or size".into()),
    }
}

/// Unpacks a block into `out`, never more than the format allows.
fn payload(blob: &[u8], out: &mut Vec<u8>) -> Result<(), String> {
    out.clear();
    let (mut raw_size, mut found) = (None, false);
    for field in Fields::of(blob) {
        match field.map_err(|Unsound| "a block that cannot be read")? {
            (2, Value::Number(size)) => raw_size = Some(size),
            (1, Value::Bytes(raw)) if !found => {
                out.extend_from_slice(raw);
                found = true;
            }
            (3, Value::Bytes(packed)) if !found => {
                inflate(packed, out).map_err(|error| format!("a block's packing: {error}"))?;
                found = true;
            }
            (1 | 3, _) => return Err("a block with two contents".into()),
            (4..=7, _) => return Err("a block packed in a way other than zlib".into()),
            _ => {}
        }
    }
    let size = out.len() as u64;
    match raw_size {
        _ if !found => Err("a block without content".into()),
        Some(said) if said > BLOCK_LIMIT => Err(format!("a block of {said} bytes unpacked")),
        _ if size > BLOCK_LIMIT => Err("a block that unpacks to more than 32 MiB".into()),
        Some(said) if said != size => Err(format!("a block of {size} bytes that says {said}")),
        _ => Ok(()),
    }
}

fn inflate(packed: &[u8], out: &mut Vec<u8>) -> io::Result<()> {
    ZlibDecoder::new(packed).take(BLOCK_LIMIT + 1).read_to_end(out).map(drop)
}

/// Reads the file header: refuses demands we do not know, gives the replication time and the box.
fn header(message: &[u8]) -> Result<(Option<i64>, Option<Bounds>), String> {
    let (mut replicated, mut bounds) = (None, None);
    for field in Fields::of(message) {
        match field.map_err(|Unsound| "a file header that cannot be read")? {
            (4, Value::Bytes(feature)) if !KNOWN_FEATURES.contains(&feature) => {
                let feature = String::from_utf8_lossy(feature);
                return Err(format!("the file demands a reader of `{}`", feature.escape_debug()));
            }
            (1, Value::Bytes(message)) => bounds = cut_out(message),
            (32, Value::Number(seconds)) => replicated = i64::try_from(seconds).ok(),
            _ => {}
        }
    }
    Ok((replicated, bounds))
}

/// The box of a file header, told in billionths of degrees; `None` if it is none.
fn cut_out(message: &[u8]) -> Option<Bounds> {
    let mut sides = [None; 4];
    for field in Fields::of(message) {
        if let (side @ 1..=4, Value::Number(zigzag)) = field.ok()? {
            let billionths = (zigzag >> 1) as i64 ^ -((zigzag & 1) as i64);
            sides[side as usize - 1] = i32::try_from(billionths / 100).ok();
        }
    }
    let [west, east, north, south] = sides;
    let corner = |lon: Option<i32>, lat: Option<i32>| {
        let (lon, lat) = (f64::from(lon?) / 1e7, f64::from(lat?) / 1e7);
        Position::from_degrees(lon, lat)
    };
    let bounds = Bounds { south_west: corner(west, south)?, north_east: corner(east, north)? };
    (west < east && south < north).then_some(bounds)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{PbfWriter, frame, zlib};

    fn offset_of(bytes: &[u8]) -> (u64, String) {
        match walk(bytes, |_| Ok(())) {
            Err(Error::Pbf { offset, what }) => (offset, what),
            other => panic!("{other:?}"),
        }
    }

    fn sound() -> Vec<u8> {
        let mut map = PbfWriter::new();
        map.node(1, 0, 0, &[]);
        map.node(2, 0, 100, &[]);
        map.way(1, &[1, 2], &[("highway", "residential")]);
        map.finish()
    }

    #[test]
    fn a_sound_file_passes() {
        let frames = walk(sound().as_slice(), |_| Ok(())).unwrap();
        assert_eq!(frames.replicated, Some(1_750_000_000));
    }

    #[test]
    fn every_truncation_says_where() {
        let bytes = sound();
        for cut in 0..bytes.len() {
            let (offset, _) = offset_of(&bytes[..cut]);
            assert!(offset <= cut as u64);
        }
    }

    #[test]
    fn a_bomb_is_refused_unread() {
        let mut bytes = sound();
        let at = bytes.len() as u64;
        let bomb = zlib(&vec![0; 33 << 20]);
        bytes.extend(frame("OSMData", &bomb, None));
        let (offset, what) = offset_of(&bytes);
        assert_eq!(offset, at);
        assert!(what.contains("32 MiB"), "{what}");
    }

    #[test]
    fn strange_blocks_are_refused() {
        let mut unknown = sound();
        unknown.extend(frame("OSMDota", &zlib(b"x"), Some(1)));
        assert!(offset_of(&unknown).1.contains("unknown kind"));
        let mut liar = sound();
        liar.extend(frame("OSMData", &zlib(b"xyz"), Some(1)));
        assert!(offset_of(&liar).1.contains("says 1"));
        assert!(offset_of(&[0xff; 16]).1.contains("frame header of"));
        assert!(offset_of(&[]).1.contains("before any data"));
    }
}
