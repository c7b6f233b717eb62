//! `hjemrute map find`: looks an address up in a stored map, and tells what comes nearest where it is
//! not there.

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use hjemrute_osm::{AddressAnswer, AddressQuery, Candidate};
use serde_json::json;

use crate::plan::load_map_for;
use crate::report::BadInput;

/// Exit code where the map does not have exactly one such address.
const NOT_FOUND: u8 = 1;

/// What follows `hjemrute map find`.
#[derive(Args, Debug)]
pub(crate) struct FindArgs {
    /// Kartet
    roads: PathBuf,
    /// Adressen, som «Tøyengata 22 B, 0578»
    address: String,
    /// Bare i kommunen med dette nummeret, der kartet kjenner kommunene
    #[arg(long, value_name = "NUMMER")]
    municipality: Option<String>,
    /// Vis høyst så mange forslag
    #[arg(long, value_name = "ANTALL", default_value_t = 5)]
    most: usize,
    /// Skriv svaret som JSON
    #[arg(long)]
    json: bool,
}

/// Runs the subcommand; exit code 0 where there is exactly one such address, and 1 where there is not.
///
/// # Errors
/// If the map cannot be used or there is no house number in the address.
pub(crate) fn run(args: &FindArgs) -> anyhow::Result<ExitCode> {
    let roads = load_map_for(&args.roads, &[])?;
    let query = AddressQuery::parse(&args.address)
        .ok_or_else(|| BadInput("skriv gate og husnummer, som «Tøyengata 22 B, 0578»".into()))?;
    let query = AddressQuery { municipality: args.municipality.as_deref(), ..query };
    let (kind, words, candidates) = match roads.addresses().find(&query) {
        AddressAnswer::One(found) => ("found", "", vec![found]),
        AddressAnswer::Ambiguous(several) => {
            ("ambiguous", "Kartet har flere slike adresser langt fra hverandre:\n", several)
        }
        AddressAnswer::Unknown(_) => {
            let nearest = roads.addresses().candidates(&query, args.most);
            let words = match nearest[..] {
                [] => "Kartet har ikke adressen, og ingen som ligner.\n",
                _ => "Kartet har ikke adressen. Mente du:\n",
            };
            ("unknown", words, nearest)
        }
    };
    let answer = if args.json { as_json(kind, &candidates) } else { as_text(words, &candidates) };
    io::stdout().lock().write_all(answer.as_bytes())?;
    Ok(if kind == "found" { ExitCode::SUCCESS } else { ExitCode::from(NOT_FOUND) })
}

fn as_text(words: &str, candidates: &[Candidate]) -> String {
    let texts: Vec<String> = candidates.iter().map(Candidate::to_string).collect();
    let width = texts.iter().map(|text| text.chars().count()).max().unwrap_or_default();
    let lines = texts.iter().zip(candidates).map(|(text, candidate)| {
        let (sure, at) = (candidate.confidence(), candidate.position());
        let (lat, lon) = (at.lat_degrees(), at.lon_degrees());
        format!("{text:<width$}  {sure:>3} %  {lat:.6} N  {lon:.6} Ø\n")
    });
    [words.to_owned()].into_iter().chain(lines).collect()
}

fn as_json(kind: &str, candidates: &[Candidate]) -> String {
    let candidates: Vec<_> = candidates
        .iter()
        .map(|candidate| {
            let at = candidate.position();
            json!({
                "address": candidate.to_string(),
                "confidence": candidate.confidence(),
                "lat": at.lat_degrees(),
                "lon": at.lon_degrees(),
            })
        })
        .collect();
    format!("{:#}\n", json!({"answer": kind, "candidates": candidates}))
}
