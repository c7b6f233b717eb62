//! The OpenAPI document as it is served: made of the handlers, with what only the configuration knows
//! (the longest search) and what holds for every operation put in.

use serde_json::{Value, json};
use utoipa::openapi::OpenApi;

use crate::Service;
use crate::store::Format;

/// The document of a service.
pub(super) fn served(api: &OpenApi, service: &Service) -> String {
    let mut document = serde_json::to_value(api).expect("the document is data");
    widen(&mut document);
    for operations in each(&mut document["paths"]) {
        for operation in each(operations) {
            forms(operation);
            for failure in ["4XX", "5XX"] {
                if let Some(told) = operation["responses"].get_mut(failure) {
                    told["content"][Format::Fhir.kind()] = json!({"schema": {"type": "object"}});
                }
            }
        }
    }
    let order = &mut document["components"]["schemas"]["PlanOrder"]["properties"];
    order["seconds"]["maximum"] = service.config.plans.longest.into();
    serde_json::to_string_pretty(&document).expect("the document is data")
}

fn each(object: &mut Value) -> impl Iterator<Item = &mut Value> {
    object.as_object_mut().into_iter().flat_map(|fields| fields.values_mut())
}

/// The forms that can be asked of an operation are those in which it says that it answers.
fn forms(operation: &mut Value) {
    const ALL: [Format; 5] =
        [Format::Json, Format::Html, Format::Csv, Format::Geojson, Format::Fhir];
    fn keep(schema: &mut Value, forms: &[Value]) {
        match schema {
            Value::Object(fields) => fields.values_mut().for_each(|part| keep(part, forms)),
            Value::Array(all) => {
                let is_other = |it: &Value| ALL.iter().any(|form| *it == json!(form));
                all.retain(|it| !is_other(it) || forms.contains(it));
                all.iter_mut().for_each(|part| keep(part, forms));
            }
            _ => {}
        }
    }
    let told = operation["responses"]["200"]["content"].clone();
    let is_told =
        |form: &Format| form.kind().split(';').next().is_some_and(|it| told.get(it).is_some());
    let forms: Vec<Value> =
        ALL.iter().filter(|form| is_told(form)).map(|form| json!(form)).collect();
    let parameters = operation.get_mut("parameters").and_then(Value::as_array_mut);
    for parameter in parameters.into_iter().flatten() {
        if parameter["name"] == "format" {
            keep(&mut parameter["schema"], &forms);
        }
    }
}

/// Whole numbers that are not negative have 32 bits here, and the format `int32` only 31.
fn widen(value: &mut Value) {
    if value["format"] == "int32" && value["minimum"].as_i64().is_some_and(|least| least >= 0) {
        value["format"] = "int64".into();
        if value.get("maximum").is_none() {
            value["maximum"] = u32::MAX.into();
        }
    }
    match value {
        Value::Object(fields) => fields.values_mut().for_each(widen),
        Value::Array(all) => all.iter_mut().for_each(widen),
        _ => {}
    }
}
