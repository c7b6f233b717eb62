//! What a state makes other than patients were told by a published plan, and whether that is more than
//! may be. Knows no prices: those are the windows' and the pairs'.

use std::collections::BTreeSet;

use super::State;
use crate::problem::JobId;

impl State<'_> {
    /// The patients who get less than they were promised: nobody, somebody else or another time.
    pub(crate) fn disturbed(&self) -> BTreeSet<u32> {
        let disturbed = |id: &JobId| {
            let job = self.problem.job(*id);
            let Some(promised) = &job.promised else { return false };
            let window = self.agreed.window[id.ix()] as usize;
            let other = |task| self.route_of(task).is_none_or(|who| !promised.contains(&who));
            self.problem.windows[window].moved || job.tasks().any(other)
        };
        let jobs = self.problem.job_ids().filter(disturbed);
        jobs.map(|id| self.problem.job(id).patient).collect()
    }

    /// Whether no more patients are disturbed than may be.
    pub(crate) fn keeps_limit(&self) -> bool {
        self.problem.limit.as_ref().is_none_or(|limit| {
            let disturbed = self.disturbed();
            disturbed.iter().filter(|patient| !limit.forced[**patient as usize]).count()
                <= limit.most
        })
    }
}
