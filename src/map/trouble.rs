//! What can be wrong with a map, in bokmål. What only helps whoever looks into the file stays as it was
//! told, in parentheses.

use std::io::ErrorKind;

use hjemrute_osm::Error;

/// What is wrong, and what to do.
pub(crate) fn trouble(error: &Error) -> String {
    match error {
        Error::File { path, source } if source.kind() == ErrorKind::NotFound => {
            format!("filen eller mappen {} finnes ikke", path.display())
        }
        Error::File { path, source } => format!("{}: {source}", path.display()),
        Error::Pbf { offset: 0, what } => {
            format!("det er ingen .osm.pbf-fil ({what}); `osmium cat` gjør XML om til en")
        }
        Error::Pbf { offset, what } => {
            format!("den er skadet ved byte {offset} ({what}); hent uttrekket på nytt")
        }
        Error::NoRoads { nodes, ways } => format!(
            "det er ingen veier i området ({nodes} noder, {ways} veier); velg et annet område"
        ),
        Error::NothingToDraw => "det er ingenting å tegne i området; velg et annet".into(),
        Error::TooLarge { kilometres, mode } => format!(
            "det er for stort, {kilometres} km vei for {mode}; behold området som trengs med --clip"
        ),
        Error::Profile(what) => format!("den kan ikke forstås: {what}"),
        Error::Register { path, line, what } => match line {
            0 => format!("adressefilen {} passer ikke ({what})", path.display()),
            line => format!("adressefilen {}, linje {line}, forstås ikke ({what})", path.display()),
        },
        Error::Clip(what) => format!("det er ingen flate i GeoJSON ({what})"),
        Error::Store { what, .. } => {
            format!("det er ikke som det skal ({what}); lag det på nytt med `hjemrute map build`")
        }
    }
}
