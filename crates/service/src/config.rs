//! What the operator decides: one file, read at the start. A name in it that is not known is refused.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};
use hjemrute_server::{Belonging, ListUnit};
use hjemrute_solver::Policy;
use jiff::ToSpan;
use jiff::civil::Date;
use serde::Deserialize;

use crate::auth::Scope;
use crate::store::Database;

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
    /// A PostgreSQL server that keeps the units instead, for several machines that share the work:
    /// `postgres://…`. The key must then be the same for all. Over a network the server must prove who it is
    /// (`sslmode=verify-full`, by `sslrootcert`), unless the address says otherwise.
    pub postgres: Option<String>,
    /// The stored map.
    pub map: PathBuf,
    /// The map to look at, as `hjemrute map tiles` makes it; absent: the page shows work lists without one.
    pub tiles: Option<PathBuf>,
    /// A folder with `theme.css` and what it names: the municipality's own colours, typeface and logo.
    pub theme: Option<PathBuf>,
    /// The file with the key; absent: `key` in the data folder.
    pub key: Option<PathBuf>,
    /// A folder of profiles, each known by its file's name; the standard one is always there.
    pub profiles: Option<PathBuf>,
    /// How many days after its day a list and its plans are kept.
    #[serde(default = "keep_days")]
    pub keep_days: u16,
    /// So many days before today a list may be for; absent: any.
    pub days_back: Option<u16>,
    /// So many days after today a list may be for; absent: any.
    pub days_ahead: Option<u16>,
    /// How many connections at most.
    #[serde(default = "connections")]
    pub connections: usize,
    /// How plans are made.
    #[serde(default)]
    pub plans: Plans,
    /// The service's address as callers know it, with the proxy in front: `https://…`, no slash at the
    /// end. Needed where proofs of possession (DPoP) are.
    pub external_url: Option<String>,
    /// The units.
    #[serde(rename = "unit")]
    pub units: Vec<UnitConfig>,
    /// Whose signed tokens are believed, beside the service's own.
    #[serde(default, rename = "issuer")]
    pub issuers: Vec<IssuerConfig>,
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
    /// The `municipalityNumber` of its lists; a list that says another is refused.
    pub municipality: Option<String>,
    /// The `urbanDistrict` of its lists; a list that says another is refused.
    pub district: Option<String>,
    /// A folder that is watched for lists.
    pub folder: Option<PathBuf>,
    /// The profile that its lists are read by, and its plans made with where none is said: of the operator's,
    /// or one that the unit makes for itself, which holds once it is there. Absent: the standard one.
    pub profile: Option<String>,
}

/// Somebody whose signed tokens are believed: HelseID, Maskinporten, Entra ID.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct IssuerConfig {
    /// How it is called in the access log.
    pub name: String,
    /// The claim `iss`, letter by letter.
    pub iss: String,
    /// The claim `aud`, letter by letter; a token that is for others too is refused.
    pub audience: String,
    /// The file with its public keys, a JWK set. It is read again when it has changed.
    pub keys: PathBuf,
    /// Whether only tokens that are bound to a key are taken (DPoP, RFC 9449).
    #[serde(default)]
    pub dpop: bool,
    /// What the head may have as `typ`; an empty name is none.
    #[serde(default = "types")]
    pub types: Vec<String>,
    /// The claim with the scopes: a list, or a text with spaces.
    #[serde(default = "scope_claim")]
    pub scope_claim: String,
    /// What each of the issuer's scopes stands for; absent: they have our names.
    #[serde(default)]
    pub scopes: BTreeMap<String, Vec<Scope>>,
    /// The claims that say in the access log who it was. Never one with a national identity number.
    #[serde(default = "who")]
    pub who: Vec<String>,
    /// Whose tokens are for which unit.
    #[serde(rename = "grant")]
    pub grants: Vec<GrantConfig>,
}

/// Whose tokens are for a unit.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct GrantConfig {
    /// The unit.
    pub unit: UnitId,
    /// Claims that the token must have, all of them; in a list of the token's it is enough to stand.
    pub claims: toml::Table,
    /// No more than these scopes, whatever the token says.
    pub scopes: Option<Vec<Scope>>,
}

fn types() -> Vec<String> {
    ["at+jwt", "JWT"].map(str::to_owned).to_vec()
}

fn scope_claim() -> String {
    "scope".to_owned()
}

fn who() -> Vec<String> {
    vec!["client_id".to_owned()]
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
        // Each machine would make a key of its own.
        ensure!(
            config.postgres.is_none() || config.key.is_some(),
            "postgres trenger key, den samme på alle maskiner"
        );
        if let Some(address) = &config.postgres {
            Database::server(address).context("postgres er ikke en adresse som kan brukes")?;
        }
        config.see_issuers()?;
        Ok(config)
    }

    /// Sees that the issuers make sense together.
    fn see_issuers(&self) -> anyhow::Result<()> {
        for (number, issuer) in self.issuers.iter().enumerate() {
            let name = &issuer.name;
            ensure!(
                UnitId::parse(name).is_some(),
                "en issuer heter noe med små bokstaver og sifre"
            );
            let twice = self.issuers[..number].iter().any(|before| before.iss == issuer.iss);
            ensure!(!twice, "{name}: en annen issuer har samme iss");
            ensure!(!issuer.audience.is_empty(), "{name}: audience er tom");
            ensure!(!issuer.who.is_empty(), "{name}: who er tom");
            ensure!(
                !issuer.dpop || self.external_url.is_some(),
                "{name}: dpop trenger external-url"
            );
            for grant in &issuer.grants {
                let is_known = self.units.iter().any(|unit| unit.id == grant.unit);
                ensure!(is_known, "{name}: oppsettet har ingen enhet {}", grant.unit);
                // Without one, every token of the issuer would be for the unit.
                ensure!(!grant.claims.is_empty(), "{name}: en grant er uten claims");
            }
        }
        Ok(())
    }

    /// The names of the units.
    pub fn unit_ids(&self) -> Vec<UnitId> {
        self.units.iter().map(|unit| unit.id.clone()).collect()
    }

    /// What a list of the unit must be to be taken today.
    pub(crate) fn belonging(&self, unit: &UnitId, today: Date) -> Belonging {
        let unit = self.units.iter().find(|known| known.id == *unit);
        let off = |days: Option<u16>| days.map(|days| i64::from(days).days());
        Belonging {
            unit: ListUnit {
                municipality: unit.and_then(|unit| unit.municipality.clone()),
                district: unit.and_then(|unit| unit.district.clone()),
            },
            first: off(self.days_back).and_then(|days| today.checked_sub(days).ok()),
            last: off(self.days_ahead).and_then(|days| today.checked_add(days).ok()),
        }
    }

    /// The name of the profile that a unit goes by where nothing else is said.
    pub(crate) fn usual_profile(&self, unit: &UnitId) -> &str {
        let unit = self.units.iter().find(|known| known.id == *unit);
        unit.and_then(|unit| unit.profile.as_deref()).unwrap_or("standard")
    }

    /// Where the key lies.
    pub fn key_file(&self) -> PathBuf {
        self.key.clone().unwrap_or_else(|| self.data.join("key"))
    }

    /// Where the units are kept.
    pub(crate) fn database(&self) -> anyhow::Result<Database> {
        match &self.postgres {
            Some(address) => Database::server(address),
            None => Ok(Database::Files(self.data.clone())),
        }
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
    fn a_database_server_elsewhere_must_prove_who_it_is() {
        let address = |text| match Database::server(text).unwrap() {
            Database::Server(address) => address,
            Database::Files(_) => panic!("a server"),
        };
        let verified = |text: &str| format!("{text}sslmode=verify-full");
        assert_eq!(address("postgres://h@db.no/h"), verified("postgres://h@db.no/h?"));
        let hopeful = "postgres://h@db.no/h?sslmode=prefer";
        assert_eq!(address(hopeful), verified(&format!("{hopeful}&")));
        for as_it_is in [
            "postgres://h@%2Frun%2Fpostgresql/h",
            "postgres://h@localhost/h",
            "postgres://h@db.no/h?sslmode=disable",
            "postgres://h@db.no/h?sslmode=verify-full&sslrootcert=/etc/ca.pem",
        ] {
            assert_eq!(address(as_it_is), as_it_is);
        }
        assert!(Database::server("mysql://h@db.no/h").is_err());
        assert!(Database::server("postgres://h@db.no/h?sslmode=perhaps").is_err());
    }

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
