//! The JSON of the unified home healthcare problem (iolab-uniud/uhhc), whose instances say
//! themselves what each component of the objective weighs, or that it must be nothing. A service
//! becomes a visit; of a patient with several, each is tied to the one before it by a gap, somebody
//! else makes it, and all of them are made or none. One of our seconds is a unit of the file.
//!
//! Each component is a price of the profile. What must be nothing is forbidden where the model can say so
//! (lateness, overtime, strangers, incompatible or unqualified caregivers, missed lunches, patients who
//! must be visited), and else as dear as can be.

mod file;
mod read;
mod tours;

use hjemrute_solver::{Instance, Plan};
use hjemrute_travel::Tables;

use crate::InstanceError;

/// A problem that was read: the day, and what its answer is written and priced with.
#[derive(Clone, Debug)]
pub struct Uhhc {
    /// The day: one visit for each service of each patient, one carer for each caregiver.
    pub instance: Instance,
    /// The ways between the rows of the file's distances, which are the day's places.
    pub tables: Tables,
    file: file::Problem,
}

/// What a plan is worth: the sum, and each component's amount times its weight.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Objective {
    /// The sum of the components.
    pub cost: i64,
    /// By the names of the format: the amount, and what it costs.
    pub components: Vec<(&'static str, i64, i64)>,
}

impl Uhhc {
    /// Reads a problem.
    ///
    /// # Errors
    /// If it is not of the format, or asks for something that the model cannot express.
    pub fn read(text: &[u8]) -> Result<Uhhc, InstanceError> {
        let file = file::parse(text)?;
        let (instance, tables) = read::day(&file)?;
        Ok(Uhhc { instance, tables, file })
    }

    /// What the plan is worth, added up from the answer as it is written.
    pub fn objective(&self, plan: &Plan) -> Objective {
        tours::objective(self, &tours::tours(self, plan))
    }

    /// The answer as the authors write it: each caregiver's services and lunch.
    pub fn answer(&self, plan: &Plan) -> Vec<u8> {
        tours::write(&tours::tours(self, plan))
    }
}
