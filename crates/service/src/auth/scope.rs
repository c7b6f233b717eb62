//! What a credential may be for. The names are those that tokens carry; a token has exactly what it
//! names, and no scope brings another.

/// One thing that a credential may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Deserialize)]
#[serde(try_from = "String")]
pub enum Scope {
    /// Send visit lists and changes.
    ListsWrite,
    /// Read the lists that were sent.
    ListsRead,
    /// Have plans made, and cancel them.
    PlansRun,
    /// Read plans, and how far they are.
    PlansRead,
    /// Say which plan holds.
    PlansPublish,
    /// Read carers' work lists.
    WorkListsRead,
    /// Read the access log.
    AuditRead,
    /// Have a day forgotten.
    Erase,
    /// Read the service's metrics.
    MetricsRead,
}

impl Scope {
    /// All of them, with the names that tokens carry.
    pub const ALL: [(Scope, &'static str); 9] = [
        (Scope::ListsWrite, "lists:write"),
        (Scope::ListsRead, "lists:read"),
        (Scope::PlansRun, "plans:run"),
        (Scope::PlansRead, "plans:read"),
        (Scope::PlansPublish, "plans:publish"),
        (Scope::WorkListsRead, "worklists:read"),
        (Scope::AuditRead, "audit:read"),
        (Scope::Erase, "erase"),
        (Scope::MetricsRead, "metrics:read"),
    ];

    /// The name that tokens carry.
    pub fn name(self) -> &'static str {
        Scope::ALL.iter().find(|(scope, _)| *scope == self).map_or("", |(_, name)| name)
    }

    /// The scope of exactly that name.
    pub fn of(name: &str) -> Option<Scope> {
        Scope::ALL.iter().find(|(_, known)| *known == name).map(|(scope, _)| *scope)
    }
}

impl TryFrom<String> for Scope {
    type Error = &'static str;

    fn try_from(name: String) -> Result<Scope, Self::Error> {
        Scope::of(&name).ok_or("det finnes ikke noe slikt omfang")
    }
}
