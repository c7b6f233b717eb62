//! What is wrong with a list that came in, told to whoever sent it.

use std::fmt;

use hjemrute_solver::Said;

/// One thing that is wrong, with where it stands and what to do. Never holds a value from the list
/// beyond ids: a value in the wrong field may be a patient's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InputFault {
    /// A stable code in kebab-case, one of [`FAULT_CODES`].
    pub code: &'static str,
    /// Where: a JSON pointer (RFC 6901) into the list as it came.
    pub pointer: String,
    /// The id of the visit, carer, patient or location, where it has one.
    pub id: Option<String>,
    /// What is wrong.
    pub detail: Said,
    /// What to do.
    pub fix: Said,
    /// The pointer of the fault that dragged this one along.
    pub caused_by: Option<String>,
}

/// Every code that a fault can have; `docs/FAULTS.md` says what each means and what to do.
pub const FAULT_CODES: &[&str] = &[
    "address-ambiguous",
    "address-unknown",
    "body-too-large",
    "break-infeasible",
    "coordinates-swapped",
    "day-out-of-range",
    "dragged-along",
    "duplicate-id",
    "duplicate-key",
    "duplicate-visit-id",
    "duration-out-of-range",
    "either-or",
    "impossible-dependency",
    "key-mismatch",
    "malformed-csv",
    "malformed-json",
    "missing-field",
    "more-faults",
    "not-on-map",
    "null-island",
    "number-out-of-range",
    "other-unit",
    "outside-area",
    "overlap-mismatch",
    "personal-id-detected",
    "published-plan-differs",
    "published-plan-missing",
    "pin-infeasible",
    "shift-empty",
    "skills-each-mismatch",
    "text-malformed",
    "time-malformed",
    "time-zone-unknown",
    "too-deep",
    "too-many-carers",
    "too-many-values",
    "too-many-visits",
    "unknown-field",
    "unknown-reference",
    "unknown-value",
    "vehicle-taken-twice",
    "version-unknown",
    "waiting-too-dear",
    "window-empty",
    "wrong-type",
];

/// Every code that a warning of a plan can have; they too are in `docs/FAULTS.md`.
pub const WARNING_CODES: &[&str] = &[
    "break-short",
    "cut-off",
    "daily-rest-short",
    "day-too-long",
    "dst-fold-first",
    "dst-gap-shifted",
    "no-carers",
    "no-visits",
    "possible-duplicate-visit",
    "rejected-carer",
    "snapped-far",
    "time-critical-late",
];

/// What is wrong and what to do about it, before it is known where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Wrong {
    pub(crate) code: &'static str,
    pub(crate) detail: Said,
    pub(crate) fix: Said,
}

impl Wrong {
    /// A fault's code, what is wrong, and what to do, each sentence in English and bokmål.
    pub(crate) fn new(code: &'static str, detail: Said, fix: Said) -> Wrong {
        debug_assert!(FAULT_CODES.contains(&code), "`{code}` is not on the closed list");
        Wrong { code, detail, fix }
    }

    /// The fault, at that place of the list.
    pub(crate) fn at(self, pointer: impl Into<String>, id: Option<&str>) -> InputFault {
        let Wrong { code, detail, fix } = self;
        let id = id.map(str::to_owned);
        InputFault { code, pointer: pointer.into(), id, detail, fix, caused_by: None }
    }
}

/// The fault as a scheduler reads it, in bokmål, on three lines.
impl fmt::Display for InputFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = if self.pointer.is_empty() { "/" } else { &self.pointer };
        write!(f, "{place}")?;
        if let Some(id) = &self.id {
            write!(f, " ({id})")?;
        }
        write!(f, ": {}\n  {}\n  → {}", self.code, self.detail.nb, self.fix.nb)
    }
}
