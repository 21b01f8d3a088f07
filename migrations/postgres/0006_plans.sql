-- Plans: what would go, as it was computed, and what a person released of it.

CREATE TABLE plan (
    plan_id BIGINT PRIMARY KEY,
    -- Plans of one scope are a series: `all`, one child, or a look ahead.
    scope TEXT COLLATE "C" NOT NULL,
    as_of TEXT COLLATE "C" NOT NULL,
    until TEXT COLLATE "C" NOT NULL,
    made_at TEXT COLLATE "C" NOT NULL,
    made_by TEXT COLLATE "C" NOT NULL,
    -- Children that had to be looked at; the others stand as before.
    looked BIGINT NOT NULL DEFAULT 0,
    finished_at TEXT COLLATE "C"
);
CREATE INDEX plan_by_scope ON plan (scope, plan_id);

-- A line stands from one plan on until a later plan of its scope closes it; an unchanged child adds no row.
CREATE TABLE plan_line (
    line BIGINT PRIMARY KEY,
    scope TEXT COLLATE "C" NOT NULL,
    from_plan BIGINT NOT NULL REFERENCES plan (plan_id),
    gone_in BIGINT REFERENCES plan (plan_id),
    child_id TEXT COLLATE "C" NOT NULL REFERENCES child (child_id),
    obligation TEXT COLLATE "C" NOT NULL,
    anchor TEXT COLLATE "C" NOT NULL,
    revision BIGINT NOT NULL,
    recipient TEXT COLLATE "C" NOT NULL,
    envelope TEXT COLLATE "C" NOT NULL,
    opens_on TEXT COLLATE "C" NOT NULL,
    due_on TEXT COLLATE "C" NOT NULL,
    verdict TEXT COLLATE "C" NOT NULL CHECK (verdict IN ('goes', 'waits', 'has-it')),
    -- The channel and on what it rests, or since when the recipient has it.
    channel TEXT COLLATE "C",
    basis TEXT COLLATE "C",
    reason TEXT COLLATE "C",
    detail TEXT COLLATE "C",
    release_rule TEXT COLLATE "C" NOT NULL CHECK (release_rule IN ('auto', 'approve')),
    facts_hash TEXT COLLATE "C" NOT NULL
);
CREATE INDEX plan_line_now ON plan_line (scope, child_id) WHERE gone_in IS NULL;
CREATE INDEX plan_line_made ON plan_line (from_plan);
CREATE INDEX plan_line_gone ON plan_line (gone_in);

-- A person's release of one envelope, made from exactly these facts. Only added to.
CREATE TABLE approval (
    approval_id TEXT COLLATE "C" PRIMARY KEY,
    child_id TEXT COLLATE "C" NOT NULL REFERENCES child (child_id),
    obligation TEXT COLLATE "C" NOT NULL,
    anchor TEXT COLLATE "C" NOT NULL,
    revision BIGINT NOT NULL,
    recipient TEXT COLLATE "C" NOT NULL,
    facts_hash TEXT COLLATE "C" NOT NULL,
    plan_id BIGINT REFERENCES plan (plan_id),
    approved_at TEXT COLLATE "C" NOT NULL,
    approved_by TEXT COLLATE "C" NOT NULL
);
CREATE INDEX approval_by_child ON approval (child_id);

-- The envelopes that `run --plan` sends: nothing else leaves by that run.
CREATE TABLE plan_dispatch (
    plan_id BIGINT NOT NULL REFERENCES plan (plan_id),
    dispatch_id TEXT COLLATE "C" NOT NULL REFERENCES dispatch (dispatch_id),
    PRIMARY KEY (plan_id, dispatch_id)
);

-- What a plan last looked at: as long as none of it changes, the child is skipped without reading its record.
CREATE TABLE child_look (
    child_id TEXT COLLATE "C" PRIMARY KEY REFERENCES child (child_id),
    record_hash TEXT COLLATE "C" NOT NULL,
    last_fact TEXT COLLATE "C" NOT NULL,
    world_hash TEXT COLLATE "C" NOT NULL,
    looked_on TEXT COLLATE "C" NOT NULL,
    next_change_on TEXT COLLATE "C" NOT NULL
);
-- The hash stands behind the record in its row: without this index it costs reading every record.
CREATE INDEX child_by_hash ON child (child_id, record_hash);
