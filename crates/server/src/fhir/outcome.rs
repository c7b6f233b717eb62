//! What is wrong, left out, or to be looked at, as the issues of an OperationOutcome. Repeats no value
//! of a list, as the faults that it is made of do not.

use hjemrute_solver::{Plan, VisitId, Warning};
use serde_json::{Value, json};

use super::{coded, named};
use crate::InputFault;
use crate::wire::indented;

/// Issues in the order in which they are told.
#[derive(Default)]
pub(super) struct Issues(Vec<Value>);

impl Issues {
    /// Everything of a list that is not in the plan.
    pub(super) fn of_rejected(
        rejected: &[(VisitId, Vec<InputFault>)],
        left_out: &[InputFault],
    ) -> Issues {
        let faults = rejected.iter().flat_map(|(_, faults)| faults).chain(left_out);
        Issues(faults.map(of_fault).collect())
    }

    /// The visits that nobody makes, and what a scheduler should look at.
    pub(super) fn add_plan(&mut self, plan: &Plan) {
        for out in &plan.unassigned {
            let code = out.reason.code.name();
            let text = &out.reason.detail.nb;
            self.0.push(issue("warning", "business-rule", "reason", code, text, Some(&out.visit)));
        }
        self.add_warnings(&plan.warnings);
    }

    /// What a scheduler should look at.
    pub(super) fn add_warnings(&mut self, warnings: &[Warning]) {
        for Warning { code, visit, detail, .. } in warnings {
            let of = visit.as_ref();
            self.0.push(issue("warning", "informational", "warning", code, &detail.nb, of));
        }
    }

    /// The resource; there is none without an issue.
    pub(super) fn resource(self) -> Option<Value> {
        let told = json!({"resourceType": "OperationOutcome", "issue": self.0});
        (!self.0.is_empty()).then_some(told)
    }
}

/// A failed request as an OperationOutcome: the `kind` is one of FHIR's issue types, the code and the
/// sentence ours, and the faults of a list follow.
pub fn outcome_json(kind: &str, code: &str, sentence: &str, faults: &[InputFault]) -> Vec<u8> {
    let mut issues = vec![issue("error", kind, "problem", code, sentence, None)];
    issues.extend(faults.iter().map(of_fault));
    indented(&json!({"resourceType": "OperationOutcome", "issue": issues}))
}

fn issue(
    severity: &str,
    kind: &str,
    system: &str,
    code: &str,
    text: &str,
    visit: Option<&VisitId>,
) -> Value {
    let mut issue = json!({"severity": severity, "code": kind,
        "details": {"coding": [coded(system, code)], "text": text}});
    if let Some(visit) = visit {
        issue["extension"] = json!([{"url": super::system("visit"),
            "valueIdentifier": named("visit", &visit.0)}]);
    }
    issue
}

fn of_fault(fault: &InputFault) -> Value {
    let InputFault { code, pointer, id, detail, fix, .. } = fault;
    let mut issue = issue("error", "invalid", "fault", code, &detail.nb, None);
    if let Some(id) = id {
        issue["extension"] = json!([{"url": super::system("entry"), "valueString": id}]);
    }
    issue["diagnostics"] = fix.nb.as_str().into();
    if !pointer.is_empty() {
        issue["expression"] = json!([path(pointer)]);
    }
    issue
}

/// A JSON pointer as a path of FHIR's: `/visits/3/window` is `visits[3].window`.
fn path(pointer: &str) -> String {
    let mut path = String::new();
    for step in pointer.split('/').skip(1) {
        if !step.is_empty() && step.bytes().all(|byte| byte.is_ascii_digit()) {
            path += &format!("[{step}]");
        } else {
            let dot = if path.is_empty() { "" } else { "." };
            path += &format!("{dot}{}", step.replace("~1", "/").replace("~0", "~"));
        }
    }
    path
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_pointer_becomes_a_path() {
        assert_eq!(super::path("/visits/3/skills/allOf/0"), "visits[3].skills.allOf[0]");
        assert_eq!(super::path("/day"), "day");
    }
}
