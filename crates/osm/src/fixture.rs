//! Small maps written by hand for the tests: encodes nodes, ways and relations as a `.osm.pbf`.

use std::io::Write;

use flate2::Compression;
use flate2::write::ZlibEncoder;

use crate::protobuf::{bytes, number, packed, zigzag};

/// Collects objects and writes them as one file.
pub(crate) struct PbfWriter {
    strings: Vec<String>,
    nodes: Vec<u8>,
    ways: Vec<u8>,
    relations: Vec<u8>,
}

impl PbfWriter {
    /// An empty map.
    pub(crate) fn new() -> PbfWriter {
        // String 0 is reserved by the format.
        PbfWriter { strings: vec![String::new()], nodes: vec![], ways: vec![], relations: vec![] }
    }

    /// Adds a node at ten-millionths of a degree.
    pub(crate) fn node(&mut self, id: i64, lon: i32, lat: i32, tags: &[(&str, &str)]) {
        let mut message = Vec::new();
        number(&mut message, 1, zigzag(id));
        self.tags(&mut message, tags);
        number(&mut message, 8, zigzag(i64::from(lat)));
        number(&mut message, 9, zigzag(i64::from(lon)));
        bytes(&mut self.nodes, 1, &message);
    }

    /// Adds a way over nodes.
    pub(crate) fn way(&mut self, id: i64, nodes: &[i64], tags: &[(&str, &str)]) {
        let mut message = Vec::new();
        number(&mut message, 1, id as u64);
        self.tags(&mut message, tags);
        bytes(&mut message, 8, &deltas(nodes));
        bytes(&mut self.ways, 3, &message);
    }

    /// Adds a relation of ways.
    pub(crate) fn relation(&mut self, id: i64, ways: &[i64], tags: &[(&str, &str)]) {
        let members: Vec<_> = ways.iter().map(|way| (1, *way, "")).collect();
        self.members(id, &members, tags);
    }

    /// Adds a relation of members: 0 for a node or 1 for a way, which one, and its role.
    pub(crate) fn members(&mut self, id: i64, members: &[(u64, i64, &str)], tags: &[(&str, &str)]) {
        let mut message = Vec::new();
        number(&mut message, 1, id as u64);
        self.tags(&mut message, tags);
        let roles: Vec<u64> = members.iter().map(|(_, _, role)| self.string(role)).collect();
        let ids: Vec<i64> = members.iter().map(|(_, id, _)| *id).collect();
        bytes(&mut message, 8, &packed(roles));
        bytes(&mut message, 9, &deltas(&ids));
        bytes(&mut message, 10, &packed(members.iter().map(|(kind, _, _)| *kind)));
        bytes(&mut self.relations, 4, &message);
    }

    /// What a file begins with; current as of 2025-06-15.
    pub(crate) fn header() -> Vec<u8> {
        let mut header = Vec::new();
        bytes(&mut header, 4, b"OsmSchema-V0.6");
        number(&mut header, 32, 1_750_000_000);
        frame("OSMHeader", &zlib(&header), Some(header.len()))
    }

    /// The bytes of the file.
    pub(crate) fn finish(self) -> Vec<u8> {
        let mut table = Vec::new();
        for string in &self.strings {
            bytes(&mut table, 1, string.as_bytes());
        }
        let mut block = Vec::new();
        bytes(&mut block, 1, &table);
        for group in [&self.nodes, &self.ways, &self.relations] {
            bytes(&mut block, 2, group);
        }
        let mut file = PbfWriter::header();
        file.extend(frame("OSMData", &zlib(&block), Some(block.len())));
        file
    }

    fn tags(&mut self, message: &mut Vec<u8>, tags: &[(&str, &str)]) {
        let keys: Vec<u64> = tags.iter().map(|(key, _)| self.string(key)).collect();
        let values: Vec<u64> = tags.iter().map(|(_, value)| self.string(value)).collect();
        bytes(message, 2, &packed(keys));
        bytes(message, 3, &packed(values));
    }

    fn string(&mut self, text: &str) -> u64 {
        let known = self.strings.iter().position(|string| string == text);
        known.unwrap_or_else(|| {
            self.strings.push(text.into());
            self.strings.len() - 1
        }) as u64
    }
}

/// A frame around packed content.
pub(crate) fn frame(kind: &str, packed: &[u8], raw_size: Option<usize>) -> Vec<u8> {
    let mut blob = Vec::new();
    if let Some(size) = raw_size {
        number(&mut blob, 2, size as u64);
    }
    bytes(&mut blob, 3, packed);
    let mut header = Vec::new();
    bytes(&mut header, 1, kind.as_bytes());
    number(&mut header, 3, blob.len() as u64);
    let mut out = (header.len() as u32).to_be_bytes().to_vec();
    out.extend(header);
    out.extend(blob);
    out
}

/// Packs content as the format does.
pub(crate) fn zlib(content: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}

fn deltas(values: &[i64]) -> Vec<u8> {
    let mut before = 0;
    packed(values.iter().map(|&value| zigzag(value - std::mem::replace(&mut before, value))))
}
