//! Tiny days, every plan of them, and the best one: what `verify` and the solver are held against.
//! Shares no code with either: days are drawn, enumerated, timed, written and added up here, as
//! plainly as `docs/MODEL.md` says it.

mod best;
mod bound;
mod days;
mod draw;
mod grid;
mod keys;
mod may;
mod routes;
mod scribe;
mod solved;
mod tally;
mod times;
mod wrong;
