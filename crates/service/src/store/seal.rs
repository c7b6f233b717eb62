//! What lies on the disk is sealed: one key for each unit and day, itself sealed with the unit's key,
//! which is derived from the one key in the key file. To forget a day is to throw its key away.
//! AES-256-GCM and HMAC-SHA-256 of aws-lc; nothing here is of our own making but the order.

use std::fs;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use anyhow::Context;
use aws_lc_rs::aead::{AES_256_GCM, Aad, Nonce, RandomizedNonceKey};
use aws_lc_rs::hmac;

use super::StoreError;

const KEY: usize = 32;
const NONCE: usize = 12;

/// A key that seals and opens.
pub(crate) struct Key([u8; KEY]);

impl Key {
    /// The key in the file; made there, readable by the owner alone, if there is none.
    pub(crate) fn of_file(path: &Path) -> anyhow::Result<Key> {
        if !path.exists() {
            let mut options = fs::OpenOptions::new();
            let mut file = options
                .write(true)
                .create_new(true)
                .mode(0o400)
                .open(path)
                .with_context(|| format!("nøkkelen {} ble ikke laget", path.display()))?;
            file.write_all(&random::<KEY>())?;
            file.sync_all()?;
        }
        let bytes = fs::read(path)
            .with_context(|| format!("nøkkelen {} kan ikke leses", path.display()))?;
        let key = bytes.try_into();
        key.map(Key).map_err(|_| anyhow::anyhow!("nøkkelen {} er ikke på 32 byte", path.display()))
    }

    /// A new one.
    pub(crate) fn new() -> Key {
        Key(random())
    }

    /// A key of this one for one purpose.
    pub(crate) fn derive(&self, purpose: &str) -> Key {
        Key(self.mac(&[purpose.as_bytes()]))
    }

    /// A keyed hash of the parts, which cannot be joined otherwise to the same.
    pub(crate) fn mac(&self, parts: &[&[u8]]) -> [u8; KEY] {
        let mut context = hmac::Context::with_key(&hmac::Key::new(hmac::HMAC_SHA256, &self.0));
        for part in parts {
            context.update(&(part.len() as u64).to_be_bytes());
            context.update(part);
        }
        let mut mac = [0; KEY];
        mac.copy_from_slice(context.sign().as_ref());
        mac
    }

    /// The bytes sealed; they open only for the same `name`.
    pub(crate) fn seal(&self, name: &str, bytes: &[u8]) -> Result<Vec<u8>, StoreError> {
        let key = self.cipher()?;
        let mut sealed = bytes.to_vec();
        let nonce = key
            .seal_in_place_append_tag(Aad::from(name.as_bytes()), &mut sealed)
            .map_err(|_| StoreError::Corrupt)?;
        sealed.extend_from_slice(nonce.as_ref());
        Ok(sealed)
    }

    /// What was sealed for that name.
    pub(crate) fn open(&self, name: &str, sealed: &[u8]) -> Result<Vec<u8>, StoreError> {
        let split = sealed.len().checked_sub(NONCE).ok_or(StoreError::Corrupt)?;
        let (text, nonce) = sealed.split_at(split);
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| StoreError::Corrupt)?;
        let mut text = text.to_vec();
        let opened = self.cipher()?.open_in_place(nonce, Aad::from(name.as_bytes()), &mut text);
        let length = opened.map_err(|_| StoreError::Corrupt)?.len();
        text.truncate(length);
        Ok(text)
    }

    /// This key sealed by another.
    pub(crate) fn wrapped(&self, by: &Key, name: &str) -> Result<Vec<u8>, StoreError> {
        by.seal(name, &self.0)
    }

    /// The key that was wrapped.
    pub(crate) fn unwrapped(by: &Key, name: &str, sealed: &[u8]) -> Result<Key, StoreError> {
        by.open(name, sealed)?.try_into().map(Key).map_err(|_| StoreError::Corrupt)
    }

    fn cipher(&self) -> Result<RandomizedNonceKey, StoreError> {
        RandomizedNonceKey::new(&AES_256_GCM, &self.0).map_err(|_| StoreError::Corrupt)
    }
}

/// Random bytes of the system's own source.
///
/// # Panics
/// When the system has none to give; nothing safe can be done then.
pub(crate) fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    aws_lc_rs::rand::fill(&mut bytes).expect("the system gives random bytes");
    bytes
}

/// SHA-256.
pub(crate) fn sha256(bytes: &[u8]) -> [u8; 32] {
    let mut hash = [0; 32];
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, bytes);
    hash.copy_from_slice(digest.as_ref());
    hash
}

/// Bytes as hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_opens_for_its_name_and_key_alone() {
        let (key, other) = (Key::new(), Key::new());
        let sealed = key.seal("list 1", b"p-7f3a9c").unwrap();
        assert_eq!(key.open("list 1", &sealed).unwrap(), b"p-7f3a9c");
        assert!(key.open("list 2", &sealed).is_err());
        assert!(other.open("list 1", &sealed).is_err());
        for at in 0..sealed.len() {
            let mut bent = sealed.clone();
            bent[at] ^= 1;
            assert!(key.open("list 1", &bent).is_err(), "byte {at}");
        }
        assert!(key.open("list 1", &[]).is_err());
        let wrapped = key.wrapped(&other, "day").unwrap();
        assert_eq!(Key::unwrapped(&other, "day", &wrapped).unwrap().0, key.0);
    }

    #[test]
    fn parts_of_a_keyed_hash_are_kept_apart() {
        let key = Key::new();
        assert_ne!(key.mac(&[b"ab", b"c"]), key.mac(&[b"a", b"bc"]));
        assert_ne!(key.derive("a").0, key.derive("b").0);
        assert_eq!(hex(&sha256(b"")[..4]), "e3b0c442");
    }
}
