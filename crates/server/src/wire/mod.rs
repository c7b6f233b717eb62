//! The contract's words: reads a visit list into what it says, strictly and with every fault at
//! once; writes an answer as `plan.json` and reads such a file again. Nobody outside knows JSON.

mod asked;
mod bound;
mod change;
mod changes;
mod comparison;
mod figures;
mod geojson;
mod json;
mod left_out;
mod list;
mod new_visit;
mod path;
mod personal;
mod plan;
mod read;
mod read_hand;
mod read_kpi;
mod read_plan;
mod read_profile;
mod read_told;
mod reader;
mod robustness;
mod spreadsheet;
mod told;
mod values;
mod ways;
mod work_list;
mod wrong;

pub use asked::{by_hand_json, explained_json, suggested_json, tried_json};
pub use change::changed_list;
pub use changes::changes_json;
pub use comparison::comparison_json;
pub use geojson::work_list_geojson;
pub use left_out::accepted_json;
pub use path::looks_like_a_name;
pub use plan::{plan_json, work_list_json};
pub use read::Limits;
pub use read_hand::is_by_hand;
pub use read_profile::read_profile;
pub use robustness::robustness_json;
pub use spreadsheet::list_of_csv;
pub use told::{breaches_json, checked_json, faults_json};
pub use ways::work_list_ways;

pub(crate) use list::{
    Address, Carer, HelperPart, IntakeMode, List, PublishedPlan, Span, Visit, Where, Window,
};
pub(crate) use new_visit::{Frame, pointer as pointer_of_new};
pub(crate) use read::read_list;
pub(crate) use read_hand::{read_moves, read_roster};
pub(crate) use read_kpi::{KpiRead, read_kpi};
pub(crate) use read_plan::{PlanRead, read_plan, read_published};
pub(crate) use read_told::{ToldPlan, read_told};
pub(crate) use reader::Item;
pub(crate) use told::json as indented;
pub(crate) use values::WallTime;
pub use values::wall_minutes;
