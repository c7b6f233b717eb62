//! The day's changes: a short body that names only what is new is laid over a whole list, and gives
//! the whole list of the next version, which is then read as any other. An entry of the change stands
//! for the entry with its id: the fields it names take the place of the old ones, `null` takes a field
//! away, an id that is not on the list is a new entry, and `remove` names entries that go.

use std::collections::{BTreeMap, BTreeSet};

use super::json::{Json, Member, Node};
use super::read::{Limits, read_json, schema_version};
use super::reader::{At, Faults, Fields};
use super::values::{text, whole};
use super::wrong;
use crate::fault::InputFault;

/// The lists of a list, and by which field their entries are known.
const KINDS: [(&str, &str); 4] =
    [("locations", "id"), ("patients", "ref"), ("visits", "id"), ("carers", "ref")];

/// A field as it was written.
type Field = (String, String);

/// What a change says of one of the lists.
#[derive(Default)]
struct Entries {
    named: BTreeMap<String, Vec<Field>>,
    removed: BTreeSet<String>,
}

struct Change {
    version: u32,
    kinds: Vec<Entries>,
}

/// Lays the change over the list in `body`; the result is a list in one line.
///
/// # Errors
/// Everything that is wrong with the form of the change, with pointers into the change.
pub fn changed_list(
    body: &[u8],
    change: &[u8],
    limits: &Limits,
) -> Result<Vec<u8>, Vec<InputFault>> {
    let (body, change) = (read_json(body, limits)?, read_json(change, limits)?);
    let faults = Faults::default();
    let read = At::root(&change, &faults).object(read_change);
    let faults = faults.into_vec();
    match (read, &body.node) {
        (Some(change), Node::Object(members)) if faults.is_empty() => {
            apply(members, change).map(String::into_bytes)
        }
        _ => Err(faults),
    }
}

fn read_change(fields: &mut Fields<'_>) -> Option<Change> {
    let schema = fields.must("schemaVersion", schema_version);
    let version = fields.must("version", whole(0, u32::MAX));
    let named = KINDS.map(|(kind, id)| fields.may(kind, |at| at.list(|at| entry(at, id))));
    let removed = fields.may("remove", |at| {
        at.object(|fields| {
            let removed = KINDS.map(|(kind, _)| fields.may(kind, |at| at.list(text)));
            removed.into_iter().collect::<Option<Vec<_>>>()
        })
    });
    schema?;
    let named = named.into_iter().collect::<Option<Vec<_>>>()?;
    let removed = removed?.unwrap_or_else(|| vec![None; KINDS.len()]);
    let kinds = named.into_iter().zip(removed).map(|(named, removed)| Entries {
        named: named.unwrap_or_default().into_iter().collect(),
        removed: removed.unwrap_or_default().into_iter().collect(),
    });
    Some(Change { version: version?, kinds: kinds.collect() })
}

/// An entry's id and its fields. Whether the fields make sense is seen when the whole list is read.
fn entry(at: At<'_>, id_name: &'static str) -> Option<(String, Vec<Field>)> {
    let Node::Object(members) = &at.value.node else {
        return at.refuse(wrong::wrong_type(wrong::an_object()));
    };
    let mut keys = BTreeSet::new();
    if !members.iter().all(|member| keys.insert(&member.key)) {
        return at.refuse(wrong::duplicate_key());
    }
    let id = id_of(at.value, id_name).or_else(|| at.refuse(wrong::missing_field(id_name)))?;
    Some((id.to_owned(), members.iter().map(field).collect()))
}

fn id_of<'a>(entry: &'a Json<'_>, id_name: &str) -> Option<&'a str> {
    let Node::Object(members) = &entry.node else { return None };
    match &members.iter().find(|member| member.key == id_name)?.value.node {
        Node::Text(id) => Some(id),
        _ => None,
    }
}

fn field(member: &Member<'_>) -> Field {
    (member.key.to_string(), member.value.raw.to_owned())
}

fn apply(members: &[Member<'_>], change: Change) -> Result<String, Vec<InputFault>> {
    let Change { version, mut kinds } = change;
    let mut faults = Vec::new();
    let mut fields: Vec<Field> = Vec::new();
    for member in members {
        let kind = KINDS.iter().position(|(kind, _)| member.key == *kind);
        let text = match (kind, &member.value.node) {
            (Some(kind), Node::List(old)) => {
                let new = std::mem::take(&mut kinds[kind]);
                merged(old, new, KINDS[kind], &mut faults)
            }
            _ if member.key == "version" => version.to_string(),
            _ => member.value.raw.to_owned(),
        };
        fields.push((member.key.to_string(), text));
    }
    if faults.is_empty() { Ok(object(&fields)) } else { Err(faults) }
}

/// The entries of one list after the change, in their old order, new ones last.
fn merged(
    old: &[Json<'_>],
    new: Entries,
    (kind, id_name): (&str, &str),
    faults: &mut Vec<InputFault>,
) -> String {
    let Entries { mut named, mut removed } = new;
    let mut entries: Vec<String> = Vec::new();
    for entry in old {
        let id = id_of(entry, id_name).unwrap_or_default();
        if removed.remove(id) {
            continue;
        }
        let changed = named.remove(id).map(|fields| overlaid(entry, fields));
        entries.push(changed.unwrap_or_else(|| entry.raw.to_owned()));
    }
    entries.extend(named.into_values().map(|fields| overlaid_on(Vec::new(), fields)));
    let unknown =
        removed.iter().map(|id| wrong::unknown_entry(kind).at(format!("/remove/{kind}"), Some(id)));
    faults.extend(unknown);
    format!("[{}]", entries.join(","))
}

fn overlaid(entry: &Json<'_>, fields: Vec<Field>) -> String {
    let Node::Object(members) = &entry.node else { return entry.raw.to_owned() };
    overlaid_on(members.iter().map(field).collect(), fields)
}

fn overlaid_on(mut entry: Vec<Field>, fields: Vec<Field>) -> String {
    for (key, text) in fields {
        match entry.iter_mut().find(|(old, _)| *old == key) {
            Some((_, old)) => *old = text,
            None => entry.push((key, text)),
        }
    }
    entry.retain(|(_, text)| text != "null");
    object(&entry)
}

fn object(fields: &[Field]) -> String {
    let member = |(key, text): &Field| {
        let key = serde_json::to_string(key).expect("a text is JSON");
        format!("{key}:{text}")
    };
    format!("{{{}}}", fields.iter().map(member).collect::<Vec<_>>().join(","))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: &str = r#"{"schemaVersion":"1.0","listId":"l","version":1,"ext":{"a":[1]},
        "locations":[],"patients":[{"ref":"p1"}],"carers":[{"ref":"c1","shift":1}],
        "visits":[{"id":"v1","durationMinutes":20,"window":{}},{"id":"v2"},{"id":"v3"}]}"#;

    fn changed(change: &str) -> Result<String, Vec<(String, &'static str)>> {
        let changed = changed_list(LIST.as_bytes(), change.as_bytes(), &Limits::SERVICE);
        let text = changed.map(|bytes| String::from_utf8(bytes).unwrap());
        text.map_err(|faults| faults.into_iter().map(|it| (it.pointer, it.code)).collect())
    }

    #[test]
    fn a_change_is_laid_over_the_list_entry_by_entry() {
        let change = r#"{"schemaVersion":"1.0","version":2,"remove":{"visits":["v2"]},
            "visits":[{"id":"v1","durationMinutes":30,"window":null},{"id":"v9","carers":2}]}"#;
        let expected = r#"{"schemaVersion":"1.0","listId":"l","version":2,"ext":{"a":[1]},"#
            .to_owned()
            + r#""locations":[],"patients":[{"ref":"p1"}],"carers":[{"ref":"c1","shift":1}],"#
            + r#""visits":[{"id":"v1","durationMinutes":30},{"id":"v3"},{"id":"v9","carers":2}]}"#;
        assert_eq!(changed(change), Ok(expected));
    }

    #[test]
    fn what_is_wrong_with_a_change_is_told_with_its_place() {
        let told = |change: &str| changed(change).unwrap_err();
        assert_eq!(told("{}").iter().map(|it| it.1).collect::<Vec<_>>(), ["missing-field"; 2]);
        let gone = r#"{"schemaVersion":"1.0","version":2,"remove":{"carers":["c7"]}}"#;
        assert_eq!(told(gone), [("/remove/carers".to_owned(), "unknown-reference")]);
        let nameless = r#"{"schemaVersion":"1.0","version":2,"visits":[{"carers":1}],"extra":1}"#;
        assert_eq!(
            told(nameless),
            [("/visits/0".to_owned(), "missing-field"), ("/extra".to_owned(), "unknown-field")]
        );
    }
}
