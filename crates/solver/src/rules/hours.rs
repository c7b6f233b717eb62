//! Is the carer at work when the visit may start, with time to get there and home?

use hjemrute_travel::Seconds;

use super::{Pair, Verdict};
use crate::plan::{Instance, Place, TimeWindow, Visit};

pub(super) fn judge(pair: Pair<'_>) -> Verdict {
    let Pair { visit, carer, tables, instance, .. } = pair;
    let legs = tables.get(carer.mode).and_then(|table| {
        Some((table.leg(carer.start, visit.place)?, table.leg(visit.place, carer.end)?))
    });
    let Some((there, back)) = legs else { return Verdict::Never };
    let place: &Place = &instance.places[visit.place.index()];
    let access = if visit.place == carer.start { Seconds::ZERO } else { place.access };
    let published = instance.published.as_ref();
    let begun = published.and_then(|plan| plan.begun.get(&carer.id));
    if begun.is_some_and(|begun| begun.home) {
        return Verdict::Never;
    }
    let opens = published.map_or(carer.shift_start, |plan| plan.frozen_until);
    let ready = match begun {
        // From where the carer then is, which may be next door.
        Some(begun) => begun.free.max(opens),
        None => carer.shift_start.max(opens) + there.seconds + access,
    };
    let last = carer.shift_end + carer.overtime - back.seconds - visit.lasts(&carer.id);
    let fits = start_windows(instance, visit)
        .any(|window| ready.max(window.earliest) <= last.min(window.latest));
    if fits { Verdict::Fine } else { Verdict::Never }
}

/// From when to when the visit can start at all, lateness included.
fn start_windows<'a>(
    instance: &'a Instance,
    visit: &'a Visit,
) -> impl Iterator<Item = TimeWindow> + 'a {
    let limit = instance.policy.late_limit[visit.criticality.index()];
    let whole_shift = visit.windows.is_empty().then_some(TimeWindow {
        earliest: hjemrute_travel::Time(i32::MIN / 2),
        latest: hjemrute_travel::Time(i32::MAX / 2),
    });
    let windows = visit
        .windows
        .iter()
        .map(move |w| TimeWindow { earliest: w.earliest, latest: w.latest + limit });
    let pinned = visit.pinned.start;
    windows.chain(whole_shift).filter_map(move |window| match pinned {
        None => Some(window),
        Some(at) if window.earliest <= at && at <= window.latest => {
            Some(TimeWindow { earliest: at, latest: at })
        }
        Some(_) => None,
    })
}
