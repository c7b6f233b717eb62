//! A visit list as a spreadsheet writes it: rows of one file, each saying first what it is (`list`,
//! `location`, `patient`, `visit`, `carer`). A row that begins with `kind` names the columns of those
//! below it, by the fields of the contract with dots between (`window.earliestStart`). The last row is
//! `end`: a file that was cut off on its way would else be a smaller list, and nobody would know. Makes
//! the list in JSON of it, which is then read as any other: what a field may hold is not known here.

use csv::{ByteRecord, ReaderBuilder};
use hjemrute_solver::Said;
use serde_json::{Map, Number, Value};

use crate::fault::{InputFault, Wrong};

/// What a row can be, and where it goes.
const KINDS: [(&str, &str); 4] =
    [("location", "locations"), ("patient", "patients"), ("visit", "visits"), ("carer", "carers")];

/// Fields that hold a number.
const NUMBERS: [&str; 14] = [
    "version",
    "lat",
    "lon",
    "accessMinutes",
    "number",
    "durationMinutes",
    "carers",
    "minutes",
    "minMinutes",
    "maxMinutes",
    "distinctLast14d",
    "seats",
    "workloadMinutes",
    "setupMinutes",
];

/// Fields that hold `true` or `false`.
const FLAGS: [&str; 2] = ["paid", "distinctCarers"];

/// Fields that hold several texts, with `|` between.
const LISTS: [&str; 6] = ["allOf", "anyOf", "noneOf", "known", "avoid", "skills"];

/// Fields inside each other.
const DEPTH: usize = 4;

/// The list in JSON that the rows of a file are.
///
/// # Errors
/// If the rows do not make one: the first thing that is wrong, by its line.
pub fn list_of_csv(body: &[u8]) -> Result<Vec<u8>, Vec<InputFault>> {
    let body = body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body);
    let first = body.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let delimiter = if first.contains(&b';') { b';' } else { b',' };
    let mut reader = ReaderBuilder::new();
    let mut reader =
        reader.has_headers(false).flexible(true).delimiter(delimiter).from_reader(body);
    let (mut list, mut columns) = (empty(), Vec::new());
    let (mut row, mut is_whole) = (ByteRecord::new(), false);
    loop {
        let line = reader.position().line();
        let refused = |why| vec![malformed(line, why)];
        match reader.read_byte_record(&mut row) {
            Ok(false) if is_whole => break,
            Ok(false) => return Err(refused(Why::Cut)),
            Ok(true) if row.iter().all(|cell| cell.trim_ascii().is_empty()) => {}
            Ok(true) if is_whole => return Err(refused(Why::More)),
            Ok(true) if row.iter().next().is_some_and(|kind| kind.trim_ascii() == b"end") => {
                is_whole = true;
            }
            Ok(true) => add(&mut list, &mut columns, &row).map_err(refused)?,
            Err(_) => return Err(refused(Why::Row)),
        }
    }
    serde_json::to_vec(&list).map_err(|_| vec![malformed(1, Why::Row)])
}

fn empty() -> Map<String, Value> {
    KINDS.iter().map(|(_, many)| ((*many).to_owned(), Value::Array(Vec::new()))).collect()
}

/// Why a row cannot be used.
#[derive(Clone, Copy)]
enum Why {
    Row,
    Text,
    Kind,
    Column,
    Cells,
    Cut,
    More,
}

/// Adds a row to the list, or takes it as the names of the columns below.
fn add(
    list: &mut Map<String, Value>,
    columns: &mut Vec<Vec<String>>,
    row: &ByteRecord,
) -> Result<(), Why> {
    let cells: Result<Vec<&str>, _> = row.iter().map(std::str::from_utf8).collect();
    let cells = cells.map_err(|_| Why::Text)?;
    let Some((kind, cells)) = cells.split_first() else { return Ok(()) };
    match kind.trim() {
        "kind" => {
            *columns = cells.iter().map(|cell| path(cell)).collect::<Result<_, _>>()?;
            Ok(())
        }
        "list" => {
            list.append(&mut entry(columns, cells)?);
            Ok(())
        }
        kind => {
            let (_, many) = KINDS.iter().find(|(one, _)| *one == kind).ok_or(Why::Kind)?;
            let entry = entry(columns, cells)?;
            match list.get_mut(*many) {
                Some(Value::Array(entries)) => entries.push(entry.into()),
                _ => return Err(Why::Column),
            }
            Ok(())
        }
    }
}

/// The names in a column's head; none for a column without one.
fn path(cell: &str) -> Result<Vec<String>, Why> {
    let steps: Vec<String> = cell.trim().split('.').map(str::to_owned).collect();
    if cell.trim().is_empty() {
        return Ok(Vec::new());
    }
    let is_good = steps.len() <= DEPTH && steps.iter().all(|step| !step.is_empty());
    if is_good { Ok(steps) } else { Err(Why::Column) }
}

/// What a row says; an empty cell says nothing.
fn entry(columns: &[Vec<String>], cells: &[&str]) -> Result<Map<String, Value>, Why> {
    let mut entry = Map::new();
    for (at, cell) in cells.iter().map(|cell| cell.trim()).enumerate() {
        if cell.is_empty() {
            continue;
        }
        let (name, way) = columns.get(at).and_then(|path| path.split_last()).ok_or(Why::Cells)?;
        let mut inner = &mut entry;
        for step in way {
            let next = inner.entry(step).or_insert_with(|| Map::new().into());
            inner = next.as_object_mut().ok_or(Why::Column)?;
        }
        if inner.insert(name.clone(), value(name, cell)).is_some() {
            return Err(Why::Column);
        }
    }
    Ok(entry)
}

/// A cell as its field wants it. What is no number or flag stays a text, and is told as a wrong type
/// by whoever reads the list.
fn value(name: &str, cell: &str) -> Value {
    if LISTS.contains(&name) {
        return cell.split('|').map(|word| word.trim().to_owned()).collect();
    }
    let number = NUMBERS.contains(&name).then(|| number(cell)).flatten();
    let flag = match cell {
        "true" | "ja" if FLAGS.contains(&name) => Some(true),
        "false" | "nei" if FLAGS.contains(&name) => Some(false),
        _ => None,
    };
    let known = number.map(Value::Number).or(flag.map(Value::Bool));
    known.unwrap_or_else(|| cell.to_owned().into())
}

/// A number with a point or a comma; `NaN`, `inf` and `1e999` are none.
fn number(cell: &str) -> Option<Number> {
    let plain = cell.replacen(',', ".", 1);
    let digits = plain.strip_prefix('-').unwrap_or(&plain);
    let is_plain = digits.len() <= 20
        && digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
        && digits.split('.').all(|part| !part.is_empty());
    if !is_plain {
        return None;
    }
    serde_json::from_str(&plain).ok()
}

fn malformed(line: u64, why: Why) -> InputFault {
    let (en, nb) = match why {
        Why::Row => ("the row cannot be read", "raden kan ikke leses"),
        Why::Text => ("the row is not UTF-8", "raden er ikke UTF-8"),
        Why::Kind => (
            "the first cell is not kind, list, location, patient, visit, carer or end",
            "den første cellen er ikke kind, list, location, patient, visit, carer eller end",
        ),
        Why::Column => (
            "a column's name is not a field, or stands twice",
            "et kolonnenavn er ikke et felt eller står to ganger",
        ),
        Why::Cells => ("a cell has no column", "en celle mangler kolonne"),
        Why::Cut => (
            "the file ends without a row `end`, and may have been cut off",
            "filen slutter uten en rad `end`, og kan være avkuttet",
        ),
        Why::More => ("there is more after the row `end`", "det står mer etter raden `end`"),
    };
    let detail = Said::new(format!("Line {line}: {en}."), format!("Linje {line}: {nb}."));
    let fix = Said::new(
        "Write the rows as docs/API.md has them.",
        "Skriv radene slik docs/API.md viser.",
    );
    Wrong::new("malformed-csv", detail, fix).at("", None)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn read(text: &str) -> Value {
        serde_json::from_slice(&list_of_csv(text.as_bytes()).unwrap()).unwrap()
    }

    #[test]
    fn rows_become_a_list() {
        let text = "\u{feff}kind;listId;version\nlist;monday;3\n\n\
            kind;id;position.lat;position.lon\nlocation;BASE;59,91;10.7\n\
            kind;id;window.earliestStart;skills.allOf;carers\nvisit;v1;07:45;a|b;2\nvisit;v2;;;NaN\nend;\n\n";
        assert_eq!(
            read(text),
            json!({"listId": "monday", "version": 3, "patients": [], "carers": [],
                "locations": [{"id": "BASE", "position": {"lat": 59.91, "lon": 10.7}}],
                "visits": [
                    {"id": "v1", "window": {"earliestStart": "07:45"},
                        "skills": {"allOf": ["a", "b"]}, "carers": 2},
                    {"id": "v2", "carers": "NaN"}]})
        );
        assert_eq!(read("kind,id,break.paid\nvisit,\"v;1\",ja\nend")["visits"][0]["id"], "v;1");
    }

    #[test]
    fn what_makes_no_list_is_told_by_its_line() {
        for (text, line) in [
            ("visit;v1\n", 1),
            ("kind;id\nvist;v1\n", 2),
            ("kind;id;id\nvisit;v1;v2\n", 2),
            ("kind;a;a.b\nvisit;1;2\n", 2),
            ("kind;a..b\n", 1),
            ("kind;a.b.c.d.e\n", 1),
            ("kind;id\nvisit;v1;more\n", 2),
            ("kind;visits\nlist;x\nkind;id\nvisit;v1\n", 4),
            ("kind;id\nvisit;v1\n", 3),
            ("kind;id\nvisit;v1\nen", 3),
            ("kind;id\nend\nvisit;v1\n", 3),
        ] {
            let faults = list_of_csv(text.as_bytes()).unwrap_err();
            assert_eq!(faults[0].code, "malformed-csv");
            assert!(faults[0].detail.en.starts_with(&format!("Line {line}:")), "{text}");
        }
        assert!(list_of_csv(b"kind;id\nvisit;\xff\n").is_err());
    }

    proptest! {
        #[test]
        fn no_bytes_crash_it(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            let _ = list_of_csv(&bytes);
        }

        #[test]
        fn no_rows_crash_it(text in "(kind|visit|list|carer)(;(id|a\\.b|skills|carers|x|9|1e999|\"|\n(kind|visit|list|end)))*") {
            if let Ok(list) = list_of_csv(text.as_bytes()) {
                prop_assert!(serde_json::from_slice::<Value>(&list).is_ok());
            }
        }
    }
}
