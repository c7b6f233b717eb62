//! Public benchmark formats, in and out.
