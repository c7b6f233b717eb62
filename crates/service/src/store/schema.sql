-- The tables of one unit, in SQLite's words. Blobs named `sealed` open with the key of their day alone.
-- What a later version adds is a table of its own, so that what an older one has made is opened as it is.
CREATE TABLE IF NOT EXISTS day_keys (
    day     TEXT PRIMARY KEY,
    sealed  BLOB NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS lists (
    id       TEXT PRIMARY KEY,
    name     BLOB NOT NULL,             -- keyed hash of the list's own id
    version  INTEGER NOT NULL,
    day      TEXT NOT NULL,
    sha256   BLOB NOT NULL,
    received TEXT NOT NULL,
    sealed   BLOB NOT NULL,             -- the list as it came
    receipt  BLOB NOT NULL,             -- sealed too: what was answered
    UNIQUE (name, version)
) STRICT;
CREATE INDEX IF NOT EXISTS lists_by_day ON lists (day);
CREATE TABLE IF NOT EXISTS plans (
    id         TEXT PRIMARY KEY,
    list       TEXT NOT NULL REFERENCES lists (id) ON DELETE CASCADE,
    day        TEXT NOT NULL,
    shift      TEXT NOT NULL,
    profile    TEXT NOT NULL,
    seed       INTEGER NOT NULL,
    seconds    INTEGER NOT NULL,
    iterations INTEGER,
    state      TEXT NOT NULL,
    reason     TEXT,
    attempts   INTEGER NOT NULL DEFAULT 0,
    fence      INTEGER NOT NULL DEFAULT 0,
    lease      INTEGER NOT NULL DEFAULT 0,
    created    TEXT NOT NULL,
    finished   TEXT,
    lists      INTEGER NOT NULL DEFAULT 0  -- how many work lists it has
) STRICT;
CREATE INDEX IF NOT EXISTS plans_to_do ON plans (state, id);
CREATE INDEX IF NOT EXISTS plans_by_day ON plans (day);
CREATE INDEX IF NOT EXISTS plans_by_list ON plans (list);
CREATE TABLE IF NOT EXISTS replans (      -- plans that are made against one that holds
    plan TEXT PRIMARY KEY REFERENCES plans (id) ON DELETE CASCADE,
    held TEXT NOT NULL REFERENCES plans (id) ON DELETE CASCADE,
    now  INTEGER,                       -- minutes after midnight
    most INTEGER                        -- how many patients may be disturbed
) STRICT;
CREATE TABLE IF NOT EXISTS searches (     -- of plans that are searched for
    plan     TEXT PRIMARY KEY REFERENCES plans (id) ON DELETE CASCADE,
    prove    INTEGER NOT NULL,          -- 1 where a bound is looked for
    enough   INTEGER NOT NULL,          -- 1 where the best so far will do
    progress TEXT                       -- how far it is, as it is told
) STRICT;
CREATE TABLE IF NOT EXISTS documents (
    plan    TEXT NOT NULL REFERENCES plans (id) ON DELETE CASCADE,
    number  INTEGER NOT NULL,           -- 0 is the plan, then the work lists
    format  TEXT NOT NULL,
    sealed  BLOB NOT NULL,
    PRIMARY KEY (plan, number, format)
) STRICT;
CREATE TABLE IF NOT EXISTS published (
    day      TEXT NOT NULL,
    shift    TEXT NOT NULL,
    revision INTEGER NOT NULL,
    plan     TEXT REFERENCES plans (id) ON DELETE SET NULL,
    changed  TEXT NOT NULL,
    PRIMARY KEY (day, shift)
) STRICT;
CREATE TABLE IF NOT EXISTS profiles (
    name    TEXT NOT NULL,
    version INTEGER NOT NULL,
    text    TEXT NOT NULL,              -- as its file would be
    who     TEXT NOT NULL,
    changed TEXT NOT NULL,
    PRIMARY KEY (name, version)
) STRICT;
CREATE TABLE IF NOT EXISTS answers (
    key      BLOB PRIMARY KEY,          -- keyed hash of operation and Idempotency-Key
    request  BLOB NOT NULL,             -- keyed hash of the body
    at       INTEGER NOT NULL,
    day      TEXT NOT NULL,
    status   INTEGER NOT NULL,
    location TEXT NOT NULL,
    sealed   BLOB NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS answers_by_age ON answers (at);
CREATE TABLE IF NOT EXISTS tokens (
    id      TEXT PRIMARY KEY,
    hash    BLOB NOT NULL UNIQUE,       -- SHA-256 of the token
    name    TEXT NOT NULL,
    scopes  TEXT NOT NULL,
    created TEXT NOT NULL,
    expires INTEGER NOT NULL,
    revoked TEXT
) STRICT;
CREATE TABLE IF NOT EXISTS audit (
    seq    INTEGER PRIMARY KEY,
    at     TEXT NOT NULL,
    who    TEXT NOT NULL,
    act    TEXT NOT NULL,
    object TEXT NOT NULL,
    hash   BLOB NOT NULL                -- keyed hash of the row and of the hash before it
) STRICT;
