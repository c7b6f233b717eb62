//! Days with a clock change, and shifts past midnight.

use hjemrute_server::{Answer, plan_json};
use hjemrute_travel::Time;
use serde_json::{Value, json};

use crate::common::*;

/// One visit in the night, by a carer who works through it.
fn night(day: &str, earliest: &str, latest: &str) -> Value {
    let mut list = with("/day", json!(day));
    list = changed(
        list,
        "/visits",
        json!([{"id": "v1", "patient": "p-1", "durationMinutes": 10,
            "window": {"earliestStart": earliest, "latestStart": latest}}]),
    );
    changed(
        list,
        "/carers",
        json!([{"ref": "c-1", "shift": {"start": "00:00", "end": "31:30"},
            "travel": {"mode": "foot"}, "start": "BASE"}]),
    )
}

/// The warnings about clocks; so long a shift gives others too.
fn of_clocks(answer: &Answer) -> Vec<&str> {
    let codes = answer.plan.warnings.iter().map(|warning| warning.code);
    codes.filter(|code| code.starts_with("dst")).collect()
}

#[test]
fn a_time_that_the_clocks_skip_is_taken_later_and_told() {
    let answer = planned(&night("2026-03-29", "02:30", "02:45"));
    assert_eq!(of_clocks(&answer), ["dst-gap-shifted", "dst-gap-shifted"]);
    assert!(
        answer.plan.warnings[0].detail.nb.contains("02:30")
            && answer.plan.warnings[0].detail.nb.contains("03:30")
    );
    // 03:30 by the clock is two and a half hours after midnight.
    assert_eq!(answer.instance.visits[0].windows[0].earliest, Time::at(2, 30));
}

#[test]
fn a_window_that_the_skipped_hour_turns_round_is_one_moment() {
    let answer = planned(&night("2026-03-29", "02:50", "03:10"));
    let window = answer.instance.visits[0].windows[0];
    assert_eq!((window.earliest, window.latest), (Time::at(2, 50), Time::at(2, 50)));
}

#[test]
fn a_time_that_comes_twice_is_the_first_and_told() {
    let answer = planned(&night("2026-10-25", "02:30", "04:00"));
    assert_eq!(answer.plan.warnings[0].code, "dst-fold-first");
    let window = answer.instance.visits[0].windows[0];
    assert_eq!((window.earliest, window.latest), (Time::at(2, 30), Time::at(5, 0)));
}

#[test]
fn hours_past_midnight_go_on_and_come_out_as_the_next_day() {
    let answer = planned(&night("2026-11-23", "24:30", "25:00"));
    assert_eq!(of_clocks(&answer), [""; 0]);
    let plan: Value = serde_json::from_slice(&plan_json(&answer)).unwrap();
    let stop = &plan["workLists"][0]["stops"][1];
    assert_eq!(stop["start"], json!("2026-11-24T00:30:00+01:00"));
    assert_eq!(plan["workLists"][0]["end"].as_str().map(|end| &end[..10]), Some("2026-11-24"));
}

#[test]
fn any_day_is_planned() {
    planned(&with("/day", json!("1999-02-28")));
}
