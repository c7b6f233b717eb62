//! A list or a plan as HL7 FHIR R4 has it: a Bundle of Appointments, the besøksplan of each patient as
//! a CarePlan, the making of the plan as a Task, and everything that is wrong or left out as an
//! OperationOutcome. Ids are the sender's pseudonyms under systems of our own, never national numbers; the
//! unit is told as no-basis 2.2 has it. What the standard has no element for (minutes between visits) is an
//! extension of ours. The words of the contract are `wire`'s.

mod outcome;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use hjemrute_solver::{
    Carer, CarerRef, Criticality, Instance, Plan, Status, Stop, Visit, VisitId, VisitStop,
};
use hjemrute_travel::Time;
use serde_json::{Value, json};

use crate::answer::{Echo, ListUnit, Made, Service};
use crate::intake::Taken;
use crate::{Answer, Day};
use outcome::Issues;
pub use outcome::outcome_json;

/// The plan as a Bundle.
pub fn plan_fhir(answer: &Answer) -> Vec<u8> {
    let Answer { list_id, version, day, instance, plan, rejected, left_out, .. } = answer;
    let mut issues = Issues::of_rejected(rejected, left_out);
    issues.add_plan(plan);
    let list = Listed { id: list_id, version: *version, echo: &answer.echo };
    Told::of(list, day, instance, Some((plan, &answer.made))).bundle(issues)
}

/// A list that was taken in, before it is planned, as a Bundle.
pub(crate) fn list_fhir(taken: &Taken) -> Vec<u8> {
    let Taken { list_id, version, day, instance, echo, rejected, left_out, warnings, .. } = taken;
    let mut issues = Issues::of_rejected(rejected, left_out);
    issues.add_warnings(warnings);
    let list = Listed { id: list_id, version: *version, echo };
    Told::of(list, day, instance, None).bundle(issues)
}

/// Which list it is, and what it carried along.
#[derive(Clone, Copy)]
struct Listed<'a> {
    id: &'a str,
    version: u32,
    echo: &'a Echo,
}

/// What a bundle is made of.
struct Told<'a> {
    list: Listed<'a>,
    day: &'a Day,
    instance: &'a Instance,
    /// Each visit that is made: its stop on the first of its work lists, and by whom.
    made: BTreeMap<&'a VisitId, (&'a VisitStop, Vec<&'a CarerRef>)>,
    plan: Option<&'a Plan>,
    by: Option<&'a Made>,
}

impl<'a> Told<'a> {
    fn of(
        list: Listed<'a>,
        day: &'a Day,
        instance: &'a Instance,
        planned: Option<(&'a Plan, &'a Made)>,
    ) -> Told<'a> {
        let (plan, by) = planned.unzip();
        let mut made: BTreeMap<_, (_, Vec<_>)> = BTreeMap::new();
        for list in plan.iter().flat_map(|plan| &plan.work_lists) {
            for stop in &list.stops {
                if let Stop::Visit(stop) = stop {
                    made.entry(&stop.visit).or_insert((stop, Vec::new())).1.push(&list.carer);
                }
            }
        }
        Told { list, day, instance, made, plan, by }
    }

    fn bundle(&self, issues: Issues) -> Vec<u8> {
        let Instance { places, visits, carers, .. } = self.instance;
        let mut patients: BTreeMap<&str, Vec<&Visit>> = BTreeMap::new();
        for visit in visits {
            patients.entry(&visit.patient.0).or_default().push(visit);
        }
        let mut entries = Vec::new();
        let mut add = |of: &str, id: &str, resource: Value| {
            entries.push(json!({"fullUrl": url(of, id), "resource": resource}));
        };
        if let Some(unit) = organization(&self.list.echo.unit) {
            add("unit", "unit", unit);
        }
        for patient in patients.keys() {
            let resource =
                json!({"resourceType": "Patient", "identifier": [named("patient", patient)]});
            add("patient", patient, resource);
        }
        for place in places {
            let (id, at) = (place.id.0.as_str(), place.position);
            let position = json!({"longitude": at.lon_degrees(), "latitude": at.lat_degrees()});
            let resource = json!({"resourceType": "Location", "identifier": [named("location", id)],
                "position": position});
            add("location", id, resource);
        }
        for carer in carers {
            let id = &carer.id.0;
            let identifier = [named("carer", id)];
            add("person", id, json!({"resourceType": "Practitioner", "identifier": identifier}));
            add("carer", &carer.id.0, self.carer(carer));
        }
        for visit in visits {
            add("visit", &visit.id.0, self.appointment(visit));
        }
        if self.plan.is_some() {
            for (patient, visits) in &patients {
                add("visit-plan", patient, self.care_plan(patient, visits));
            }
        }
        if let Some(made) = self.by {
            add("task", self.list.id, self.task(made));
        }
        if let Some(outcome) = issues.resource() {
            add("outcome", self.list.id, outcome);
        }
        let mut bundle = json!({
            "resourceType": "Bundle", "type": "collection",
            "meta": {"versionId": self.list.version.to_string()},
            "identifier": named("list", self.list.id),
            "entry": entries,
        });
        if let Some(extracted) = self.list.echo.extracted {
            bundle["timestamp"] = extracted.to_string().into();
        }
        super::wire::indented(&bundle)
    }

    /// The making of the plan: of which list, by what, and what it costs.
    fn task(&self, made: &Made) -> Value {
        let said = |of: &str| json!({"coding": [coded("task", of)]});
        let mut inputs = vec![
            json!({"type": said("profile"), "valueString": made.profile}),
            json!({"type": said("seed"), "valueString": made.seed.to_string()}),
            json!({"type": said("iterations"), "valueString": made.iterations.to_string()}),
            json!({"type": said("map"), "valueString": made.map}),
        ];
        let seconds = made.seconds.map(|it| json!({"type": said("seconds"), "valueDecimal": it}));
        inputs.extend(seconds);
        let score = self.plan.map(|plan| plan.score.total.0.to_string());
        json!({
            "resourceType": "Task", "identifier": [named("task", self.list.id)],
            "status": "completed", "intent": "order", "code": said("plan"),
            "focus": {"type": "Bundle", "identifier": named("list", self.list.id)},
            "input": inputs,
            "output": [{"type": said("score"), "valueString": score}],
        })
    }

    fn carer(&self, carer: &Carer) -> Value {
        let skills: Vec<_> = carer
            .skills
            .iter()
            .map(|skill| json!({"coding": [coded("skill", &skill.0)]}))
            .collect();
        let mut resource = json!({
            "resourceType": "PractitionerRole", "active": true,
            "identifier": [named("carer", &carer.id.0)],
            "practitioner": reference("person", &carer.id.0),
            "period": self.period(carer.shift_start, carer.shift_end),
            "availableTime": [self.available(carer.shift_start, carer.shift_end)],
            "location": [reference("location", &self.instance.places[carer.start.index()].id.0)],
        });
        if !skills.is_empty() {
            resource["code"] = skills.into();
        }
        if organization(&self.list.echo.unit).is_some() {
            resource["organization"] = json!({"reference": url("unit", "unit")});
        }
        resource
    }

    /// The hours of a shift, on the day of the week that it begins on.
    fn available(&self, from: Time, until: Time) -> Value {
        let clock = |time: Time| self.day.instant(time).strftime("%H:%M:%S").to_string();
        let day = self.day.instant(from).strftime("%a").to_string().to_lowercase();
        json!({"daysOfWeek": [day], "availableStartTime": clock(from), "availableEndTime": clock(until)})
    }

    fn appointment(&self, visit: &Visit) -> Value {
        let made = self.made.get(&visit.id);
        let place = &self.instance.places[visit.place.index()].id.0;
        let mut participants = vec![
            json!({"actor": reference("patient", &visit.patient.0), "required": "required", "status": "accepted"}),
            json!({"actor": reference("location", place), "required": "required", "status": "accepted"}),
        ];
        let carers = made.map(|(_, carers)| &**carers).unwrap_or_default();
        participants.extend(carers.iter().map(|carer| {
            json!({"type": [performer()], "actor": reference("carer", &carer.0),
                "required": "required", "status": "accepted"})
        }));
        let missing = visit.carers().saturating_sub(carers.len());
        participants.extend((0..missing).map(
            |_| json!({"type": [performer()], "required": "required", "status": "needs-action"}),
        ));
        let windows: Vec<_> = visit
            .windows
            .iter()
            .map(|window| self.period(window.earliest, window.latest))
            .collect();
        let mut resource = json!({
            "resourceType": "Appointment", "identifier": [named("visit", &visit.id.0)],
            "status": if visit.status == Status::Cancelled { "cancelled" }
                else if made.is_some() { "booked" } else { "proposed" },
            "minutesDuration": (visit.duration.0 + 59) / 60,
            "priority": priority(visit.criticality),
            "participant": participants,
        });
        if let Some(service) = self.list.echo.services.get(&visit.id.0) {
            resource["serviceType"] = json!([{"coding": [coding(service)]}]);
        }
        if !windows.is_empty() {
            resource["requestedPeriod"] = windows.into();
        }
        if let Some((stop, _)) = made {
            resource["start"] = self.day.rfc3339(stop.start).into();
            resource["end"] = self.day.rfc3339(stop.leave).into();
        }
        if let Some(gap) = &visit.gap {
            let minutes = |seconds: i32| seconds / 60;
            let mut parts = vec![
                json!({"url": "after", "valueReference": reference("visit", &gap.after.0)}),
                json!({"url": "minMinutes", "valueInteger": minutes(gap.min.0)}),
            ];
            let most =
                gap.max.map(|max| json!({"url": "maxMinutes", "valueInteger": minutes(max.0)}));
            parts.extend(most);
            resource["extension"] = json!([{"url": system("gap"), "extension": parts}]);
        }
        resource
    }

    /// The besøksplan of one patient, as the welfare technology hub (VKP) has it.
    fn care_plan(&self, patient: &str, visits: &[&Visit]) -> Value {
        let activities: Vec<_> = visits.iter().map(|visit| self.activity(visit)).collect();
        let day = self.day.date().to_string();
        json!({
            "resourceType": "CarePlan", "identifier": [named("visit-plan", patient)],
            "status": "active", "intent": "plan",
            "category": [{"text": "besøksplan"}], "title": format!("Besøksplan {day}"),
            "subject": reference("patient", patient),
            "period": {"start": day, "end": day},
            "activity": activities,
        })
    }

    fn activity(&self, visit: &Visit) -> Value {
        let minutes = (visit.duration.0 + 59) / 60;
        let mut detail = json!({"kind": "Appointment", "status": "not-started",
            "description": format!("Besøk på {minutes} minutter")});
        if visit.status == Status::Cancelled {
            detail["status"] = "cancelled".into();
        } else if let Some((stop, carers)) = self.made.get(&visit.id) {
            let performers: Vec<_> =
                carers.iter().map(|carer| reference("carer", &carer.0)).collect();
            detail["status"] = "scheduled".into();
            detail["scheduledPeriod"] = self.period(stop.start, stop.leave);
            detail["performer"] = performers.into();
        }
        let unassigned = self.plan.iter().flat_map(|plan| &plan.unassigned);
        if let Some(out) = unassigned.into_iter().find(|out| out.visit == visit.id) {
            let code = coded("reason", out.reason.code.name());
            detail["statusReason"] = json!({"coding": [code], "text": out.reason.detail.nb});
        }
        detail["extension"] = json!([{"url": system("visit"),
            "valueReference": reference("visit", &visit.id.0)}]);
        json!({ "detail": detail })
    }

    fn period(&self, from: Time, until: Time) -> Value {
        json!({"start": self.day.rfc3339(from), "end": self.day.rfc3339(until)})
    }
}

/// iCalendar's numbers, which FHIR takes: 1 is the most urgent, 9 the least.
fn priority(criticality: Criticality) -> u32 {
    match criticality {
        Criticality::TimeCritical => 1,
        Criticality::Important => 3,
        Criticality::Normal => 5,
        Criticality::Optional => 9,
    }
}

/// That somebody does the work.
fn performer() -> Value {
    let system = "http://terminology.hl7.org/CodeSystem/v3-ParticipationType";
    json!({"coding": [{"system": system, "code": "PPRF"}]})
}

/// The system of our ids, codes and extensions of that kind.
fn system(of: &str) -> String {
    format!("urn:hjemrute:{of}")
}

fn named(of: &str, id: &str) -> Value {
    json!({"system": system(of), "value": id})
}

fn coded(of: &str, code: &str) -> Value {
    json!({"system": system(of), "code": code})
}

/// What a visit is. 9151 is Helsedirektoratet's code system of municipal services.
fn coding(Service { system, code }: &Service) -> Value {
    if system == "9151" {
        json!({"system": "https://finnkode.helsedirektoratet.no/adm/collections/9151", "code": code})
    } else {
        coded(&format!("service:{system}"), code)
    }
}

/// The unit by its municipality and district (SSB's Klass 919, the bydel), as no-basis has an address.
fn organization(ListUnit { municipality, district }: &ListUnit) -> Option<Value> {
    let basis = "http://hl7.no/fhir/StructureDefinition";
    let extension = |name: &str, system: &str, code: &str| json!([{"url": format!("{basis}/{name}"), "valueCoding": {"system": system, "code": code}}]);
    let mut address = json!({"type": "physical"});
    if let Some(district) = district {
        let system = "urn:oid:2.16.578.1.12.4.1.1.3403";
        address["extension"] = extension("no-basis-urban-district", system, district);
    }
    if let Some(municipality) = municipality {
        let system = "https://register.geonorge.no/subregister/sosi-kodelister/kartverket/kommunenummer-alle";
        let coded = extension("no-basis-municipalitycode", system, municipality);
        address["_district"] = json!({"extension": coded});
    }
    let id = [municipality.as_deref(), district.as_deref()].into_iter().flatten().next_back()?;
    Some(
        json!({"resourceType": "Organization", "identifier": [named("unit", id)], "address": [address]}),
    )
}

fn reference(of: &str, id: &str) -> Value {
    json!({"reference": url(of, id), "identifier": named(of, id)})
}

/// The address of an entry of the bundle: a URN (RFC 8141), in which a pseudonym is written byte by byte
/// where it has anything but letters, digits, `.`, `-` and `_`.
fn url(of: &str, id: &str) -> String {
    let mut url = format!("urn:hjemrute:{of}:");
    for byte in id.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_') {
            url.push(byte.into());
        } else {
            url += &format!("%{byte:02X}");
        }
    }
    url
}
