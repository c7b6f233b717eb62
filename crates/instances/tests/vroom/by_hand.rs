//! Small problems whose answer can be seen by looking.

use hjemrute_instances::vroom::{Objective, Vroom};
use hjemrute_travel::Seconds;
use serde_json::{Value, json};

use crate::common::planned;
use crate::{adds_up, answer};

/// What the steps are: `(type, id, arrival, waiting, service)`.
fn steps(route: &Value) -> Vec<(&str, Option<u64>, i64, i64, i64)> {
    let steps = route["steps"].as_array().expect("steps").iter();
    let number = |step: &Value, field: &str| step[field].as_i64().expect("a number");
    steps
        .map(|step| {
            let [arrival, waiting, service] =
                ["arrival", "waiting_time", "service"].map(|field| number(step, field));
            (step["type"].as_str().expect("a type"), step["id"].as_u64(), arrival, waiting, service)
        })
        .collect()
}

fn solved(problem: &Value) -> (Objective, Value) {
    let day = Vroom::read(problem.to_string().as_bytes()).expect("a problem of the format");
    let plan = planned(&day.instance, &day.tables, 400);
    let answer = answer(&day, &plan);
    adds_up(problem, &answer);
    (day.objective(&plan), answer)
}

#[test]
fn one_vehicle_goes_out_and_comes_home() {
    let problem = json!({
        "vehicles": [{ "id": 7, "description": "Kari", "start_index": 0, "end_index": 0,
            "skills": [1, 4], "time_window": [0, 4000] }],
        "jobs": [
            { "id": 70, "location_index": 1, "service": 300, "skills": [4], "priority": 10,
              "description": "at the mill", "location": [10.7, 59.9],
              "time_windows": [[0, 500], [1000, 1200]] },
            { "id": 71, "location_index": 2, "service": 200, "setup": 60, "priority": 1,
              "time_windows": [[600, 700]] },
        ],
        "matrices": { "car": { "durations": [[0, 100, 200], [110, 0, 90], [210, 80, 0]],
            "distances": [[0, 1000, 2000], [1100, 0, 900], [2100, 800, 0]] } },
    });
    let (objective, answer) = solved(&problem);
    // There by 70 and 71 in the first window (100 + 90 + 210), or by 71 and 70 (200 + 80 + 110).
    assert_eq!(
        objective,
        Objective { priority_left_out: 0, without_priority_left_out: 0, travel: Seconds(390) }
    );
    let summary = &answer["summary"];
    for (field, wanted) in [
        ("cost", 390),
        ("duration", 390),
        ("distance", 3900),
        ("service", 500),
        ("setup", 60),
        ("priority", 11),
        ("routes", 1),
        ("unassigned", 0),
    ] {
        assert_eq!(summary[field], wanted, "{field}");
    }
    let route = &answer["routes"][0];
    assert_eq!((&route["vehicle"], &route["description"]), (&7.into(), &"Kari".into()));
    let kinds: Vec<_> = steps(route).into_iter().map(|step| (step.0, step.1)).collect();
    assert_eq!(kinds, [("start", None), ("job", Some(71)), ("job", Some(70)), ("end", None)]);
    let mill = &route["steps"][2];
    assert_eq!(
        (&mill["description"], &mill["location"]),
        (&"at the mill".into(), &json!([10.7, 59.9]))
    );
}

#[test]
fn a_break_lies_where_it_may_begin() {
    // The window of a break says when it may begin: at 500 at the latest, over by 800.
    let problem = json!({
        "vehicles": [{ "id": 1, "start_index": 0, "end_index": 0, "time_window": [0, 2000],
            "breaks": [{ "id": 5, "time_windows": [[400, 500]], "service": 300 }] }],
        "jobs": [
            { "id": 1, "location_index": 1, "service": 200, "time_windows": [[100, 200]] },
            { "id": 2, "location_index": 1, "service": 100, "time_windows": [[900, 900]] },
        ],
        "matrices": { "car": { "durations": [[0, 100], [100, 0]] } },
    });
    let (objective, answer) = solved(&problem);
    assert_eq!((objective.without_priority_left_out, objective.travel), (0, Seconds(200)));
    let route = &answer["routes"][0];
    let pause = steps(route).into_iter().find(|step| step.0 == "break").expect("a break");
    assert_eq!((pause.1, pause.4), (Some(5), 300));
    assert!((400..=500).contains(&(pause.2 + pause.3)), "{pause:?}");
    assert_eq!(answer["summary"]["distance"], Value::Null);
}

#[test]
fn a_break_before_leaving_and_one_after_the_return_stay_between_start_and_end() {
    for (break_at, job_at) in [(0, 5000), (5000, 100)] {
        let problem = json!({
            "vehicles": [{ "id": 1, "start_index": 0, "end_index": 0, "time_window": [0, 9000],
                "breaks": [{ "id": 1, "time_windows": [[break_at, break_at + 60]], "service": 600 }] }],
            "jobs": [{ "id": 9, "location_index": 1, "service": 60, "priority": 100,
                "time_windows": [[job_at, job_at]] }],
            "matrices": { "car": { "durations": [[0, 100], [100, 0]] } },
        });
        let (objective, answer) = solved(&problem);
        assert_eq!((objective.priority_left_out, objective.travel), (0, Seconds(200)));
        let steps = steps(&answer["routes"][0]);
        assert_eq!(steps.iter().filter(|step| step.0 == "break").count(), 1);
        let job = steps.iter().find(|step| step.0 == "job").expect("the job");
        assert_eq!(job.2 + job.3, job_at);
    }
}

#[test]
fn a_point_of_priority_outweighs_jobs_without_and_those_outweigh_all_travel() {
    // One place for one job at a time: far away with a point, or two close by without.
    let at = |id: i64, place: i64, priority: i64, from: i64| {
        json!({ "id": id, "location_index": place, "service": 60, "priority": priority,
            "time_windows": [[from, from]] })
    };
    let durations = [[0, 900, 1], [900, 0, 900], [1, 900, 0]];
    let problem = |jobs: Value| {
        json!({ "vehicles": [{ "id": 1, "start_index": 0, "end_index": 0,
                "time_window": [0, 3600] }],
            "jobs": jobs, "matrices": { "car": { "durations": durations } } })
    };
    let (objective, answer) =
        solved(&problem(json!([at(1, 1, 1, 1000), at(2, 2, 0, 1000), at(3, 2, 0, 1200)])));
    assert_eq!(
        objective,
        Objective { priority_left_out: 0, without_priority_left_out: 2, travel: Seconds(1800) }
    );
    let out: Vec<u64> = answer["unassigned"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|out| out["id"].as_u64())
        .collect();
    assert_eq!(out, [2, 3]);
    let (objective, _) = solved(&problem(json!([at(1, 1, 0, 1000)])));
    assert_eq!((objective.without_priority_left_out, objective.travel), (0, Seconds(1800)));
}

#[test]
fn profiles_have_each_their_own_times() {
    let problem = json!({
        "vehicles": [
            { "id": 1, "start_index": 0, "end_index": 0, "profile": "bike", "skills": [1] },
            { "id": 2, "start_index": 0, "end_index": 0, "profile": "truck" },
        ],
        "jobs": [{ "id": 1, "location_index": 1, "service": 60, "priority": 5 }],
        "matrices": {
            "bike": { "durations": [[0, 50], [60, 0]] },
            "truck": { "durations": [[0, 500], [600, 0]] },
        },
    });
    let day = Vroom::read(problem.to_string().as_bytes()).expect("a problem of the format");
    assert_eq!(day.objective(&planned(&day.instance, &day.tables, 400)).travel, Seconds(110));
}

/// A day written by hand goes out and comes in again: who may come, when, and the ways are the same.
#[test]
fn a_day_that_was_exported_can_be_read_and_planned() {
    let day = "
        travel car 60 s/km
        place BASE 0,0
        place A 3000,0
        place B 0,2000
        visit v1 at A 20 min window 08:00-09:00 carers 2 skills medikament time-critical
        visit v2 at B 15 min avoid c2 pin start 10:00
        visit v3 at B 15 min cancelled
        carer c1 07:30-15:00 from BASE car skills medikament break 30 min 10:30-12:30
        carer c2 07:30-15:00 from BASE to A car skills medikament
        carer c3 07:30-15:00 from BASE car
    ";
    let (instance, tables) = hjemrute_solver::notation::parse(day).expect("it is right");
    let text = hjemrute_instances::vroom::export(&instance, &tables);
    let problem = Vroom::read(&text).expect("what we write can be read");
    assert_eq!((problem.instance.visits.len(), problem.instance.carers.len()), (3, 3));
    let plan = planned(&problem.instance, &problem.tables, 200);
    assert!(plan.unassigned.is_empty());
    // Nothing holds the double visit together there: c2, who ends at A, makes both on one way.
    assert_eq!(problem.objective(&plan).travel, Seconds(180 + 2 * 120));
}
