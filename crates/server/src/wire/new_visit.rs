//! One new visit beside a list that was read before: the visit as the contract has it, with a patient
//! of the list or a new one written out in its place, and a location likewise. It becomes a small
//! list of its own, with what of the whole one it leans on, that is taken in as any other.

use std::collections::{BTreeMap, BTreeSet};

use super::json::{Json, Node};
use super::read::{Limits, read_json};
use super::wrong;
use crate::fault::InputFault;

/// A list in its parts, each entry as it was written.
#[derive(Debug)]
pub(crate) struct Frame {
    /// What stands around the lists.
    around: Vec<(String, String)>,
    locations: BTreeMap<String, Entry>,
    patients: BTreeMap<String, Entry>,
    visits: BTreeMap<String, Entry>,
    carers: BTreeMap<String, Entry>,
}

/// An entry of a list, and the ids of others that it names.
#[derive(Clone, Debug, Default)]
struct Entry {
    text: String,
    names: BTreeMap<&'static str, String>,
}

/// What of the header a small list needs too.
const AROUND: [&str; 7] =
    ["schemaVersion", "listId", "version", "unit", "day", "timeZone", "vehicles"];

impl Frame {
    /// The list in `body`, without the visits and carers that are not `kept`.
    ///
    /// # Errors
    /// If the body is no JSON; a list that was taken in is.
    pub(crate) fn of(
        body: &[u8],
        limits: &Limits,
        kept: impl Fn(&str) -> bool,
    ) -> Result<Frame, Vec<InputFault>> {
        let json = read_json(body, limits)?;
        let around = AROUND
            .iter()
            .filter_map(|name| Some(((*name).to_owned(), member(&json, name)?.raw.to_owned())));
        Ok(Frame {
            around: around.collect(),
            locations: entries(&json, "locations", "id", &["keyAt"]),
            patients: entries(&json, "patients", "ref", &["location"]),
            visits: entries(&json, "visits", "id", &["patient", "after"]),
            carers: {
                let mut carers = entries(&json, "carers", "ref", &["start", "end"]);
                carers.retain(|carer, _| kept(carer));
                carers
            },
        })
    }

    /// The small list that has the visit in `body` first, and its id. Pointers into it are told as
    /// pointers into `body` by [`pointer()`].
    ///
    /// # Errors
    /// If `body` is no JSON object with an id, or has the id of a visit of the list.
    pub(crate) fn with(
        &self,
        body: &[u8],
        limits: &Limits,
    ) -> Result<(String, Vec<u8>), Vec<InputFault>> {
        let json = read_json(body, limits)?;
        let Some(id) = member(&json, "id").and_then(text) else {
            return Err(vec![wrong::missing_field("id").at("", None)]);
        };
        if self.visits.contains_key(id) {
            return Err(vec![wrong::visit_is_there().at("/id", Some(id))]);
        }
        let Node::Object(members) = &json.node else { return Err(Vec::new()) };
        let patient = members.iter().find(|member| member.key == "patient").map(|it| &it.value);
        let new_patient = patient.filter(|it| matches!(it.node, Node::Object(_)));
        let new_location = new_patient.and_then(|patient| member(patient, "location"));
        let new_location = new_location.filter(|it| matches!(it.node, Node::Object(_)));
        let visit = written(&json, "patient", new_patient, "ref");
        let first = Entry {
            text: visit,
            names: named(
                &json,
                &["patient", "after"],
                new_patient.and_then(|it| member(it, "ref")),
            ),
        };
        let mut small = Small::of(self);
        if let Some(patient) = new_patient {
            let location = new_location.and_then(|it| member(it, "id"));
            let names = named(patient, &["location"], location);
            let text = written(patient, "location", new_location, "id");
            small.patient(Entry { text, names });
        }
        if let Some(location) = new_location {
            let names = named(location, &["keyAt"], None);
            small.location(Entry { text: location.raw.to_owned(), names });
        }
        small.visit(first);
        for carer in self.carers.values() {
            small.carer(carer);
        }
        Ok((id.to_owned(), small.written()))
    }
}

/// A pointer into a small list as one into the visit that it was made of.
pub(crate) fn pointer(of_small: &str) -> String {
    let kinds =
        [("/visits/0", ""), ("/patients/0", "/patient"), ("/locations/0", "/patient/location")];
    let found = kinds.iter().find_map(|(small, own)| {
        let rest = of_small.strip_prefix(small)?;
        (rest.is_empty() || rest.starts_with('/')).then(|| format!("{own}{rest}"))
    });
    found.unwrap_or_default()
}

/// A small list being put together; what an entry names comes along.
struct Small<'f> {
    frame: &'f Frame,
    taken: BTreeSet<String>,
    locations: Vec<String>,
    patients: Vec<String>,
    visits: Vec<String>,
    carers: Vec<String>,
}

impl<'f> Small<'f> {
    fn of(frame: &'f Frame) -> Small<'f> {
        let [locations, patients, visits, carers] = [const { Vec::new() }; 4];
        Small { frame, taken: BTreeSet::new(), locations, patients, visits, carers }
    }

    fn visit(&mut self, entry: Entry) {
        self.visits.push(entry.text);
        let frame = self.frame;
        if let Some(patient) = self.new_of("p", entry.names.get("patient"), &frame.patients) {
            self.patient(patient);
        }
        if let Some(before) = self.new_of("v", entry.names.get("after"), &frame.visits) {
            self.visit(before);
        }
    }

    fn patient(&mut self, entry: Entry) {
        self.patients.push(entry.text);
        let frame = self.frame;
        if let Some(location) = self.new_of("l", entry.names.get("location"), &frame.locations) {
            self.location(location);
        }
    }

    fn location(&mut self, entry: Entry) {
        self.locations.push(entry.text);
        let frame = self.frame;
        if let Some(key) = self.new_of("l", entry.names.get("keyAt"), &frame.locations) {
            self.location(key);
        }
    }

    fn carer(&mut self, entry: &Entry) {
        self.carers.push(entry.text.clone());
        let frame = self.frame;
        for base in ["start", "end"] {
            if let Some(location) = self.new_of("l", entry.names.get(base), &frame.locations) {
                self.location(location);
            }
        }
    }

    /// The entry that is named, the first time it is.
    fn new_of(
        &mut self,
        kind: &str,
        name: Option<&String>,
        among: &BTreeMap<String, Entry>,
    ) -> Option<Entry> {
        let name = name?;
        let entry = among.get(name)?;
        self.taken.insert(format!("{kind} {name}")).then(|| entry.clone())
    }

    fn written(self) -> Vec<u8> {
        let Small { frame, locations, patients, visits, carers, .. } = self;
        let kinds = [
            ("locations", locations),
            ("patients", patients),
            ("visits", visits),
            ("carers", carers),
        ];
        let lists = kinds.map(|(kind, entries)| format!("\"{kind}\":[{}]", entries.join(",")));
        let around = frame.around.iter().map(|(key, text)| format!("\"{key}\":{text}"));
        format!("{{{}}}", around.chain(lists).collect::<Vec<_>>().join(",")).into_bytes()
    }
}

fn entries(
    json: &Json<'_>,
    kind: &str,
    id_name: &str,
    names: &[&'static str],
) -> BTreeMap<String, Entry> {
    let Some(Node::List(list)) = member(json, kind).map(|list| &list.node) else {
        return BTreeMap::new();
    };
    let entry = |json: &Json<'_>| {
        let id = member(json, id_name).and_then(text)?;
        let names = named(json, names, None);
        Some((id.to_owned(), Entry { text: json.raw.to_owned(), names }))
    };
    list.iter().filter_map(entry).collect()
}

/// The ids that an entry names; `first` stands for the first of them where that is written out.
fn named(
    json: &Json<'_>,
    names: &[&'static str],
    first: Option<&Json<'_>>,
) -> BTreeMap<&'static str, String> {
    let id = |name: &&'static str| {
        let value = match *name {
            "after" => member(member(json, "gap")?, "after")?,
            name if name == names[0] && first.is_some() => first?,
            name => member(json, name)?,
        };
        Some((*name, text(value)?.to_owned()))
    };
    names.iter().filter_map(id).collect()
}

/// The object as it was written, but where `field` is written out only its id.
fn written(json: &Json<'_>, field: &str, new: Option<&Json<'_>>, id_name: &str) -> String {
    let Node::Object(members) = &json.node else { return json.raw.to_owned() };
    let fields = members.iter().map(|it| {
        let key = serde_json::to_string(&it.key).expect("a text is JSON");
        let id = new.filter(|_| it.key == field).and_then(|new| member(new, id_name));
        format!("{key}:{}", id.unwrap_or(&it.value).raw)
    });
    format!("{{{}}}", fields.collect::<Vec<_>>().join(","))
}

fn member<'j, 'b>(json: &'j Json<'b>, name: &str) -> Option<&'j Json<'b>> {
    match &json.node {
        Node::Object(members) => Some(&members.iter().find(|it| it.key == name)?.value),
        _ => None,
    }
}

fn text<'j>(json: &'j Json<'_>) -> Option<&'j str> {
    match &json.node {
        Node::Text(text) => Some(text),
        _ => None,
    }
}
