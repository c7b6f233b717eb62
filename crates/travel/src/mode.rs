//! The ways a carer gets about.

use std::fmt;

/// How a carer travels; each mode has its own road profile and its own travel table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mode {
    /// A car, nearly always electric.
    Car,
    /// A bicycle with an electric motor.
    Ebike,
    /// A bicycle without one.
    Bike,
    /// On foot.
    Foot,
}

impl Mode {
    /// Every mode, in the order of their discriminants.
    pub const ALL: [Mode; 4] = [Mode::Car, Mode::Ebike, Mode::Bike, Mode::Foot];

    /// The name in files and answers: `car`, `ebike`, `bike`, `foot`.
    pub const fn name(self) -> &'static str {
        match self {
            Mode::Car => "car",
            Mode::Ebike => "ebike",
            Mode::Bike => "bike",
            Mode::Foot => "foot",
        }
    }

    /// The mode of that name.
    pub fn from_name(name: &str) -> Option<Mode> {
        Self::ALL.into_iter().find(|mode| mode.name() == name)
    }

    /// The mode as an index into arrays with a cell for each mode.
    #[inline]
    pub const fn index(self) -> usize {
        self as usize
    }
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
