//! Loops over 64-bit numbers, compiled three times, because processors that can compare four or eight of
//! them at once are not taken for granted by the compiler.
//!
//! PERF: pulling through 10,000 rows of five steps takes 365 µs compiled for any processor and 51 µs
//! by four; printed by the test of `many::lanes`. Lifting the keys of a city's bicycle network takes 35 ms
//! instead of 45; see "Roads" in benches/RESULTS.md.

/// A loop that is compiled for several kinds of processors.
pub(crate) trait Loop: Sized {
    /// Goes through it, compiled for whoever calls.
    fn run(self);

    /// Goes through it as the processor at hand does best.
    fn run_here(self) {
        #[cfg(target_arch = "x86_64")]
        {
            if std::arch::is_x86_feature_detected!("avx512f") {
                return by_eight(self);
            }
            if std::arch::is_x86_feature_detected!("avx2") {
                return by_four(self);
            }
        }
        self.run();
    }
}

#[cfg(target_arch = "x86_64")]
pub(crate) use asked_for::{by_eight, by_four};

#[cfg(target_arch = "x86_64")]
#[expect(unsafe_code, reason = "what only some processors can do must be asked for")]
mod asked_for {
    use super::Loop;

    #[target_feature(enable = "avx512f")]
    fn eight(work: impl Loop) {
        work.run();
    }

    #[target_feature(enable = "avx2")]
    fn four(work: impl Loop) {
        work.run();
    }

    pub(crate) fn by_eight(work: impl Loop) {
        // SAFETY: called only where the processor was found to have AVX-512; the body is safe code.
        unsafe { eight(work) }
    }

    pub(crate) fn by_four(work: impl Loop) {
        // SAFETY: called only where the processor was found to have AVX2; the body is safe code.
        unsafe { four(work) }
    }
}
