//! What is wrong with a list that came in, told to whoever sent it.

use hjemrute_solver::Said;

/// One thing that is wrong, with where it stands and what to do. Never holds a value from the list
/// beyond ids: a value in the wrong field may be a patient's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InputFault {
    /// A stable code in kebab-case.
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
