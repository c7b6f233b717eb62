//! The bound of a plan, as `plan.json` has it: written and read.

use hjemrute_solver::{Bound, Certificate, Cost, Relaxation, VisitId, VisitPrice};
use serde::Serialize;

use super::reader::Fields;
use super::values::{integer, one_of, text};

/// The bound with its certificate, in tenths of a weighted second.
#[derive(Serialize)]
pub(super) struct BoundFile<'a> {
    total: i64,
    relaxes: Vec<&'static str>,
    certificate: CertificateFile<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CertificateFile<'a> {
    left_out: [i64; 3],
    time_critical_late: i64,
    visits: Vec<PriceFile<'a>>,
    carers: &'a [i64],
}

#[derive(Serialize)]
struct PriceFile<'a> {
    visit: &'a str,
    pays: &'a [i64],
    remembers: Vec<&'a str>,
}

impl<'a> BoundFile<'a> {
    pub(super) fn of(bound: &'a Bound) -> BoundFile<'a> {
        let Bound { total, relaxes, certificate } = bound;
        let Certificate { lines, late, visits, carers } = certificate;
        let price = |price: &'a VisitPrice| PriceFile {
            visit: &price.visit.0,
            pays: &price.pays,
            remembers: price.remembers.iter().map(|visit| visit.0.as_str()).collect(),
        };
        BoundFile {
            total: total.0,
            relaxes: relaxes.iter().map(|relaxation| relaxation.name()).collect(),
            certificate: CertificateFile {
                left_out: *lines,
                time_critical_late: *late,
                visits: visits.iter().map(price).collect(),
                carers,
            },
        }
    }
}

/// Reads a bound.
pub(super) fn read(fields: &mut Fields<'_>) -> Option<Bound> {
    let names = Relaxation::ALL.map(|relaxation| (relaxation.name(), relaxation));
    let total = fields.must("total", integer);
    let relaxes = fields.must("relaxes", |at| at.list(one_of(&names)));
    let certificate = fields.must("certificate", |at| at.object(certificate));
    Some(Bound { total: Cost(total?), relaxes: relaxes?, certificate: certificate? })
}

fn certificate(fields: &mut Fields<'_>) -> Option<Certificate> {
    let lines = fields.must("leftOut", |at| at.list(integer));
    let late = fields.must("timeCriticalLate", integer);
    let visits = fields.must("visits", |at| at.list(|at| at.object(price)));
    let carers = fields.must("carers", |at| at.list(integer));
    // A list of another length proves nothing, which is told where it is added up.
    let lines = lines?.try_into().unwrap_or([-1; 3]);
    Some(Certificate { lines, late: late?, visits: visits?, carers: carers? })
}

fn price(fields: &mut Fields<'_>) -> Option<VisitPrice> {
    let visit = fields.must("visit", text).map(VisitId);
    let pays = fields.must("pays", |at| at.list(integer));
    let remembers = fields.must("remembers", |at| at.list(|at| text(at).map(VisitId)));
    Some(VisitPrice { visit: visit?, pays: pays?, remembers: remembers? })
}
