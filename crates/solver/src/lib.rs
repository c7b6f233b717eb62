//! A day of visits in, a plan out. No files, no clock but the budget, no network.
