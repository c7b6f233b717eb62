//! When a worse solution is kept: simulated annealing (Kirkpatrick, Gelatt, Vecchi 1983,
//! doi:10.1126/science.220.4598.671) in whole numbers, so that no rounding of a floating-point unit
//! decides anything.

use super::rng::Rng;

/// How many steps the temperature falls in.
pub(crate) const STEPS: u32 = 1024;

/// 2³² · 300^(−1/1024): after all the steps the temperature is a 300th.
const FALL: u64 = 4_271_110_403;

/// A falling temperature, in units of cost.
#[derive(Clone, Debug)]
pub(crate) struct Annealing {
    by_step: Vec<i64>,
}

impl Annealing {
    /// From `hottest` down to a 300th of it.
    pub(crate) fn from(hottest: i64) -> Annealing {
        let mut hot = (hottest.max(1) as u128) << 32;
        let by_step = (0..STEPS)
            .map(|_| {
                let now = (hot >> 32) as i64;
                hot = (hot * u128::from(FALL)) >> 32;
                now
            })
            .collect();
        Annealing { by_step }
    }

    /// Where it began.
    pub(crate) fn hottest(&self) -> i64 {
        self.by_step[0]
    }

    /// Up to which increase a solution is kept this time: temperature × −ln(u), u uniform.
    #[inline]
    pub(crate) fn leeway(&self, step: u32, rng: &mut Rng) -> i64 {
        let hot = self.by_step[step.min(STEPS - 1) as usize];
        ((i128::from(hot) * i128::from(minus_ln(rng.next()))) >> 16) as i64
    }
}

/// −ln(u / 2⁶⁴) · 2¹⁶ for u > 0, by binary logarithm bit by bit.
fn minus_ln(u: u64) -> i64 {
    /// ln 2 · 2³²
    const LN2: i128 = 2_977_044_472;
    let u = u.max(1);
    let whole = u.leading_zeros();
    // The mantissa in [1, 2), as a fraction of 2³¹; squared 16 times, each doubling is a bit.
    let mut mantissa = (u << whole) >> 32;
    let mut fraction: i64 = 0;
    for _ in 0..16 {
        mantissa = (mantissa * mantissa) >> 31;
        fraction <<= 1;
        if mantissa >= 1 << 32 {
            mantissa >>= 1;
            fraction |= 1;
        }
    }
    let minus_log2 = ((i64::from(whole) + 1) << 16) - fraction;
    ((i128::from(minus_log2) * LN2) >> 32) as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_logarithm_is_the_logarithm() {
        for u in [1, 2, 3, 1 << 20, u64::MAX / 3, u64::MAX / 2 + 7, u64::MAX] {
            let wanted = -((u as f64) / 2f64.powi(64)).ln();
            let got = minus_ln(u) as f64 / 65536.0;
            assert!((wanted - got).abs() < 1e-3, "{u}: {wanted} {got}");
        }
    }

    #[test]
    fn the_temperature_falls_to_a_three_hundredth() {
        let annealing = Annealing::from(3_000_000);
        let last = *annealing.by_step.last().unwrap();
        assert!((9_900..=10_200).contains(&last), "{last}");
        assert!(annealing.by_step.windows(2).all(|pair| pair[1] <= pair[0]));
    }
}
