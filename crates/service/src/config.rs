//! What the operator decides: one file, read at the start. A name in it that is not known is refused.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};
use hjemrute_solver::Policy;
use serde::Deserialize;

/// A unit that plans for itself, as a bydel: lower-case letters, digits and hyphens.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "String")]
pub struct UnitId(String);

impl UnitId {
    /// The name as a unit's; `None` if it could not be a file's and a token's part.
    pub fn parse(name: &str) -> Option<UnitId> {
        let is_plain =
            |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        let good = (1..=40).contains(&name.len()) && name.bytes().all(is_plain);
        good.then(|| UnitId(name.to_owned()))
    }
}

impl TryFrom<String> for UnitId {
    type Error = &'static str;

    fn try_from(name: String) -> Result<UnitId, Self::Error> {
        UnitId::parse(&name).ok_or("en enhet heter noe med små bokstaver, sifre og bindestrek")
    }
}

impl fmt::Display for UnitId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The configuration.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Config {
    /// Where to listen.
    #[serde(default = "listen")]
    pub listen: SocketAddr,
    /// The folder with the files of the units.
    pub data: PathBuf,
    /// The stored map.
    pub map: PathBuf,
    /// The map to look at, as `hjemrute map tiles` makes it; absent: the page shows work lists without one.
    pub tiles: Option<PathBuf>,
    /// The file with the key; absent: `key` in the data folder.
    pub key: Option<PathBuf>,
    /// A folder of profiles, each known by its file's name; the standard one is always there.
    pub profiles: Option<PathBuf>,
    /// How many days after its day a list and its plans are kept.
    #[serde(default = "keep_days")]
    pub keep_days: u16,
    /// How many connections at most.
    #[serde(default = "connections")]
    pub connections: usize,
    /// How plans are made.
    #[serde(default)]
    pub plans: Plans,
    /// The units.
    #[serde(rename = "unit")]
    pub units: Vec<UnitConfig>,
}

/// How plans are made, and how many may wait.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Plans {
    /// How many are made at once.
    pub at_once: usize,
    /// How many of one unit may wait.
    pub waiting_of_a_unit: u32,
    /// How many of all units may wait.
    pub waiting: u32,
    /// The longest search, in seconds.
    pub longest: u32,
    /// Threads for each.
    pub threads: u16,
    /// Memory for each, in MiB.
    pub memory: u32,
}

impl Default for Plans {
    fn default() -> Plans {
        Plans {
            at_once: 2,
            waiting_of_a_unit: 20,
            waiting: 200,
            longest: 300,
            threads: 1,
            memory: 4096,
        }
    }
}

/// A unit of the configuration.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct UnitConfig {
    /// Its name in tokens and files.
    pub id: UnitId,
}

fn listen() -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], 8080))
}

fn keep_days() -> u16 {
    14
}

fn connections() -> usize {
    512
}

impl Config {
    /// Reads the file.
    ///
    /// # Errors
    /// If it cannot be read or does not make sense; the message says where.
    pub fn read(path: &Path) -> anyhow::Result<Config> {
        let text = fs::read_to_string(path)
            .with_context(|| format!("oppsettet {} kan ikke leses", path.display()))?;
        let config: Config = toml::from_str(&text)
            .with_context(|| format!("oppsettet {} kan ikke brukes", path.display()))?;
        ensure!(!config.units.is_empty(), "oppsettet har ingen [[unit]]");
        ensure!(config.plans.at_once > 0, "plans.at-once må være minst 1");
        ensure!(config.plans.longest > 0, "plans.longest må være minst 1");
        Ok(config)
    }

    /// The names of the units.
    pub fn unit_ids(&self) -> Vec<UnitId> {
        self.units.iter().map(|unit| unit.id.clone()).collect()
    }

    /// Where the key lies.
    pub fn key_file(&self) -> PathBuf {
        self.key.clone().unwrap_or_else(|| self.data.join("key"))
    }

    /// The text of each profile by its name, every one read once to see that it makes sense.
    pub(crate) fn profile_texts(&self) -> anyhow::Result<BTreeMap<String, String>> {
        let mut profiles = BTreeMap::new();
        let Some(folder) = &self.profiles else { return Ok(profiles) };
        let entries = fs::read_dir(folder)
            .with_context(|| format!("mappen {} kan ikke leses", folder.display()))?;
        for entry in entries {
            let path = entry?.path();
            if path.extension().is_none_or(|kind| kind != "toml") {
                continue;
            }
            let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            let text = fs::read_to_string(&path)?;
            Policy::parse(&name, &text)
                .with_context(|| format!("profilen {} kan ikke brukes", path.display()))?;
            profiles.insert(name, text);
        }
        Ok(profiles)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_file_is_enough_and_a_misspelt_name_is_refused() {
        let text = "data = 'd'\nmap = 'm'\n[[unit]]\nid = 'gamle-oslo'\n";
        let config: Config = toml::from_str(text).unwrap();
        assert_eq!((config.keep_days, config.listen.port()), (14, 8080));
        assert_eq!(config.key_file(), Path::new("d/key"));
        assert!(toml::from_str::<Config>(&text.replace("map", "mapp")).is_err());
        assert!(toml::from_str::<Config>(&text.replace("gamle-oslo", "../etc")).is_err());
    }
}
