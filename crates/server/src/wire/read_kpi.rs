//! Reads the figures back that a `plan.json` tells of itself, for two plans to be held side by side.
//! The list behind the plan is not needed and not asked for; whether the plan is right, `check` says.

use hjemrute_solver::{Criticality, Kpi, Ratio, Spread, TimeUse};
use hjemrute_travel::{Metres, Mode, Seconds};

use super::json::Node;
use super::read::{Limits, read_whole, schema_version};
use super::reader::{At, Fields};
use super::values::{number, text, whole};
use crate::fault::InputFault;

/// What a plan says of itself.
#[derive(Clone, Debug)]
pub(crate) struct KpiRead {
    pub(crate) list_id: String,
    pub(crate) version: u32,
    pub(crate) kpi: Kpi,
}

/// Far more than a city's carers can work or drive in a day.
const MOST: f64 = 1e9;

/// Reads the figures of a plan, or tells everything that is wrong with them.
pub(crate) fn read_kpi(body: &[u8], limits: &Limits) -> Result<KpiRead, Vec<InputFault>> {
    read_whole(body, limits, plan)
}

fn plan(fields: &mut Fields<'_>) -> Option<KpiRead> {
    let schema = fields.must("schemaVersion", schema_version);
    let list_id = fields.must("listId", text);
    let version = fields.must("version", whole(0, u32::MAX));
    let kpi = fields.must("kpi", |at| at.object(figures));
    for other in [
        "planId",
        "made",
        "score",
        "replanned",
        "robustness",
        "bound",
        "gap",
        "workLists",
        "unassigned",
        "rejected",
        "warnings",
        "locations",
        "patients",
        "ext",
    ] {
        fields.may(other, |_| Some(()));
    }
    schema?;
    Some(KpiRead { list_id: list_id?, version: version?, kpi: kpi? })
}

fn figures(fields: &mut Fields<'_>) -> Option<Kpi> {
    let time = times(fields);
    let overtime = fields.must("overtimeMinutes", minutes);
    let unassigned = fields.must("unassigned", |at| by_criticality(at, whole(0, u32::MAX)));
    let late = fields.must("lateMinutes", |at| by_criticality(at, minutes));
    let primary = fields.must("primaryShare", ratio(10_000));
    let known = fields.must("knownShare", ratio(10_000));
    let carers_per_patient = fields.must("carersPerPatient", ratio(100));
    let visits_per_carer = fields.must("visitsPerCarer", |at| spread(at, whole(0, u32::MAX)));
    let work_per_carer = fields.must("workMinutesPerCarer", |at| spread(at, minutes));
    let way = fields.must("kmByMode", |at| by_mode(at, thousandths));
    let grams_co2e = fields.must("kgCo2eByMode", |at| by_mode(at, thousandths));
    for derived in ["shareOfPaid", "definitions"] {
        fields.may(derived, |_| Some(()));
    }
    Some(Kpi {
        time: time?,
        overtime: overtime?,
        way: way?.map(|metres| Metres(metres as i32)),
        grams_co2e: grams_co2e?,
        visits_per_carer: visits_per_carer?,
        work_per_carer: work_per_carer?,
        primary: primary?,
        known: known?,
        carers_per_patient: carers_per_patient?,
        late: late?,
        unassigned: unassigned?,
    })
}

fn times(fields: &mut Fields<'_>) -> Option<TimeUse> {
    let mut time = |name| fields.must(name, minutes);
    let [paid, visits] = [time("paidMinutes"), time("visitMinutes")];
    let [travel, access] = [time("travelMinutes"), time("accessMinutes")];
    let [waiting, breaks] = [time("waitingMinutes"), time("breakMinutes")];
    let slack = time("slackMinutes");
    Some(TimeUse {
        paid: paid?,
        visits: visits?,
        travel: travel?,
        access: access?,
        waiting: waiting?,
        breaks: breaks?,
        slack: slack?,
    })
}

/// Minutes of either sign, as whole seconds.
fn minutes(at: At<'_>) -> Option<Seconds> {
    const MOST_MINUTES: f64 = (i32::MAX / 60) as f64;
    number(-MOST_MINUTES, MOST_MINUTES)(at).map(|minutes| Seconds((minutes * 60.0).round() as i32))
}

/// Kilometres as metres, kilograms as grams.
fn thousandths(at: At<'_>) -> Option<i64> {
    number(0.0, f64::from(i32::MAX) / 1000.0)(at).map(|number| (number * 1000.0).round() as i64)
}

/// A quotient as so many parts of `scale`; `null` is a quotient of nothing.
fn ratio(scale: i64) -> impl Fn(At<'_>) -> Option<Ratio> {
    move |at| {
        if matches!(at.value.node, Node::Null) {
            return Some(Ratio::default());
        }
        let of = |number: f64| Ratio { of: (number * scale as f64).round() as i64, all: scale };
        number(0.0, MOST)(at).map(of)
    }
}

fn by_criticality<T: Copy>(at: At<'_>, read: impl Fn(At<'_>) -> Option<T>) -> Option<[T; 4]> {
    four(at, Criticality::ALL.map(Criticality::name), read)
}

fn by_mode<T: Copy>(at: At<'_>, read: impl Fn(At<'_>) -> Option<T>) -> Option<[T; 4]> {
    four(at, Mode::ALL.map(Mode::name), read)
}

/// An object with a value under each of the names.
fn four<T: Copy>(
    at: At<'_>,
    names: [&'static str; 4],
    read: impl Fn(At<'_>) -> Option<T>,
) -> Option<[T; 4]> {
    at.object(|fields| {
        let [one, two, three, four] = names.map(|name| fields.must(name, &read));
        Some([one?, two?, three?, four?])
    })
}

fn spread<T>(at: At<'_>, read: impl Fn(At<'_>) -> Option<T>) -> Option<Spread<T>> {
    at.object(|fields| {
        let [min, median, max] = ["min", "median", "max"].map(|name| fields.must(name, &read));
        Some(Spread { min: min?, median: median?, max: max? })
    })
}
