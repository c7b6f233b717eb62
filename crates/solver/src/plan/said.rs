//! A sentence for people, in the two languages that every answer speaks.

/// The same sentence in English (for developers and logs of faults) and in Norwegian bokmål (for
/// schedulers and carers). Holds references and figures only, never a name or an address.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Said {
    /// English.
    pub en: String,
    /// Norwegian bokmål.
    pub nb: String,
}

impl Said {
    /// Both sentences.
    pub fn new(en: impl Into<String>, nb: impl Into<String>) -> Said {
        Said { en: en.into(), nb: nb.into() }
    }
}
