//! The search's own random numbers: the same on every machine, for ever, from a seed. SplitMix64
//! (Steele, Lea, Flood 2014, doi:10.1145/2660193.2660195).

/// A stream of random numbers.
#[derive(Clone, Debug)]
pub(crate) struct Rng(u64);

impl Rng {
    /// A stream of its own for each pair of seed and worker.
    pub(crate) fn new(seed: u64, worker: u64) -> Rng {
        let mut rng = Rng(seed ^ worker.wrapping_mul(0xD1B5_4A32_D192_ED03));
        rng.next();
        rng
    }

    #[inline]
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below `bound`, which must not be zero.
    #[inline]
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        ((u128::from(self.next()) * bound as u128) >> 64) as usize
    }

    /// A number from `low` to `high`, both included.
    #[inline]
    pub(crate) fn between(&mut self, low: usize, high: usize) -> usize {
        low + self.below(high - low + 1)
    }

    /// True once in `times`.
    #[inline]
    pub(crate) fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    pub(crate) fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last + 1));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_repeats_and_workers_differ() {
        let stream = |seed, worker| {
            let mut rng = Rng::new(seed, worker);
            [rng.next(), rng.next(), rng.next()]
        };
        assert_eq!(stream(1, 0), stream(1, 0));
        assert_ne!(stream(1, 0), stream(1, 1));
        let mut rng = Rng::new(7, 0);
        assert!((0..1000).all(|_| rng.between(3, 5) >= 3 && rng.below(2) < 2));
    }
}
