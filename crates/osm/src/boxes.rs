//! Boxes to be found by where they are: packed in the order they come in, which is that of a
//! space-filling curve, with a box around every eight, around every eight of those, and so on. Made
//! in one pass, so nothing of it is stored. Knows nothing of what lies in a box.

use crate::geometry::Point;

/// How many boxes go into one.
const FAN: usize = 8;

/// A box along meridians and parallels; its edges belong to it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Area {
    low: [i32; 2],
    high: [i32; 2],
}

impl Area {
    /// Holds nothing.
    const NONE: Area = Area { low: [i32::MAX; 2], high: [i32::MIN; 2] };

    /// So much around a point, east and west, and north and south.
    pub(crate) fn around(point: Point, east: i64, north: i64) -> Area {
        let fits = |number: i64| number.clamp(i32::MIN.into(), i32::MAX.into()) as i32;
        let (lon, lat) = (i64::from(point.lon), i64::from(point.lat));
        Area {
            low: [fits(lon - east), fits(lat - north)],
            high: [fits(lon + east), fits(lat + north)],
        }
    }

    /// The box around points.
    pub(crate) fn of(points: &[Point]) -> Area {
        points.iter().fold(Area::NONE, |area, point| {
            let at = [point.lon, point.lat];
            area.with(Area { low: at, high: at })
        })
    }

    fn with(self, other: Area) -> Area {
        let [low, high] = [0, 1].map(|axis| {
            (self.low[axis].min(other.low[axis]), self.high[axis].max(other.high[axis]))
        });
        Area { low: [low.0, high.0], high: [low.1, high.1] }
    }

    /// Whether two boxes have a point in common.
    #[inline]
    pub(crate) fn meets(&self, other: &Area) -> bool {
        let apart =
            |axis: usize| (self.high[axis] < other.low[axis]) | (other.high[axis] < self.low[axis]);
        !(apart(0) | apart(1))
    }
}

/// Boxes, each with a number.
#[derive(Debug)]
pub(crate) struct Boxes {
    numbers: Vec<u32>,
    /// The boxes themselves, then those around them, and so on up to a handful.
    levels: Vec<Vec<Area>>,
}

impl Boxes {
    /// Packs numbered boxes.
    pub(crate) fn of(boxes: impl Iterator<Item = (u32, Area)>) -> Boxes {
        let most = boxes.size_hint().1.unwrap_or_default();
        let (mut numbers, mut lowest) = (Vec::with_capacity(most), Vec::with_capacity(most));
        for (number, area) in boxes {
            numbers.push(number);
            lowest.push(area);
        }
        let mut levels = vec![lowest];
        while let Some(last) = levels.last().filter(|last| last.len() > FAN) {
            let around = |few: &[Area]| few.iter().fold(Area::NONE, |all, area| all.with(*area));
            let next = last.chunks(FAN).map(around).collect();
            levels.push(next);
        }
        Boxes { numbers, levels }
    }

    /// Tells the number of every box that meets an area.
    pub(crate) fn meeting(&self, area: &Area, mut tell: impl FnMut(u32)) {
        let top = self.levels.len() - 1;
        self.descend(area, top, 0..self.levels[top].len(), &mut tell);
    }

    fn descend(
        &self,
        area: &Area,
        level: usize,
        range: std::ops::Range<usize>,
        tell: &mut impl FnMut(u32),
    ) {
        for at in range.filter(|at| self.levels[level][*at].meets(area)) {
            match level.checked_sub(1) {
                None => tell(self.numbers[at]),
                Some(below) => {
                    let end = (FAN * (at + 1)).min(self.levels[below].len());
                    self.descend(area, below, FAN * at..end, tell);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn those_that_meet_are_found_and_no_others(
            lines in prop::collection::vec(((-50..50, -50..50), (-50..50, -50..50)), 0..200),
            (lon, lat) in (-60..60, -60..60),
            (east, north) in (0i64..30, 0i64..30),
        ) {
            let point = |(lon, lat): (i32, i32)| Point { lon, lat };
            let area = |line: &((i32, i32), (i32, i32))| Area::of(&[point(line.0), point(line.1)]);
            let boxes = Boxes::of((0..).zip(lines.iter().map(area)));
            let wanted = Area::around(point((lon, lat)), east, north);
            let mut found = Vec::new();
            boxes.meeting(&wanted, |number| found.push(number));
            let (lon, lat) = (i64::from(lon), i64::from(lat));
            let near = |((a, b), (c, d)): &((i32, i32), (i32, i32))| {
                let within = |p: i32, q: i32, at: i64, by: i64| {
                    i64::from(p.min(q)) <= at + by && at - by <= i64::from(p.max(q))
                };
                within(*a, *c, lon, east) && within(*b, *d, lat, north)
            };
            let expected: Vec<u32> =
                (0..).zip(&lines).filter(|(_, line)| near(line)).map(|(number, _)| number).collect();
            prop_assert_eq!(found, expected);
        }
    }
}
