-- Holds beside those on a child. A hold ends only when a person ends it.
CREATE TABLE hold (
    hold_id TEXT PRIMARY KEY,
    scope TEXT NOT NULL CHECK (scope IN ('everything', 'recipient', 'document', 'schedule')),
    subject TEXT NOT NULL,
    reason TEXT NOT NULL,
    held_at TEXT NOT NULL,
    held_by TEXT NOT NULL,
    released_at TEXT,
    released_by TEXT,
    released_because TEXT,
    CHECK ((released_at IS NULL) = (released_by IS NULL))
);
CREATE UNIQUE INDEX hold_standing ON hold (scope, subject) WHERE released_at IS NULL;

-- Schedules. The row of a service that has never run is made at its first start.
DROP TABLE schedule;
CREATE TABLE schedule (
    name TEXT PRIMARY KEY,
    work TEXT NOT NULL,
    expression TEXT NOT NULL,
    zone TEXT NOT NULL,
    missed TEXT NOT NULL CHECK (missed IN ('run-once-now', 'ask', 'skip-and-record')),
    next_due TEXT NOT NULL,
    last_run TEXT,
    -- Why it waits for a person; nothing where it does not.
    asks TEXT
);
CREATE TABLE schedule_run (
    schedule_run_id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    due_at TEXT NOT NULL,
    started_at TEXT NOT NULL,
    ended_at TEXT,
    outcome TEXT CHECK (outcome IN ('done', 'failed', 'skipped', 'asked')),
    says TEXT,
    worker TEXT NOT NULL
);
CREATE INDEX schedule_run_by_name ON schedule_run (name, schedule_run_id);
