//! Which mix of ruin and descent the day rewards: a bandit. Each arm is chosen as often as its
//! rewards for the work it was deserve, and never less than now and then. Work is counted, not timed,
//! so that the choice is the same on every machine.

use super::rng::Rng;

/// How many iterations pass before the arms are weighed anew.
const EPOCH: u32 = 1024;

/// The weights' sum, about.
const WHOLE: u64 = 1 << 16;

/// The share of the whole that no arm falls below: one in ten. A search does not live by what is
/// rewarded at once alone.
const FLOOR: u64 = WHOLE / 10;

/// What an iteration does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Arm {
    /// How many visits the ruin takes out on average.
    pub(crate) ruin: usize,
    /// Whether a descent follows where they were put back.
    pub(crate) descent: bool,
}

const ARMS: [Arm; 6] = [
    Arm { ruin: 5, descent: false },
    Arm { ruin: 10, descent: false },
    Arm { ruin: 16, descent: false },
    Arm { ruin: 3, descent: true },
    Arm { ruin: 6, descent: true },
    Arm { ruin: 10, descent: true },
];

/// What came of an iteration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Came {
    /// The best plan yet.
    Best,
    /// A better plan than the one before.
    Better,
    /// Neither.
    Nothing,
}

/// How the arms stand.
#[derive(Debug)]
pub(crate) struct Mix {
    weight: [u64; ARMS.len()],
    /// Rewards and work since the last weighing.
    tally: [(u64, u64); ARMS.len()],
    turns: u32,
}

/// An arm that has been drawn, to be rewarded.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Drawn(usize);

impl Mix {
    pub(crate) fn new() -> Mix {
        Mix {
            weight: [WHOLE / ARMS.len() as u64; ARMS.len()],
            tally: [(0, 0); ARMS.len()],
            turns: 0,
        }
    }

    /// Draws an arm by its weight.
    pub(crate) fn draw(&self, rng: &mut Rng) -> (Drawn, Arm) {
        let mut left = rng.below(self.weight.iter().sum::<u64>() as usize) as u64;
        for (at, weight) in self.weight.iter().enumerate() {
            if left < *weight {
                return (Drawn(at), ARMS[at]);
            }
            left -= weight;
        }
        (Drawn(0), ARMS[0])
    }

    /// Takes in what came of the arm, and how much work it was.
    pub(crate) fn reward(&mut self, Drawn(at): Drawn, came: Came, work: u64) {
        let points = match came {
            Came::Best => 16,
            Came::Better => 2,
            Came::Nothing => 0,
        };
        let (points_of, work_of) = &mut self.tally[at];
        (*points_of, *work_of) = (*points_of + points, *work_of + work);
        self.turns += 1;
        if self.turns == EPOCH {
            self.weigh();
        }
    }

    /// The new weights: three parts as they were, one part by reward for work.
    fn weigh(&mut self) {
        let rates = self.tally.map(|(points, work)| (points << 32) / work.max(1));
        let all = rates.iter().sum::<u64>();
        if all > 0 {
            let spare = WHOLE - FLOOR * ARMS.len() as u64;
            for (weight, rate) in self.weight.iter_mut().zip(rates) {
                let deserved =
                    FLOOR + (u128::from(spare) * u128::from(rate) / u128::from(all)) as u64;
                *weight = (3 * *weight + deserved) / 4;
            }
        }
        (self.tally, self.turns) = ([(0, 0); ARMS.len()], 0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_rewarded_is_drawn_more_often_and_nothing_never() {
        let (mut mix, mut rng) = (Mix::new(), Rng::new(1, 0));
        let mut drawn = [0; ARMS.len()];
        for turn in 0..20 * EPOCH {
            let (arm, _) = mix.draw(&mut rng);
            let came = if arm.0 == 4 { Came::Better } else { Came::Nothing };
            mix.reward(arm, came, 10);
            drawn[arm.0] += u32::from(turn >= 10 * EPOCH);
        }
        assert!(drawn[4] > 4 * EPOCH, "{drawn:?}");
        assert!(drawn.iter().all(|times| *times > EPOCH / 8), "{drawn:?}");
    }
}
