//! A map on disk: a header with magic and version, a table of sections each with its place, length
//! and CRC-32, then the sections themselves, little-endian arrays. Written beside the old file and
//! renamed over it, so that there is always a whole one. Opening checks every byte and every index
//! once; afterwards nothing needs to be doubted. Knows how things are laid out, not what they mean.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use bytemuck::{Pod, Zeroable};

const MAGIC: [u8; 8] = *b"HJEMROAD";
/// Raised with every change of the layout or of what a number in it means.
const VERSION: u32 = 5;

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

#[derive(Clone, Copy, Pod, Zeroable)]
#[repr(C)]
struct Section {
    id: u32,
    checksum: u32,
    offset: u64,
    length: u64,
}

/// Sections to be written.
#[derive(Default)]
pub(crate) struct Writer {
    sections: Vec<(u32, Vec<u8>)>,
}

impl Writer {
    /// Adds an array under an id.
    pub(crate) fn add<T: Pod>(&mut self, id: u32, items: &[T]) {
        self.sections.push((id, bytemuck::cast_slice(items).to_vec()));
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
        file.write_all(&self.bytes())?;
        file.sync_all()
    }

    /// The whole file.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let mut offset = size_of::<Header>() + self.sections.len() * size_of::<Section>();
        let mut table = Vec::new();
        for (id, content) in &self.sections {
            let checksum = crc32fast::hash(content);
            let (place, length) = (offset as u64, content.len() as u64);
            table.push(Section { id: *id, checksum, offset: place, length });
            offset += content.len();
        }
        let table: &[u8] = bytemuck::cast_slice(&table);
        let header = Header {
            magic: MAGIC,
            version: VERSION,
            sections: self.sections.len() as u32,
            checksum: crc32fast::hash(table),
            reserved: 0,
        };
        let mut bytes = [bytemuck::bytes_of(&header), table].concat();
        self.sections.iter().for_each(|(_, content)| bytes.extend_from_slice(content));
        bytes
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
    bytes: Vec<u8>,
    sections: Vec<Section>,
}

impl Reader {
    /// Checks the bytes of a file, or says what is wrong with them.
    pub(crate) fn open(bytes: Vec<u8>) -> Result<Reader, String> {
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
        let sections: Vec<Section> = copied(table);
        let reader = Reader { bytes, sections };
        reader.check()?;
        Ok(reader)
    }

    fn check(&self) -> Result<(), String> {
        let mut end = (size_of::<Header>() + size_of_val(&self.sections[..])) as u64;
        for section in &self.sections {
            let content = self.content(section).ok_or("it is cut off")?;
            if section.offset != end || crc32fast::hash(content) != section.checksum {
                return Err(format!("section {} is damaged", section.id));
            }
            end += section.length;
        }
        if end == self.bytes.len() as u64 {
            Ok(())
        } else {
            Err("there is more than a map in it".into())
        }
    }

    fn content(&self, section: &Section) -> Option<&[u8]> {
        let start = usize::try_from(section.offset).ok()?;
        let end = start.checked_add(usize::try_from(section.length).ok()?)?;
        self.bytes.get(start..end)
    }

    /// The array under an id.
    pub(crate) fn take<T: Pod>(&self, id: u32) -> Result<Vec<T>, String> {
        let section = self.sections.iter().find(|section| section.id == id);
        let content = section.and_then(|section| self.content(section));
        let content = content.ok_or_else(|| format!("section {id} is missing"))?;
        if content.len() % size_of::<T>() != 0 {
            return Err(format!("section {id} has an odd length"));
        }
        Ok(copied(content))
    }
}

/// An array out of bytes that need not be aligned.
fn copied<T: Pod>(bytes: &[u8]) -> Vec<T> {
    let mut items = vec![T::zeroed(); bytes.len() / size_of::<T>()];
    bytemuck::cast_slice_mut(&mut items).copy_from_slice(bytes);
    items
}

fn cut<T: Pod>(bytes: &[u8]) -> Option<(T, &[u8])> {
    let (head, rest) = bytes.split_at_checked(size_of::<T>())?;
    Some((bytemuck::pod_read_unaligned(head), rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Vec<u8> {
        let mut writer = Writer::default();
        writer.add(1, &[1u32, 2, 3]);
        writer.add(2, b"odd");
        writer.add::<u64>(3, &[]);
        writer.bytes()
    }

    #[test]
    fn what_is_written_is_read() {
        let reader = Reader::open(sample()).unwrap();
        assert_eq!(reader.take::<u32>(1).unwrap(), [1, 2, 3]);
        assert_eq!(reader.take::<u8>(2).unwrap(), b"odd");
        assert!(reader.take::<u64>(3).unwrap().is_empty());
        assert!(reader.take::<u32>(2).is_err());
        assert!(reader.take::<u32>(4).is_err());
    }

    #[test]
    fn every_bit_and_every_length_counts() {
        let bytes = sample();
        for bit in 0..bytes.len() * 8 {
            let mut bytes = bytes.clone();
            bytes[bit / 8] ^= 1 << (bit % 8);
            assert!(Reader::open(bytes).is_err(), "bit {bit}");
        }
        for length in 0..bytes.len() {
            assert!(Reader::open(bytes[..length].to_vec()).is_err(), "{length} bytes");
        }
        assert!(Reader::open([bytes, vec![0]].concat()).is_err());
    }

    #[test]
    fn a_failed_write_leaves_nothing_behind() {
        let missing = Path::new("/no/such/folder/map.roads");
        assert!(Writer::default().write(missing).is_err());
    }
}
