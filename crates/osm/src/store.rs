//! A map on disk: a header with magic and version, a table of sections each with its place, length
//! and CRC-32, then the sections themselves, little-endian arrays, each at a multiple of 64 bytes;
//! two that are equal are stored once. Written beside the old file and renamed over it, so that there
//! is always a whole one. Opening checks every byte once; afterwards nothing needs to be doubted but
//! what the numbers mean. Knows how things are laid out, not what they mean.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytemuck::{Pod, Zeroable};
use rayon::prelude::*;

use crate::array::{Array, Bytes};

const MAGIC: [u8; 8] = *b"HJEMROAD";
/// Raised with every change of the layout or of what a number in it means.
const VERSION: u32 = 8;
/// Where a section may start.
const ALIGNED: usize = 64;

const _: () = assert!(cfg!(target_endian = "little"), "maps are stored as little-endian arrays");

#[derive(Clone, Copy, Pod, Zeroable)]
#[repr(C)]
struct Header {
    magic: [u8; 8],
    version: u32,
    sections: u32,
    /// CRC-32 of the section table.
    checksum: u32,
    /// Zero.
    reserved: u32,
}

#[derive(Clone, Copy, PartialEq, Eq, Pod, Zeroable)]
#[repr(C)]
struct Section {
    id: u32,
    checksum: u32,
    offset: u64,
    length: u64,
}

impl Section {
    /// Whether two sections are one in the file.
    fn is_same(&self, other: &Section) -> bool {
        Section { id: self.id, ..*other } == *self
    }
}

/// Sections to be written.
#[derive(Default)]
pub(crate) struct Writer<'a> {
    sections: Vec<(u32, &'a [u8])>,
}

impl<'a> Writer<'a> {
    /// Adds an array under an id.
    pub(crate) fn add<T: Pod>(&mut self, id: u32, items: &'a [T]) {
        self.sections.push((id, bytemuck::cast_slice(items)));
    }

    /// Writes the file: all of it or nothing.
    pub(crate) fn write(&self, path: &Path) -> io::Result<()> {
        let beside = beside(path);
        let written = self.write_to(&beside).and_then(|()| fs::rename(&beside, path));
        if written.is_err() {
            // What went wrong is told; a left-over that cannot be removed would add nothing.
            let _ = fs::remove_file(&beside);
        }
        written?;
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
    }

    fn write_to(&self, path: &Path) -> io::Result<()> {
        let mut file = File::create(path)?;
        self.parts(|bytes| file.write_all(bytes))?;
        file.sync_all()
    }

    /// The whole file.
    #[cfg(test)]
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let mut all = Vec::new();
        let told = self.parts(|bytes| all.write_all(bytes));
        told.expect("memory takes every byte");
        all
    }

    /// Tells the bytes of the file, one part after the other.
    fn parts(&self, mut tell: impl FnMut(&[u8]) -> io::Result<()>) -> io::Result<()> {
        let (table, first) = self.table();
        let table: &[u8] = bytemuck::cast_slice(&table);
        let header = Header {
            magic: MAGIC,
            version: VERSION,
            sections: self.sections.len() as u32,
            checksum: crc32fast::hash(table),
            reserved: 0,
        };
        tell(bytemuck::bytes_of(&header))?;
        tell(table)?;
        let mut end = size_of::<Header>() + table.len();
        for (_, content) in first.into_iter().map(|place| self.sections[place]) {
            tell(&[0; ALIGNED][..end.next_multiple_of(ALIGNED) - end])?;
            tell(content)?;
            end = end.next_multiple_of(ALIGNED) + content.len();
        }
        Ok(())
    }

    /// The table of sections, and which of them are stored and not the same as an earlier one.
    fn table(&self) -> (Vec<Section>, Vec<usize>) {
        let mut end = size_of::<Header>() + self.sections.len() * size_of::<Section>();
        let (mut table, mut first): (Vec<Section>, Vec<usize>) = (Vec::new(), Vec::new());
        for (place, (id, content)) in self.sections.iter().enumerate() {
            let checksum = crc32fast::hash(content);
            let same = first.iter().find(|other| {
                table[**other].checksum == checksum && self.sections[**other].1 == *content
            });
            let offset = match same {
                Some(other) => table[*other].offset,
                None => end.next_multiple_of(ALIGNED) as u64,
            };
            if same.is_none() {
                first.push(place);
                end = offset as usize + content.len();
            }
            table.push(Section { id: *id, checksum, offset, length: content.len() as u64 });
        }
        (table, first)
    }
}

/// A name beside the file that nobody else uses.
pub(crate) fn beside(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.part", std::process::id()));
    path.with_file_name(name)
}

/// A file whose bytes are as they were written.
pub(crate) struct Reader {
    bytes: Arc<Bytes>,
    sections: Vec<Section>,
}

impl Reader {
    /// Checks the bytes of a file, or says what is wrong with them. Sections that are not wanted are
    /// not looked at, and are then as good as missing.
    pub(crate) fn open(bytes: Bytes, wanted: impl Fn(u32) -> bool) -> Result<Reader, String> {
        let (header, rest) = cut::<Header>(&bytes).ok_or("it is no stored map: too short")?;
        if header.magic != MAGIC {
            return Err("it is no stored map".into());
        }
        if header.version != VERSION {
            let version = header.version;
            return Err(format!("it is of version {version}, this program reads {VERSION}"));
        }
        let size = (header.sections as usize).checked_mul(size_of::<Section>());
        let table = size.and_then(|size| rest.get(..size)).ok_or("it is cut off")?;
        if header.reserved != 0 || crc32fast::hash(table) != header.checksum {
            return Err("its table of contents is damaged".into());
        }
        let sections = table.chunks_exact(size_of::<Section>()).map(bytemuck::pod_read_unaligned);
        let sections: Vec<Section> = sections.collect();
        let mut reader = Reader { bytes: Arc::new(bytes), sections };
        reader.check_places()?;
        reader.sections.retain(|section| wanted(section.id));
        reader.check_contents()?;
        Ok(reader)
    }

    /// Whether every section lies where it should, and nothing between them.
    fn check_places(&self) -> Result<(), String> {
        let mut end = size_of::<Header>() + size_of_val(&self.sections[..]);
        let mut first: Vec<&Section> = Vec::new();
        for section in &self.sections {
            if first.iter().any(|other| other.is_same(section)) {
                continue;
            }
            let start = end.next_multiple_of(ALIGNED);
            let gap = self.bytes.get(end..start).ok_or("it is cut off")?;
            let content = self.range(section).ok_or("it is cut off")?;
            if content.start != start || gap.iter().any(|byte| *byte != 0) {
                return Err(format!("section {} is damaged", section.id));
            }
            first.push(section);
            end = content.end;
        }
        if end != self.bytes.len() {
            return Err("there is more than a map in it".into());
        }
        Ok(())
    }

    fn check_contents(&self) -> Result<(), String> {
        let mut first: Vec<&Section> = Vec::new();
        for section in &self.sections {
            if !first.iter().any(|other| other.is_same(section)) {
                first.push(section);
            }
        }
        // Each by itself, because this is most of the work of opening a map.
        let sound = |section: &&Section| {
            let content = self.range(section).map(|range| &self.bytes[range]);
            content.is_some_and(|content| crc32fast::hash(content) == section.checksum)
        };
        match first.par_iter().find_first(|section| !sound(section)) {
            Some(section) => Err(format!("section {} is damaged", section.id)),
            None => Ok(()),
        }
    }

    fn range(&self, section: &Section) -> Option<std::ops::Range<usize>> {
        let start = usize::try_from(section.offset).ok()?;
        let end = start.checked_add(usize::try_from(section.length).ok()?)?;
        (end <= self.bytes.len()).then_some(start..end)
    }

    /// The array under an id.
    pub(crate) fn take<T: Pod>(&self, id: u32) -> Result<Array<T>, String> {
        let section = self.sections.iter().find(|section| section.id == id);
        let range = section.and_then(|section| self.range(section));
        let range = range.ok_or_else(|| format!("section {id} is missing"))?;
        Array::stored(&self.bytes, range).ok_or_else(|| format!("section {id} has an odd length"))
    }
}

/// Makes the checksums of a file those of what is in it now, as nobody does by accident.
#[cfg(test)]
pub(crate) fn seal(bytes: &mut [u8]) {
    let (mut header, rest) = cut::<Header>(bytes).unwrap();
    let size = header.sections as usize * size_of::<Section>();
    let table = rest[..size].chunks_exact(size_of::<Section>()).map(bytemuck::pod_read_unaligned);
    let mut table: Vec<Section> = table.collect();
    for section in &mut table {
        let start = section.offset as usize;
        section.checksum = crc32fast::hash(&bytes[start..start + section.length as usize]);
    }
    header.checksum = crc32fast::hash(bytemuck::cast_slice(&table));
    let (first, rest) = bytes.split_at_mut(size_of::<Header>());
    first.copy_from_slice(bytemuck::bytes_of(&header));
    rest[..size].copy_from_slice(bytemuck::cast_slice(&table));
}

fn cut<T: Pod>(bytes: &[u8]) -> Option<(T, &[u8])> {
    let (head, rest) = bytes.split_at_checked(size_of::<T>())?;
    Some((bytemuck::pod_read_unaligned(head), rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open(bytes: &[u8]) -> Result<Reader, String> {
        Reader::open(Bytes::of(bytes), |_| true)
    }

    fn sample() -> Vec<u8> {
        let mut writer = Writer::default();
        writer.add(1, &[1u32, 2, 3]);
        writer.add(2, b"odd");
        writer.add::<u64>(3, &[]);
        writer.add(4, &[1u32, 2, 3]);
        writer.add(5, b"more");
        writer.bytes()
    }

    #[test]
    fn what_is_written_is_read() {
        let reader = open(&sample()).unwrap();
        assert_eq!(*reader.take::<u32>(1).unwrap(), [1, 2, 3]);
        assert_eq!(*reader.take::<u8>(2).unwrap(), *b"odd");
        assert_eq!(*reader.take::<u32>(4).unwrap(), [1, 2, 3]);
        assert_eq!(*reader.take::<u8>(5).unwrap(), *b"more");
        assert!(reader.take::<u64>(3).unwrap().is_empty());
        assert!(reader.take::<u32>(2).is_err());
        assert!(reader.take::<u32>(6).is_err());
    }

    #[test]
    fn what_is_equal_is_stored_once() {
        let sections = open(&sample()).unwrap().sections;
        assert_eq!(sections[0].offset, sections[3].offset);
        assert_ne!(sections[1].offset, sections[4].offset);
    }

    #[test]
    fn what_is_not_wanted_is_missing_and_may_be_damaged() {
        let mut bytes = sample();
        let odd = open(&bytes).unwrap().range(&open(&bytes).unwrap().sections[1]).unwrap();
        bytes[odd.start] ^= 1;
        assert!(open(&bytes).is_err());
        let reader = Reader::open(Bytes::of(&bytes), |id| id > 2).unwrap();
        assert!(reader.take::<u8>(2).is_err());
        assert_eq!(*reader.take::<u32>(4).unwrap(), [1, 2, 3], "though 1 is not wanted");
        assert_eq!(*reader.take::<u8>(5).unwrap(), *b"more");
        bytes[odd.start - 64] ^= 1;
        assert!(Reader::open(Bytes::of(&bytes), |id| id > 2).is_err(), "4 lies where 1 does");
    }

    #[test]
    fn every_bit_and_every_length_counts() {
        let bytes = sample();
        for bit in 0..bytes.len() * 8 {
            let mut bytes = bytes.clone();
            bytes[bit / 8] ^= 1 << (bit % 8);
            assert!(open(&bytes).is_err(), "bit {bit}");
        }
        for length in 0..bytes.len() {
            assert!(open(&bytes[..length]).is_err(), "{length} bytes");
        }
        assert!(open(&[bytes, vec![0]].concat()).is_err());
    }

    #[test]
    fn a_failed_write_leaves_nothing_behind() {
        let missing = Path::new("/no/such/folder/map.roads");
        assert!(Writer::default().write(missing).is_err());
    }
}
