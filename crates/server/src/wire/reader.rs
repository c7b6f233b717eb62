//! Reads a JSON tree field by field and collects every fault on the way. The fields an object may
//! have are those its reader asks for; so each name is written once, and what is left over is
//! unknown. A reader gives `None` exactly where a fault has been told. Knows no field itself.

use std::cell::{Cell, RefCell};

use super::json::{Json, Member, Node};
use super::path::{Path, looks_like_a_name};
use super::wrong;
use crate::fault::{InputFault, Wrong};

/// A value of the body and where it stands; small enough to hand around.
#[derive(Clone, Copy)]
pub(crate) struct At<'p> {
    pub(crate) value: &'p Json<'p>,
    path: Path<'p>,
    id: Option<&'p str>,
    faults: &'p Faults,
}

/// The faults told so far about one item, or about the list itself.
#[derive(Default)]
pub(crate) struct Faults {
    told: RefCell<Vec<InputFault>>,
    full: Cell<bool>,
}

impl Faults {
    /// So many are told of one item; who has more begins with these.
    const MOST: usize = 50;

    pub(crate) fn into_vec(self) -> Vec<InputFault> {
        self.told.into_inner()
    }

    fn tell(&self, fault: impl FnOnce() -> InputFault) {
        if self.full.get() {
            return;
        }
        let mut told = self.told.borrow_mut();
        told.push(fault());
        if told.len() == Self::MOST {
            self.full.set(true);
            let first = told[0].pointer.clone();
            told.push(wrong::more_faults().at(first, None));
        }
    }
}

/// How many things a list may hold, and the code of the fault when there are more.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Most {
    pub(crate) number: usize,
    pub(crate) code: &'static str,
}

/// One entry of a list of things with ids, read as well as it could be.
#[derive(Clone, Debug)]
pub(crate) struct Item<T> {
    /// Its place in the list.
    pub(crate) index: usize,
    /// Its id.
    pub(crate) id: String,
    /// The thing, unless a fault stood in the way.
    pub(crate) value: Option<T>,
    /// What is wrong with it.
    pub(crate) faults: Vec<InputFault>,
}

impl<T> Item<T> {
    /// Whether nothing is wrong with it.
    pub(crate) fn is_good(&self) -> bool {
        self.faults.is_empty()
    }

    /// Tells a fault of one of its fields; `of` is the list it stands in.
    pub(crate) fn refuse(&mut self, of: &str, field: &str, wrong: Wrong) {
        self.faults.push(wrong.at(format!("/{of}/{}/{field}", self.index), Some(&self.id)));
    }

    /// Says which fault dragged the one along that was told last.
    pub(crate) fn caused_by(&mut self, pointer: String) {
        if let Some(fault) = self.faults.last_mut() {
            fault.caused_by = Some(pointer);
        }
    }
}

impl<'p> At<'p> {
    /// The whole body.
    pub(crate) fn root(value: &'p Json<'p>, faults: &'p Faults) -> At<'p> {
        At { value, path: Path::Root, id: None, faults }
    }

    /// Tells a fault here; gives the `None` that a reader returns then.
    pub(crate) fn refuse<T>(self, wrong: Wrong) -> Option<T> {
        self.faults.tell(|| wrong.at(self.path.pointer(), self.id));
        None
    }

    /// Reads an object by asking for its fields; then tells what is left over or stands twice.
    pub(crate) fn object<T>(self, read: impl FnOnce(&mut Fields<'_>) -> Option<T>) -> Option<T> {
        let (read, clean) = self.object_as_it_is(read)?;
        read.filter(|_| clean)
    }

    /// The same, but gives what was read whatever else stands there, and whether nothing else did.
    pub(crate) fn object_as_it_is<T>(
        self,
        read: impl FnOnce(&mut Fields<'_>) -> T,
    ) -> Option<(T, bool)> {
        let mut fields = self.fields()?;
        let read = read(&mut fields);
        let clean = fields.tell_leftovers() & fields.tell_duplicates();
        Some((read, clean))
    }

    fn fields(self) -> Option<Fields<'p>> {
        match &self.value.node {
            Node::Object(members) => Some(Fields { at: self, members, asked: Vec::new() }),
            _ => self.refuse(wrong::wrong_type(wrong::an_object())),
        }
    }

    /// Reads every element of a list; `None` if one of them is faulty.
    pub(crate) fn list<T>(self, read: impl Fn(At<'_>) -> Option<T>) -> Option<Vec<T>> {
        let all: Vec<Option<T>> = self
            .elements()?
            .iter()
            .enumerate()
            .map(|(index, value)| read(At { value, path: Path::Item(&self.path, index), ..self }))
            .collect();
        all.into_iter().collect()
    }

    /// Reads a list of things that carry their id in the field `id_name`. Each gets its own faults;
    /// an entry whose id cannot be read is a fault of the list, and is left out.
    pub(crate) fn items<T>(
        self,
        id_name: &'static str,
        most: Most,
        read: fn(&mut Fields<'_>) -> Option<T>,
    ) -> Option<Vec<Item<T>>> {
        let elements = self.elements()?;
        if elements.len() > most.number {
            return self.refuse(wrong::too_many(most.code, most.number));
        }
        let one = |(index, value)| {
            let path = Path::Item(&self.path, index);
            let id = At { value, path, ..self }.fields()?.must(id_name, super::values::text)?;
            let faults = Faults::default();
            let value = At { value, path, id: Some(&id), faults: &faults }.object(|fields| {
                fields.asked.push(id_name);
                read(fields)
            });
            let faults = faults.into_vec();
            Some(Item { index, id, value: value.filter(|_| faults.is_empty()), faults })
        };
        Some(elements.iter().enumerate().filter_map(one).collect())
    }

    /// Reads an object whose keys are the sender's own; `None` if one of its members is faulty. A pointer to
    /// one ends at the object where the key may be a person's.
    pub(crate) fn entries<T>(self, read: impl Fn(At<'_>) -> Option<T>) -> Option<Vec<(String, T)>> {
        let fields = self.fields()?;
        let once = fields.tell_duplicates();
        let one = |member: &Member<'_>| {
            let path = Path::Key(&self.path, &member.key);
            Some((member.key.to_string(), read(At { value: &member.value, path, ..self })?))
        };
        let all: Vec<Option<(String, T)>> = fields.members.iter().map(one).collect();
        all.into_iter().collect::<Option<_>>().filter(|_| once)
    }

    fn elements(self) -> Option<&'p [Json<'p>]> {
        match &self.value.node {
            Node::List(elements) => Some(elements),
            _ => self.refuse(wrong::wrong_type(wrong::a_list())),
        }
    }
}

/// An object that is being read.
pub(crate) struct Fields<'p> {
    at: At<'p>,
    members: &'p [Member<'p>],
    asked: Vec<&'static str>,
}

impl Fields<'_> {
    /// A field that must be there.
    pub(crate) fn must<T>(
        &mut self,
        name: &'static str,
        read: impl FnOnce(At<'_>) -> Option<T>,
    ) -> Option<T> {
        if !self.has(name) {
            let path = Path::Key(&self.at.path, name);
            return At { path, ..self.at }.refuse(wrong::missing_field(name));
        }
        self.may(name, read).flatten()
    }

    /// A field that may be absent: the inner `None`. The outer one says that it is there and faulty.
    pub(crate) fn may<T>(
        &mut self,
        name: &'static str,
        read: impl FnOnce(At<'_>) -> Option<T>,
    ) -> Option<Option<T>> {
        self.asked.push(name);
        let Some(member) = self.members.iter().find(|member| member.key == name) else {
            return Some(None);
        };
        let path = Path::Key(&self.at.path, name);
        read(At { value: &member.value, path, ..self.at }).map(Some)
    }

    /// The field `ext`, which may be anything and is handed back as it stands.
    pub(crate) fn ext(&mut self) -> Option<String> {
        self.may("ext", |at| Some(at.value.raw.to_owned())).flatten()
    }

    /// Whether the object has a field of that name.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.members.iter().any(|member| member.key == name)
    }

    /// Tells a fault about the object as a whole.
    pub(crate) fn refuse<T>(&self, wrong: Wrong) -> Option<T> {
        self.at.refuse(wrong)
    }

    /// Tells a fault about one field of it.
    pub(crate) fn refuse_field<T>(&self, name: &str, wrong: Wrong) -> Option<T> {
        At { path: Path::Key(&self.at.path, name), ..self.at }.refuse(wrong)
    }

    /// Tells each field that nobody asked for; whether there was none.
    fn tell_leftovers(&self) -> bool {
        let unknown = self.members.iter().filter(|member| !self.asked.contains(&&*member.key));
        // No more than can be told: looking for the nearest name is dear where there are thousands.
        let told = unknown.take(Faults::MOST + 1).map(|member| {
            let nearest = nearest(&member.key, &self.asked);
            self.refuse_field::<()>(&member.key, wrong::unknown_field(nearest))
        });
        told.count() == 0
    }

    /// Tells each key that stands twice; whether there was none.
    fn tell_duplicates(&self) -> bool {
        let mut keys: Vec<&str> = self.members.iter().map(|member| &*member.key).collect();
        keys.sort_unstable();
        let mut twice: Vec<&str> =
            keys.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| pair[0]).collect();
        twice.dedup();
        for key in &twice {
            self.refuse_field::<()>(key, wrong::duplicate_key());
        }
        twice.is_empty()
    }
}

/// The known name that the key was probably meant to be: at most a third of it is different.
fn nearest(key: &str, known: &[&'static str]) -> Option<&'static str> {
    if !looks_like_a_name(key) {
        return None;
    }
    let key = key.to_ascii_lowercase();
    known
        .iter()
        .map(|&name| (distance(&key, &name.to_ascii_lowercase()), name))
        .filter(|&(distance, name)| distance * 3 <= name.len())
        .min()
        .map(|(_, name)| name)
}

/// How many letters must be put in, taken out, changed or swapped with their neighbour to make one
/// word the other (optimal string alignment).
fn distance(one: &str, other: &str) -> usize {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    let mut rows = vec![(0..=other.len()).collect::<Vec<_>>()];
    for i in 1..=one.len() {
        let mut row = vec![i];
        for j in 1..=other.len() {
            let change = usize::from(one[i - 1] != other[j - 1]);
            let mut best =
                (row[j - 1] + 1).min(rows[i - 1][j] + 1).min(rows[i - 1][j - 1] + change);
            if i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1] {
                best = best.min(rows[i - 2][j - 2] + 1);
            }
            row.push(best);
        }
        rows.push(row);
    }
    rows[one.len()][other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::json::{Size, parse};
    use crate::wire::values::text;

    fn faults(body: &str, read: impl FnOnce(At<'_>)) -> Vec<(String, &'static str)> {
        let json = parse(body.as_bytes(), Size { values: 1000, depth: 9 }).unwrap();
        let faults = Faults::default();
        read(At::root(&json, &faults));
        faults.into_vec().into_iter().map(|fault| (fault.pointer, fault.code)).collect()
    }

    #[test]
    fn every_fault_of_an_object_is_told_at_once() {
        let told = faults(r#"{"a": 1, "c": "x", "c": "y", "extra": 0}"#, |at| {
            at.object(|fields| {
                let (a, b, c) =
                    (fields.must("a", text), fields.must("b", text), fields.may("c", text));
                Some((a?, b?, c?))
            });
        });
        let told: Vec<_> = told.iter().map(|(pointer, code)| (pointer.as_str(), *code)).collect();
        assert_eq!(
            told,
            [
                ("/a", "wrong-type"),
                ("/b", "missing-field"),
                ("/extra", "unknown-field"),
                ("/c", "duplicate-key")
            ]
        );
    }

    #[test]
    fn a_misspelt_field_gets_the_nearest_name() {
        let known = ["earliestStart", "latestStart", "id"];
        assert_eq!(nearest("latestStrat", &known), Some("latestStart"));
        assert_eq!(nearest("lateststart", &known), Some("latestStart"));
        assert_eq!(nearest("latest_start", &known), Some("latestStart"));
        assert_eq!(nearest("colour", &known), None);
        assert_eq!(nearest("Kari Nordmann", &known), None);
    }

    #[test]
    fn a_flood_of_faults_is_cut() {
        let body = format!(
            "{{{}}}",
            (0..500).map(|n| format!("\"k{n}\":1")).collect::<Vec<_>>().join(",")
        );
        let told = faults(&body, |at| {
            at.object(|_| Some(()));
        });
        assert_eq!(told.len(), Faults::MOST + 1);
        assert_eq!(told.last().unwrap().1, "more-faults");
    }
}
