//! What the model cannot express is refused by name, wherever it stands.

use hjemrute_instances::vroom::Vroom;
use serde_json::{Value, json};

fn plain() -> Value {
    json!({
        "vehicles": [{ "id": 1, "start_index": 0, "end_index": 0, "time_window": [0, 5000],
            "breaks": [{ "id": 1, "service": 60, "time_windows": [[100, 200]] }] }],
        "jobs": [{ "id": 1, "location_index": 1, "service": 60, "time_windows": [[0, 100]] }],
        "matrices": { "car": { "durations": [[0, 10], [10, 0]] } },
    })
}

/// What is said of the problem with one value put in.
fn said(pointer: &str, value: Value) -> String {
    let mut problem = plain();
    let (parent, field) = pointer.rsplit_once('/').expect("a pointer");
    let parent = problem.pointer_mut(parent).expect("the plain problem has it");
    match parent {
        Value::Array(list) => list[field.parse::<usize>().expect("a row")] = value,
        other => other[field] = value,
    }
    match Vroom::read(problem.to_string().as_bytes()) {
        Ok(_) => String::new(),
        Err(error) => error.to_string(),
    }
}

#[test]
fn the_plain_problem_is_read() {
    assert_eq!(said("/jobs", plain()["jobs"].clone()), "");
}

#[test]
fn every_field_without_a_meaning_here_is_named() {
    let window = json!([[0, 1]]);
    let cases = [
        ("/shipments", json!([{}]), ["the problem", "`shipments`"]),
        ("/matrix", json!([[0]]), ["not a problem", "`matrix`"]),
        ("/jobs/0/delivery", json!([1]), ["jobs[0]", "`delivery`"]),
        ("/jobs/0/pickup", json!([1]), ["jobs[0]", "`pickup`"]),
        ("/jobs/0/setup_per_type", json!({}), ["jobs[0]", "`setup_per_type`"]),
        ("/jobs/0/whatever", json!(1), ["jobs[0]", "`whatever`"]),
        ("/vehicles/0/capacity", json!([1]), ["vehicles[0]", "`capacity`"]),
        ("/vehicles/0/costs", json!({}), ["vehicles[0]", "`costs`"]),
        ("/vehicles/0/max_tasks", json!(3), ["vehicles[0]", "`max_tasks`"]),
        ("/vehicles/0/max_travel_time", json!(3), ["vehicles[0]", "`max_travel_time`"]),
        ("/vehicles/0/speed_factor", json!(2), ["vehicles[0]", "`speed_factor`"]),
        ("/vehicles/0/steps", json!([]), ["vehicles[0]", "`steps`"]),
        ("/vehicles/0/breaks/0/max_load", json!([1]), ["vehicles[0].breaks[0]", "`max_load`"]),
        ("/matrices/car/costs", json!([[0]]), ["matrices.car", "`costs`"]),
        (
            "/vehicles/0/breaks",
            json!([{ "id": 1, "service": 1, "time_windows": window }, { "id": 2 }]),
            ["vehicles[0]", "`breaks`"],
        ),
        (
            "/vehicles/0/breaks/0/time_windows",
            json!([[1, 2], [4, 5]]),
            ["vehicles[0].breaks[0]", "`time_windows`"],
        ),
    ];
    for (pointer, value, wanted) in cases {
        let said = said(pointer, value);
        assert!(wanted.iter().all(|words| said.contains(words)), "{pointer}: {said:?}");
    }
}

#[test]
fn every_value_that_cannot_be_meant_is_named() {
    let cases = [
        ("/jobs/0/location_index", json!(2), "`location_index` is 2, but the matrices have 2 rows"),
        ("/jobs/0/location_index", json!(null), "`location_index` is missing"),
        ("/vehicles/0/start_index", json!(null), "`start_index` is missing"),
        ("/jobs/0/time_windows", json!([[5, 4]]), "`time_windows` must not end before"),
        ("/jobs/0/time_windows", json!([[0, 9], [9, 12]]), "`time_windows` must be in rising"),
        ("/jobs/0/time_windows", json!([[1_600_000_000, 1_600_000_100]]), "lie within 0 to"),
        ("/jobs/0/service", json!(0), "`service` and setup must last"),
        ("/jobs/0/priority", json!(101), "`priority` must be 0 to 100"),
        ("/vehicles/0/time_window", json!([7, 7]), "`time_window` must be longer"),
        ("/vehicles/0/profile", json!("bike"), "of the profile `bike` are missing"),
        ("/vehicles/0/breaks/0/time_windows", json!([[8000, 9000]]), "the vehicle 1: `break`"),
        ("/matrices/car/durations", json!([[0, 1]]), "must be 1 rows of 1 values"),
        ("/matrices/car/durations/1", json!([3, 4]), "0 in row 1, column 1"),
        ("/matrices/car/durations/0", json!([0, 99_999_999]), "at most 16777216"),
        ("/matrices/car/distances", json!([[0]]), "must be 2 rows of 2 values"),
    ];
    for (pointer, value, wanted) in cases {
        let said = said(pointer, value);
        assert!(said.contains(wanted), "{pointer}: {said:?}");
    }
}

#[test]
fn ids_are_not_repeated() {
    let job = plain()["jobs"][0].clone();
    assert!(said("/jobs", json!([job, job])).contains("the job 1: `id`"));
}

#[test]
fn setup_is_taken_only_where_it_is_paid_always() {
    let job = |id: i64, place: i64| json!({ "id": id, "location_index": place, "setup": 30, "service": 60 });
    assert_eq!(said("/jobs", json!([job(1, 1)])), "");
    for jobs in [json!([job(1, 0)]), json!([job(1, 1), job(2, 1)])] {
        assert!(said("/jobs", jobs).contains("`setup` is not supported"));
    }
}
