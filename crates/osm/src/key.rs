//! Time and length as one number, so that a search compares once: milliseconds × 2³² plus
//! decimetres. The least key is the fastest way, and of equally fast ones the shortest; its length
//! is that of the very way, and equal maps give equal tables.

use bytemuck::{Pod, Zeroable};
use hjemrute_travel::{Leg, Metres, Seconds};

/// What a way takes: at most [`Key::NEVER`], so that two can be added without a look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Pod, Zeroable)]
#[repr(transparent)]
pub(crate) struct Key(u64);

impl Key {
    /// No way at all.
    pub(crate) const ZERO: Key = Key(0);
    /// There is no way, or none of less than twelve days.
    pub(crate) const NEVER: Key = Key(1 << 62);

    /// So many milliseconds and decimetres.
    pub(crate) fn of(ms: u32, dm: u32) -> Key {
        Key((u64::from(ms) << 32 | u64::from(dm)).min(Key::NEVER.0))
    }

    /// The milliseconds.
    #[cfg(test)]
    pub(crate) fn ms(self) -> u32 {
        (self.0 >> 32) as u32
    }

    /// The decimetres.
    #[cfg(test)]
    pub(crate) fn dm(self) -> u32 {
        self.0 as u32
    }

    /// One way after the other.
    #[inline(always)]
    pub(crate) fn and(self, other: Key) -> Key {
        Key((self.0 + other.0).min(Key::NEVER.0))
    }

    /// What is left of a way once a first part of it is gone; `None` if that takes more, be it only
    /// in length.
    pub(crate) fn less(self, part: Key) -> Option<Key> {
        let ms = (self.0 >> 32).checked_sub(part.0 >> 32)?;
        let dm = (self.0 & 0xffff_ffff).checked_sub(part.0 & 0xffff_ffff)?;
        Some(Key(ms << 32 | dm))
    }

    /// Whether none of some keys is [`Key::NEVER`] or more.
    pub(crate) fn all_are_ways(keys: &[Key]) -> bool {
        // That is a single bit, so all of them are looked at at once.
        keys.iter().fold(0, |all, key| all | key.0) < Key::NEVER.0
    }

    /// The lesser of this and one way after another, of which either may be none at all.
    #[inline(always)]
    pub(crate) fn or_round(self, first: Key, second: Key) -> Key {
        // Of plain numbers the lesser is taken without a jump, which nobody could foresee.
        Key(self.0.min(first.0 + second.0))
    }

    /// The lesser of this and one way after another, of which one is a way.
    #[inline(always)]
    pub(crate) fn or_over(self, first: Key, second: Key) -> Key {
        // Signed numbers are compared four at once where unsigned ones are not; these fit both.
        Key((self.0 as i64).min((first.0 + second.0) as i64) as u64)
    }

    /// Whole seconds and metres, rounded to the nearest, halves up.
    #[inline(always)]
    pub(crate) fn leg(self) -> Option<Leg> {
        // Short numbers are divided several at once.
        let seconds = ((self.0 >> 32) as u32 + 500) / 1000;
        let metres = (self.0 as u32).saturating_add(5) / 10;
        let leg = Leg { seconds: Seconds(seconds as i32), metres: Metres(metres as i32) };
        (self != Key::NEVER).then_some(leg)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_first_then_length() {
        assert!(Key::of(1, 900) < Key::of(2, 0));
        assert!(Key::of(2, 1) < Key::of(2, 2));
        assert_eq!(Key::of(1, 2).and(Key::of(3, 4)), Key::of(4, 6));
        assert_eq!(Key::NEVER.and(Key::of(3, 4)), Key::NEVER);
        assert_eq!(Key::of(4, 6).less(Key::of(3, 4)), Some(Key::of(1, 2)));
        assert_eq!(Key::of(4, 6).less(Key::of(3, 7)), None);
    }

    #[test]
    fn halves_round_up() {
        let leg = |ms, dm| Key::of(ms, dm).leg().map(|leg| (leg.seconds.0, leg.metres.0));
        assert_eq!(leg(499, 4), Some((0, 0)));
        assert_eq!(leg(500, 5), Some((1, 1)));
        assert_eq!(leg(1499, 14), Some((1, 1)));
        assert_eq!(Key::NEVER.leg(), None);
    }
}
