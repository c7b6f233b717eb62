//! Why there is no way between two places: which of the two cannot be reached, and what keeps one
//! from it.

use std::fmt;

use hjemrute_osm::{Snap, SnapRefusal};
use hjemrute_travel::Mode;

/// A place as it was joined to the roads, or was not.
pub(super) type Joined = Result<Snap, SnapRefusal>;

/// What keeps one from going from one place to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NoWay {
    mode: Mode,
    place: Place,
    why: Why,
}

/// Which of the two is the matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    From,
    To,
    Both,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Why {
    /// It is joined to no road; metres to the nearest, if there is any.
    Off(Option<u32>),
    /// Its roads are not connected with the rest.
    Apart,
}

impl NoWay {
    /// Why there is none between these two, which have none.
    pub(super) fn between(mode: Mode, from: &Joined, to: &Joined) -> NoWay {
        let of = |place, why| NoWay { mode, place, why };
        match (from, to) {
            (Err(from), Err(_)) => of(Place::Both, Why::Off(from.metres)),
            (Err(from), Ok(_)) => of(Place::From, Why::Off(from.metres)),
            (Ok(_), Err(to)) => of(Place::To, Why::Off(to.metres)),
            (Ok(from), Ok(to)) => match (from.is_apart(), to.is_apart()) {
                (true, false) => of(Place::From, Why::Apart),
                (false, true) => of(Place::To, Why::Apart),
                _ => of(Place::Both, Why::Apart),
            },
        }
    }

    /// The reason for programs: `from-off-road`, `to-apart` and the like.
    pub(super) fn code(&self) -> &'static str {
        match (self.place, self.why) {
            (Place::From, Why::Off(_)) => "from-off-road",
            (Place::To, Why::Off(_)) => "to-off-road",
            (Place::Both, Why::Off(_)) => "both-off-road",
            (Place::From, Why::Apart) => "from-apart",
            (Place::To, Why::Apart) => "to-apart",
            (Place::Both, Why::Apart) => "both-apart",
        }
    }
}

impl fmt::Display for NoWay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let by = match self.mode {
            Mode::Car => "med bil",
            Mode::Ebike => "med elsykkel",
            Mode::Bike => "med sykkel",
            Mode::Foot => "til fots",
        };
        let place = match self.place {
            Place::From => "startstedet",
            Place::To => "målet",
            Place::Both => "begge stedene",
        };
        match self.why {
            Why::Off(Some(metres)) => {
                write!(
                    f,
                    "{place} ligger {metres} m fra nærmeste vei {by}, og mer enn 250 m er for langt"
                )
            }
            Why::Off(None) => write!(f, "{place} har ingen vei {by} innen 5 km"),
            Why::Apart => {
                write!(f, "{place} ligger ved veier som ikke henger sammen med resten {by}")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn which_of_the_two_is_told() {
        let off = |metres| Err(SnapRefusal { metres });
        let told = NoWay::between(Mode::Car, &off(Some(312)), &off(None));
        assert_eq!(told.code(), "both-off-road");
        assert!(told.to_string().contains("312 m"));
        let told = NoWay::between(Mode::Foot, &off(None), &off(None));
        assert_eq!(told.to_string(), "begge stedene har ingen vei til fots innen 5 km");
    }
}
