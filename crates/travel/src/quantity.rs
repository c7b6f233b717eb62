//! Whole seconds, whole metres, and moments. A moment is not a length: `Time - Time = Seconds`,
//! `Time + Seconds = Time`, and `Time + Time` does not compile.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Mul, Neg, Sub, SubAssign};

macro_rules! quantity {
    ($(#[$doc:meta])* $name:ident, $unit:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub i32);

        impl $name {
            /// Nothing of it.
            pub const ZERO: Self = Self(0);
        }

        impl Add for $name {
            type Output = Self;
            #[inline]
            fn add(self, other: Self) -> Self {
                Self(self.0 + other.0)
            }
        }

        impl AddAssign for $name {
            #[inline]
            fn add_assign(&mut self, other: Self) {
                self.0 += other.0;
            }
        }

        impl Sub for $name {
            type Output = Self;
            #[inline]
            fn sub(self, other: Self) -> Self {
                Self(self.0 - other.0)
            }
        }

        impl SubAssign for $name {
            #[inline]
            fn sub_assign(&mut self, other: Self) {
                self.0 -= other.0;
            }
        }

        impl Neg for $name {
            type Output = Self;
            #[inline]
            fn neg(self) -> Self {
                Self(-self.0)
            }
        }

        impl Sum for $name {
            fn sum<I: Iterator<Item = Self>>(items: I) -> Self {
                items.fold(Self::ZERO, Add::add)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!("{} ", $unit), self.0)
            }
        }
    };
}

quantity! {
    /// A length of time in whole seconds; 68 years fit.
    Seconds, "s"
}
quantity! {
    /// A length of way in whole metres.
    Metres, "m"
}

impl Seconds {
    /// A whole number of minutes.
    pub const fn minutes(minutes: i32) -> Self {
        Self(minutes * 60)
    }
}

impl Mul<i32> for Seconds {
    type Output = Seconds;
    #[inline]
    fn mul(self, times: i32) -> Seconds {
        Seconds(self.0 * times)
    }
}

/// A moment: elapsed seconds since the first midnight of the planned day, local time. On a day
/// with a clock change 24:00 is therefore 82,800 or 90,000.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time(pub i32);

impl Time {
    /// The moment `hours:minutes` on an ordinary day.
    pub const fn at(hours: i32, minutes: i32) -> Self {
        Self(hours * 3600 + minutes * 60)
    }
}

impl Add<Seconds> for Time {
    type Output = Time;
    #[inline]
    fn add(self, later: Seconds) -> Time {
        Time(self.0 + later.0)
    }
}

impl AddAssign<Seconds> for Time {
    #[inline]
    fn add_assign(&mut self, later: Seconds) {
        self.0 += later.0;
    }
}

impl Sub<Seconds> for Time {
    type Output = Time;
    #[inline]
    fn sub(self, earlier: Seconds) -> Time {
        Time(self.0 - earlier.0)
    }
}

impl Sub for Time {
    type Output = Seconds;
    #[inline]
    fn sub(self, other: Time) -> Seconds {
        Seconds(self.0 - other.0)
    }
}

/// `07:30:00`, past midnight `24:30:00`; the hours are elapsed ones.
impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.0.rem_euclid(60);
        let minutes = self.0.div_euclid(60);
        write!(f, "{:02}:{:02}:{seconds:02}", minutes.div_euclid(60), minutes.rem_euclid(60))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_and_lengths_do_not_mix() {
        let leave = Time::at(7, 30);
        let arrive = leave + Seconds::minutes(6) + Seconds(12);
        assert_eq!(arrive - leave, Seconds(372));
        assert_eq!(arrive.to_string(), "07:36:12");
        assert_eq!(Time::at(24, 30).to_string(), "24:30:00");
    }
}
