//! Parts of the day and of the year that have travel times of their own.

use std::fmt;

/// A part of the day, in summer or in winter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Band {
    /// The part of the day.
    pub hours: Hours,
    /// Whether roads are those of winter.
    pub winter: bool,
}

/// A part of the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Hours {
    /// Empty roads.
    Night,
    /// The way to work.
    Morning,
    /// What the others are compared with.
    Day,
    /// The way home.
    Afternoon,
    /// From then until night.
    Evening,
}

impl Hours {
    /// All parts of the day, in the order of their discriminants.
    pub const ALL: [Hours; 5] =
        [Hours::Night, Hours::Morning, Hours::Day, Hours::Afternoon, Hours::Evening];

    /// The name in profiles: `night`, `morning`, `day`, `afternoon`, `evening`.
    pub const fn name(self) -> &'static str {
        match self {
            Hours::Night => "night",
            Hours::Morning => "morning",
            Hours::Day => "day",
            Hours::Afternoon => "afternoon",
            Hours::Evening => "evening",
        }
    }
}

impl Band {
    /// How many bands there are.
    pub const COUNT: usize = 2 * Hours::ALL.len();

    /// An ordinary day in summer: the times of a map that was asked for no band.
    pub const STANDARD: Band = Band { hours: Hours::Day, winter: false };

    /// Every band, in the order of their indices.
    pub fn all() -> impl Iterator<Item = Band> {
        let season = |winter| Hours::ALL.into_iter().map(move |hours| Band { hours, winter });
        season(false).chain(season(true))
    }

    /// The band as an index into arrays with a cell for each.
    #[inline]
    pub const fn index(self) -> usize {
        self.hours as usize + if self.winter { Hours::ALL.len() } else { 0 }
    }
}

impl fmt::Display for Band {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let season = if self.winter { " in winter" } else { "" };
        write!(f, "{}{season}", self.hours.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bands_stand_where_their_index_says() {
        let indices: Vec<usize> = Band::all().map(Band::index).collect();
        assert_eq!(indices, (0..Band::COUNT).collect::<Vec<_>>());
        assert_eq!(Band { winter: true, ..Band::STANDARD }.to_string(), "day in winter");
    }
}
