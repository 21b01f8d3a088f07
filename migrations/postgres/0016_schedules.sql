-- Holds beside those on a child. A hold ends only when a person ends it.
CREATE TABLE hold (
    hold_id TEXT COLLATE "C" PRIMARY KEY,
    scope TEXT COLLATE "C" NOT NULL CHECK (scope IN ('everything', 'recipient', 'document', 'schedule')),
    subject TEXT COLLATE "C" NOT NULL,
    reason TEXT COLLATE "C" NOT NULL,
    held_at TEXT COLLATE "C" NOT NULL,
    held_by TEXT COLLATE "C" NOT NULL,
    released_at TEXT COLLATE "C",
    released_by TEXT COLLATE "C",
    released_because TEXT COLLATE "C",
    CHECK ((released_at IS NULL) = (released_by IS NULL))
);
CREATE UNIQUE INDEX hold_standing ON hold (scope, subject) WHERE released_at IS NULL;

-- Schedules. The row of a service that has never run is made at its first start.
DROP TABLE schedule;
CREATE TABLE schedule (
    name TEXT COLLATE "C" PRIMARY KEY,
    work TEXT COLLATE "C" NOT NULL,
    expression TEXT COLLATE "C" NOT NULL,
    zone TEXT COLLATE "C" NOT NULL,
    missed TEXT COLLATE "C" NOT NULL CHECK (missed IN ('run-once-now', 'ask', 'skip-and-record')),
    next_due TEXT COLLATE "C" NOT NULL,
    last_run TEXT COLLATE "C",
    -- Why it waits for a person; nothing where it does not.
    asks TEXT COLLATE "C"
);
CREATE TABLE schedule_run (
    schedule_run_id TEXT COLLATE "C" PRIMARY KEY,
    name TEXT COLLATE "C" NOT NULL,
    due_at TEXT COLLATE "C" NOT NULL,
    started_at TEXT COLLATE "C" NOT NULL,
    ended_at TEXT COLLATE "C",
    outcome TEXT COLLATE "C" CHECK (outcome IN ('done', 'failed', 'skipped', 'asked')),
    says TEXT COLLATE "C",
    worker TEXT COLLATE "C" NOT NULL
);
CREATE INDEX schedule_run_by_name ON schedule_run (name, schedule_run_id);
