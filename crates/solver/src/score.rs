//! What a plan costs, told so that people can add it up. The search compares one number
//! ([`Cost`]); people read the [`Score`], and its parts sum to its total.

use std::iter::Sum;
use std::ops::{Add, AddAssign, Neg, Sub, SubAssign};

use hjemrute_travel::Seconds;

/// Weighted time in tenths of a second: 600 is what one minute of travel costs in the standard
/// profile. Whole numbers, so that sums are exact and a seed repeats bit for bit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cost(pub i64);

impl Cost {
    /// Nothing.
    pub const ZERO: Cost = Cost(0);
    /// More than anything that is really paid, with room to add to.
    pub const MAX: Cost = Cost(i64::MAX / 4);
    /// What one minute weighs at rate 1.
    pub const MINUTE: Cost = Cost(600);
}

impl Add for Cost {
    type Output = Cost;
    #[inline]
    fn add(self, other: Cost) -> Cost {
        Cost(self.0 + other.0)
    }
}

impl AddAssign for Cost {
    #[inline]
    fn add_assign(&mut self, other: Cost) {
        self.0 += other.0;
    }
}

impl Sub for Cost {
    type Output = Cost;
    #[inline]
    fn sub(self, other: Cost) -> Cost {
        Cost(self.0 - other.0)
    }
}

impl SubAssign for Cost {
    #[inline]
    fn sub_assign(&mut self, other: Cost) {
        self.0 -= other.0;
    }
}

impl Neg for Cost {
    type Output = Cost;
    #[inline]
    fn neg(self) -> Cost {
        Cost(-self.0)
    }
}

impl Sum for Cost {
    fn sum<I: Iterator<Item = Cost>>(costs: I) -> Cost {
        costs.fold(Cost::ZERO, Add::add)
    }
}

/// What a second of something costs: tenths of a weighted second for each second, so 10 is the
/// price of travel in the standard profile.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rate(pub i32);

impl Rate {
    /// The price of so long.
    #[inline]
    pub fn of(self, time: Seconds) -> Cost {
        Cost(i64::from(self.0) * i64::from(time.0))
    }
}

/// What a plan is judged by, each line before the next. The order of the fields is the order of
/// importance, so the derived comparison is the contract's "what is better": smaller is better.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Score {
    /// Time-critical visits that nobody makes.
    pub time_critical_out: u32,
    /// Important visits that nobody makes.
    pub important_out: u32,
    /// Lateness of time-critical visits, summed.
    pub time_critical_late: Seconds,
    /// Normal visits that nobody makes.
    pub normal_out: u32,
    /// The sum of the parts.
    pub total: Cost,
    /// What the total is made of.
    pub parts: Parts,
}

/// The parts of the total, each already weighted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Parts {
    /// Optional visits that nobody makes.
    pub unassigned: Cost,
    /// Lateness of important, normal and optional visits.
    pub late: Cost,
    /// The largest lateness of all.
    pub worst_late: Cost,
    /// The longest idle time of all.
    pub worst_idle: Cost,
    /// Work after the end of a shift.
    pub overtime: Cost,
    /// Time on the road.
    pub travel: Cost,
    /// Time on the road, at doors and at visits.
    pub work: Cost,
    /// How far that lies off the mean of all carers.
    pub balance: Cost,
    /// Waiting at doors.
    pub waiting: Cost,
    /// The longest of these waits.
    pub worst_wait: Cost,
    /// Breaks that are not taken.
    pub missed_breaks: Cost,
    /// Carers whom the patients would rather not have had.
    pub continuity: Cost,
    /// Patients who get another carer or another time than was published.
    pub changes: Cost,
}

impl Parts {
    /// The sum.
    pub fn total(&self) -> Cost {
        let Parts {
            unassigned,
            late,
            worst_late,
            worst_idle,
            overtime,
            travel,
            work,
            balance,
            waiting,
            worst_wait,
            missed_breaks,
            continuity,
            changes,
        } = *self;
        let time = late + worst_late + worst_idle + overtime + travel + waiting + worst_wait;
        unassigned + time + work + balance + missed_breaks + continuity + changes
    }
}
