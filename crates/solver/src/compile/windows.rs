//! When a visit may start, in numbers: its windows, parted where a time is another than the patient would
//! like or than was published, each part with its price. Knows one visit at a time.

use hjemrute_travel::Time;

use crate::plan::{Instance, Published, Visit};
use crate::policy::Policy;
use crate::problem::{FAR, Window};
use crate::score::Cost;

/// When the visit may start, one window after the other: late behind its end, impossible behind the
/// late limit or once the next window has opened. A pinned start leaves one moment.
pub(super) fn start_windows(instance: &Instance, visit: &Visit) -> Vec<Window> {
    let limit = instance.policy.late_limit[visit.criticality.index()].0;
    let mut windows: Vec<Window> = visit
        .windows
        .iter()
        .map(|w| window(w.earliest.0, w.latest.0, w.latest.0 + limit))
        .collect();
    for next in 1..windows.len() {
        windows[next - 1].hard = windows[next - 1].hard.min(windows[next].earliest - 1);
    }
    if windows.is_empty() {
        windows.push(window(-FAR, FAR, FAR));
    }
    if let Some(at) = begun_start(instance, visit) {
        // Whatever its windows say: it has been so. Before them all it is not late.
        let opened = windows.iter().rev().find(|window| window.earliest <= at.0);
        windows = vec![window(at.0, opened.map_or(at.0, |opened| opened.latest.min(at.0)), at.0)];
    } else if let Some(at) = visit.pinned.start {
        windows.retain(|window| window.earliest <= at.0 && at.0 <= window.hard);
        for window in &mut windows {
            // As late as it is early: a later departure is not free for it.
            (window.earliest, window.hard) = (at.0, at.0);
            window.latest = window.latest.min(at.0);
        }
    }
    let windows = by_preference(&instance.policy, visit, windows);
    match &instance.published {
        Some(published) => by_promise(&instance.policy, published, visit, windows),
        None => windows,
    }
}

fn window(earliest: i32, latest: i32, hard: i32) -> Window {
    Window { earliest, latest, hard, moved: false, price: 0 }
}

/// The windows parted where the patient's time ends, outside of which it costs.
fn by_preference(policy: &Policy, visit: &Visit, windows: Vec<Window>) -> Vec<Window> {
    let Some(preferred) = visit.preferred.filter(|_| policy.not_preferred > Cost::ZERO) else {
        return windows;
    };
    let price = policy.not_preferred.0;
    let missed = |window: Window| Window { price: window.price + price, ..window };
    let is_any = |it: &Window| it.earliest <= it.hard;
    let (from, until) =
        (preferred.0 - policy.preferred_tolerance.0, preferred.0 + policy.preferred_tolerance.0);
    let parts = windows.iter().flat_map(|window| {
        let before = missed(part(window, -FAR, from - 1));
        [before, part(window, from, until), missed(part(window, until + 1, FAR))]
    });
    parts.filter(is_any).collect()
}

/// The part of a window between two moments; empty where its end is before its beginning.
fn part(window: &Window, from: i32, until: i32) -> Window {
    let (earliest, hard) = (window.earliest.max(from), window.hard.min(until));
    Window { earliest, latest: window.latest.min(hard), hard, ..*window }
}

/// The windows parted at what was published: the promised time, and what lies before and behind it.
/// What has not begun begins no earlier than what is frozen ends.
fn by_promise(
    policy: &Policy,
    published: &Published,
    visit: &Visit,
    windows: Vec<Window>,
) -> Vec<Window> {
    let begun = published.begun_start(&visit.id).is_some();
    let opens = if begun { -FAR } else { published.frozen_until.0.max(-FAR) };
    let whole = [(-FAR, FAR, false)];
    // A helper's time is that of the visit, and disturbs once.
    let promise = published.promises.get(&visit.id).filter(|_| visit.helps.is_none());
    let parted = promise.map(|promise| {
        let (at, by) = (promise.start.0, policy.time_tolerance.0);
        [(at - by, at + by, false), (-FAR, at - by - 1, true), (at + by + 1, FAR, true)]
    });
    let parts: &[_] = parted.as_ref().map_or(&whole, |parted| parted);
    let mut pieces = Vec::new();
    for window in &windows {
        pieces.extend(parts.iter().filter_map(|&(from, until, moved)| {
            let part = part(window, from.max(opens), until);
            let price = part.price + if moved { policy.other_time.0 } else { 0 };
            (part.earliest <= part.hard).then_some(Window { moved, price, ..part })
        }));
    }
    pieces.sort_by_key(|window| window.earliest);
    if pieces.is_empty() {
        // Its time is over.
        pieces.push(window(FAR, FAR, FAR));
    }
    pieces
}

/// When the visit began, if it has.
pub(super) fn begun_start(instance: &Instance, visit: &Visit) -> Option<Time> {
    instance.published.as_ref()?.begun_start(&visit.id)
}
