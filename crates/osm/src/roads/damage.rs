//! Stored maps damaged on purpose: what was hit by accident is refused with a word why; what somebody
//! has sealed anew is refused, or a map that can be asked. Nothing panics (a test that panics fails).

use std::io::Cursor;

use hjemrute_travel::Mode;

use crate::Roads;
use crate::array::Bytes;
use crate::common::shared;
use crate::pbf::damage::{Luck, alone, ask, damaged, small};
use crate::{pbf, store};

fn stored(file: &[u8]) -> Vec<u8> {
    let extract = pbf::read(&mut Cursor::new(file), None).unwrap();
    Roads::build(&extract, None, "sound").unwrap().to_bytes()
}

fn open(bytes: &[u8]) -> Result<Roads, String> {
    Roads::from_bytes(Bytes::of(bytes), &Mode::ALL)
}

/// Damages a map so many times by accident; whatever is not as it was is refused.
fn damaged_by_accident(map: &[u8], count: usize, luck: &mut Luck) {
    for _ in 0..count {
        let bytes = damaged(map, luck);
        match open(&bytes) {
            Err(what) => assert!(!what.is_empty()),
            Ok(_) => assert!(bytes == map, "damage that was not seen"),
        }
    }
}

/// Changes a few numbers in a map so many times and seals it anew; how many were maps still.
fn damaged_and_sealed(map: &[u8], count: usize, luck: &mut Luck) -> usize {
    // The first section begins where its line in the table of contents says.
    let start = u64::from_le_bytes(map[32..40].try_into().unwrap()) as usize;
    let sealed = |_: &usize| {
        let mut bytes = map.to_vec();
        for _ in 0..=luck.below(3) {
            let at = start + luck.below(bytes.len() - start);
            bytes[at] = match luck.below(3) {
                0 => bytes[at] ^ 1 << luck.below(8),
                1 => [0, 1, 0x7f, 0x80, 0xff][luck.below(5)],
                _ => bytes[at].wrapping_add(1),
            };
        }
        store::seal(&mut bytes);
        open(&bytes).is_ok_and(|roads| ask(&roads).len() == 2 * Mode::ALL.len())
    };
    (0..count).filter(sealed).count()
}

#[test]
fn a_damaged_map_is_refused() {
    let map = stored(&small());
    damaged_by_accident(&map, 500, &mut Luck(1));
    let passed = damaged_and_sealed(&map, 500, &mut Luck(2));
    assert!((1..500).contains(&passed), "{passed}");
}

#[test]
#[ignore = "long"]
fn a_hundred_thousand_damaged_maps_are_survived() {
    alone("roads::damage::a_hundred_thousand_damaged_maps_are_survived", || {
        let (map, mut luck) = (stored(&small()), Luck(3));
        damaged_by_accident(&map, 50_000, &mut luck);
        damaged_and_sealed(&map, 30_000, &mut luck);
        (0..map.len()).for_each(|length| assert!(open(&map[..length]).is_err(), "{length} bytes"));
        let Some(path) = shared("data/osm/skoyen.osm.pbf") else { return };
        damaged_by_accident(&stored(&std::fs::read(path).unwrap()), 20_000, &mut luck);
    });
}
