//! Reads a profile as it is sent: those figures of the standard one that are to be others. Names and kinds
//! are those of its file, what a figure may be is the solver's to say.

use std::sync::LazyLock;

use hjemrute_solver::{Policy, PolicyError};
use toml::{Table, Value};

use super::read::{Limits, read_whole};
use super::reader::{At, Fields};
use super::values::{finite, text};
use super::wrong::{self, Whole};
use crate::fault::InputFault;

/// Every figure that a profile can have, as the standard one has it.
static STANDARD: LazyLock<Table> = LazyLock::new(|| {
    let mut all: Table = Policy::STANDARD.parse().expect("the standard profile is tested");
    for free in ["worstIdle", "worstLate"] {
        all.entry(free).or_insert(Value::Integer(0));
    }
    all
});

/// Reads `{"weights": {…}}`: the whole profile, as its file would be.
///
/// # Errors
/// Everything that is wrong with it.
pub fn read_profile(body: &[u8], limits: &Limits) -> Result<String, Vec<InputFault>> {
    let mut profile = read_whole(body, limits, |fields| {
        fields.must("weights", |at| at.object(|fields| table(fields, &STANDARD)))
    })?;
    let mut faults = Vec::new();
    loop {
        let whole = profile.to_string();
        let wrong = match Policy::parse("", &whole) {
            Ok(_) if faults.is_empty() => return Ok(whole),
            Ok(_) => return Err(faults),
            Err(PolicyError::OutOfRange { field, least, most, .. }) => {
                // What else is wrong is told too.
                standard_again(&mut profile, field);
                let pointer = format!("/weights/{}", field.replace('.', "/"));
                wrong::number_out_of_range(least, most, Whole::No).at(pointer, None)
            }
            Err(PolicyError::WaitingDearerThanLateness) => {
                faults.push(wrong::waiting_too_dear().at("/weights/waiting", None));
                return Err(faults);
            }
            Err(PolicyError::Unreadable(_)) => {
                faults.push(wrong::wrong_type(wrong::an_object()).at("/weights", None));
                return Err(faults);
            }
        };
        faults.push(wrong);
    }
}

/// A table of the profile: what is sent, and as in the standard one what is not.
fn table(fields: &mut Fields<'_>, standard: &'static Table) -> Option<Table> {
    let mut all = Some(standard.clone());
    for (name, value) in standard {
        let sent = match value {
            Value::Table(_) if name == "skills" => fields.may(name, skills),
            Value::Table(parts) => {
                fields.may(name, |at| at.object(|fields| table(fields, parts)).map(Value::Table))
            }
            _ => fields.may(name, figure),
        };
        match (sent, &mut all) {
            (None, _) => all = None,
            (Some(Some(value)), Some(all)) => drop(all.insert(name.clone(), value)),
            _ => {}
        }
    }
    all
}

/// What each skill counts as besides itself.
fn skills(at: At<'_>) -> Option<Value> {
    let others = |at: At<'_>| {
        let names = at.list(text)?;
        Some(Value::Array(names.into_iter().map(Value::String).collect()))
    };
    Some(Value::Table(at.entries(others)?.into_iter().collect()))
}

/// A number, told again as it was sent: `150`, not `150.0`.
fn figure(at: At<'_>) -> Option<Value> {
    let number = finite(at)?;
    let is_whole = number.fract() == 0.0 && number.abs() < 1e15;
    Some(if is_whole { Value::Integer(number as i64) } else { Value::Float(number) })
}

/// Puts the standard profile's own figure in the place of one, named as `late.normal` is.
fn standard_again(profile: &mut Table, field: &str) {
    let (of, name) = field.split_once('.').map_or((None, field), |(of, name)| (Some(of), name));
    let (into, from) = match of {
        None => (Some(profile), Some(&*STANDARD)),
        Some(of) => (
            profile.get_mut(of).and_then(Value::as_table_mut),
            STANDARD.get(of).and_then(Value::as_table),
        ),
    };
    if let (Some(into), Some(value)) = (into, from.and_then(|from| from.get(name))) {
        into.insert(name.to_owned(), value.clone());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(weights: &str) -> Vec<(String, &'static str)> {
        let body = format!(r#"{{"weights": {weights}}}"#);
        let told = read_profile(body.as_bytes(), &Limits::SERVICE);
        told.unwrap_err().into_iter().map(|fault| (fault.pointer, fault.code)).collect()
    }

    #[test]
    fn what_is_not_sent_is_as_in_the_standard_profile() {
        let body = br#"{"weights": {"late": {"normal": 7.5}, "skills": {"nurse": ["helper"]}}}"#;
        let whole = read_profile(body, &Limits::SERVICE).unwrap();
        let own = Policy::parse("own", &whole).unwrap();
        let standard = Policy::standard();
        assert_eq!((own.late[2].0, own.late[1]), (75, standard.late[1]));
        assert_eq!(own.skills.len(), 1);
        let none = read_profile(br#"{"weights": {}}"#, &Limits::SERVICE).unwrap();
        assert_eq!(Policy::parse("standard", &none), Ok(standard));
    }

    #[test]
    fn everything_that_is_wrong_is_told_with_its_place() {
        let told = |pointer: &str, code| (format!("/weights/{pointer}"), code);
        assert_eq!(
            faults(r#"{"travle": 2, "late": {"normal": "5"}, "ways": 100, "skills": {"a": [1]}}"#),
            [
                told("late/normal", "wrong-type"),
                told("skills/a/0", "wrong-type"),
                told("ways", "wrong-type"),
                told("travle", "unknown-field"),
            ]
        );
        assert_eq!(
            faults(r#"{"ways": {"foot": 4, "car": 1e300}, "buffer": -1, "worstLate": 5000}"#),
            ["worstLate", "buffer", "ways/car", "ways/foot"]
                .map(|pointer| told(pointer, "number-out-of-range"))
        );
        assert_eq!(faults(r#"{"waiting": 3}"#), [told("waiting", "waiting-too-dear")]);
        let named = faults(r#"{"skills": {"Kari Nordmann": 1}}"#);
        assert_eq!(named, [told("skills", "wrong-type")]);
    }
}
