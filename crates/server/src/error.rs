//! Why there is no plan, or no answer about one.

use std::fmt;

use hjemrute_solver::Breach;

use crate::InputFault;

/// Why a list has no plan. Says everything at once.
#[derive(Clone, Debug, PartialEq)]
pub enum PlanningError {
    /// What came in cannot be meant; every fault, and what to do about each.
    Refused(Vec<InputFault>),
    /// A plan was made that breaks a rule. It is withheld: a fault of the program, not of the list.
    Unsound(Vec<Breach>),
    /// A plan that was handed in breaks rules of its list, so that nothing true can be said of it.
    Broken(Vec<Breach>),
}

impl From<Vec<InputFault>> for PlanningError {
    fn from(faults: Vec<InputFault>) -> Self {
        PlanningError::Refused(faults)
    }
}

/// The faults or breaches as a scheduler reads them, in bokmål.
impl fmt::Display for PlanningError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PlanningError::Refused(faults) => {
                write!(f, "Listen kan ikke brukes som den er ({} feil):", faults.len())?;
                faults.iter().try_for_each(|fault| write!(f, "\n\n{fault}"))
            }
            PlanningError::Unsound(breaches) => {
                let count = breaches.len();
                write!(
                    f,
                    "Planen bryter {count} regler og er holdt tilbake; feilen er programmets:"
                )?;
                tell(f, breaches)
            }
            PlanningError::Broken(breaches) => {
                let count = breaches.len();
                write!(f, "Planen bryter {count} regler; rett den først:")?;
                tell(f, breaches)
            }
        }
    }
}

fn tell(f: &mut fmt::Formatter<'_>, breaches: &[Breach]) -> fmt::Result {
    let mut each = breaches.iter();
    each.try_for_each(|breach| write!(f, "\n  {}: {}", breach.rule, breach.detail.nb))
}

impl std::error::Error for PlanningError {}
