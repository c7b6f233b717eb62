//! VROOM's format from end to end: problems written by hand, what must be refused, and the shared
//! days through the format's evaluator.

mod by_hand;
#[path = "../common/mod.rs"]
mod common;
mod refused;
mod shared;

use hjemrute_instances::vroom::Vroom;
use hjemrute_solver::Plan;
use serde_json::Value;

/// Whether the answer's times add up by the problem's matrix, second by second, and its sums too.
fn adds_up(problem: &Value, answer: &Value) {
    let number = |of: &Value, field: &str| of[field].as_i64().unwrap_or_else(|| panic!("{field}"));
    let list = |of: &Value| of.as_array().expect("a list").clone();
    let mut all = 0;
    for route in list(&answer["routes"]) {
        let steps = list(&route["steps"]);
        assert_eq!((&steps[0]["type"], number(&steps[0], "duration")), (&"start".into(), 0));
        assert_eq!(steps[steps.len() - 1]["type"], "end");
        for pair in steps.windows(2) {
            let way = number(&pair[1], "duration") - number(&pair[0], "duration");
            let stay = ["waiting_time", "setup", "service"].map(|of| number(&pair[0], of));
            assert!(stay.iter().all(|seconds| *seconds >= 0), "{pair:?}");
            let left = number(&pair[0], "arrival") + stay.iter().sum::<i64>();
            assert_eq!(left + way, number(&pair[1], "arrival"), "{pair:?}");
        }
        let places = steps.iter().filter_map(|step| step["location_index"].as_u64());
        let places: Vec<usize> = places.map(|place| place as usize).collect();
        let matrix = &problem["matrices"]["car"]["durations"];
        let ways = places.windows(2).map(|way| matrix[way[0]][way[1]].as_i64().expect("a time"));
        let travel: i64 = ways.sum();
        assert_eq!((number(&route, "cost"), number(&route, "duration")), (travel, travel));
        all += travel;
    }
    assert_eq!(number(&answer["summary"], "cost"), all);
}

/// The answer as the file would be read again.
fn answer(day: &Vroom, plan: &Plan) -> Value {
    serde_json::from_slice(&day.answer(plan, 7)).expect("the answer is JSON")
}
