//! The travel tables: one for each profile that a vehicle uses, over all rows of the matrices. Each
//! profile is carried by one of our modes, which are names for tables and nothing more here.

use std::collections::{BTreeMap, BTreeSet};

use hjemrute_travel::{Leg, Metres, Mode, Seconds, Table, Tables};

use super::file::{Matrix, Problem};
use super::read::LONGEST;
use crate::InstanceError;

/// Which mode carries which profile.
pub(super) fn modes(problem: &Problem) -> Result<BTreeMap<&str, Mode>, InstanceError> {
    let profiles: BTreeSet<&str> =
        problem.vehicles.iter().map(|vehicle| vehicle.profile()).collect();
    if profiles.len() > Mode::ALL.len() {
        return Err(InstanceError::Unsupported {
            at: "vehicles".into(),
            field: "profile".into(),
            fix: "use no more than four profiles",
        });
    }
    Ok(profiles.into_iter().zip(Mode::ALL).collect())
}

/// The tables of the profiles, and over how many places they are.
pub(super) fn tables(
    problem: &Problem,
    modes: &BTreeMap<&str, Mode>,
) -> Result<(usize, Tables), InstanceError> {
    let mut places = None;
    let mut tables = Tables::new();
    for (name, mode) in modes {
        let matrix = problem.matrices.get(*name).ok_or_else(|| InstanceError::Wrong {
            at: "matrices".into(),
            field: "durations",
            what: format!("of the profile `{name}` are missing; travel times must be given"),
        })?;
        let size = *places.get_or_insert(matrix.durations.len());
        check(&matrix.durations, size, name, "durations")?;
        if let Some(distances) = &matrix.distances {
            check(distances, size, name, "distances")?;
        }
        tables = tables.with(*mode, table(matrix, size));
    }
    Ok((places.unwrap_or(0), tables))
}

/// Square, as large as the others, countable, and nothing from a place to itself.
fn check(
    rows: &[Vec<u32>],
    size: usize,
    name: &str,
    field: &'static str,
) -> Result<(), InstanceError> {
    let wrong =
        |what: String| Err(InstanceError::Wrong { at: format!("matrices.{name}"), field, what });
    if rows.len() != size || rows.iter().any(|row| row.len() != size) {
        return wrong(format!("must be {size} rows of {size} values, as in the other matrices"));
    }
    for (from, row) in rows.iter().enumerate() {
        if row[from] != 0 {
            return wrong(format!("must have 0 in row {from}, column {from}"));
        }
        if let Some(to) = row.iter().position(|value| i64::from(*value) > LONGEST) {
            return wrong(format!(
                "must be at most {LONGEST}, but row {from}, column {to} is more"
            ));
        }
    }
    Ok(())
}

fn table(matrix: &Matrix, size: usize) -> Table {
    Table::from_fn(size, |from, to| {
        let cell = |rows: &Vec<Vec<u32>>| rows[from.index()][to.index()] as i32;
        Some(Leg {
            seconds: Seconds(cell(&matrix.durations)),
            metres: Metres(matrix.distances.as_ref().map_or(0, cell)),
        })
    })
}
