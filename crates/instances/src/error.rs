//! Why a benchmark file cannot be used.

/// A problem that cannot be planned as it is meant.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InstanceError {
    /// The text is not what the format looks like.
    #[error("not a problem of this format: {0}")]
    Unreadable(String),
    /// The file asks for something that the model has no words for.
    #[error("{at}: `{field}` is not supported; {fix}")]
    Unsupported {
        /// Where: `jobs[3]`.
        at: String,
        /// Which field.
        field: String,
        /// What to do.
        fix: &'static str,
    },
    /// A value cannot be meant, or is beyond what can be counted.
    #[error("{at}: `{field}` {what}")]
    Wrong {
        /// Where: `vehicles[0].breaks[0]`.
        at: String,
        /// Which field.
        field: &'static str,
        /// What is wrong with it and what is right.
        what: String,
    },
}
