-- Portable columns only: TEXT, BIGINT, BLOB. Ids are text, instants RFC 3339 UTC with three decimals and Z.

CREATE TABLE installation (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
);

-- Facts as received ---------------------------------------------------------------------------------------

CREATE TABLE child (
    child_id TEXT PRIMARY KEY,
    full_name TEXT NOT NULL,
    folded_name TEXT NOT NULL,
    program_number TEXT NOT NULL,
    record TEXT NOT NULL,
    record_hash TEXT NOT NULL,
    revision BIGINT NOT NULL CHECK (revision > 0),
    imported_at TEXT NOT NULL
);
CREATE INDEX child_by_name ON child (folded_name);

CREATE TABLE child_history (
    child_id TEXT NOT NULL REFERENCES child (child_id),
    revision BIGINT NOT NULL,
    record TEXT NOT NULL,
    record_hash TEXT NOT NULL,
    source TEXT NOT NULL,
    imported_at TEXT NOT NULL,
    PRIMARY KEY (child_id, revision)
);
CREATE INDEX child_history_by_source ON child_history (source, imported_at);

-- One data key a child, wrapped by the program's key: destroying the row destroys the child's bodies.
CREATE TABLE child_key (
    child_id TEXT PRIMARY KEY,
    wrapped BLOB NOT NULL
);

-- A final version of a plan never changes; a different body under the same version is refused.
CREATE TABLE ifsp_version (
    child_id TEXT NOT NULL REFERENCES child (child_id),
    ifsp_id TEXT NOT NULL,
    version BIGINT NOT NULL,
    body_hash TEXT NOT NULL,
    PRIMARY KEY (child_id, ifsp_id, version)
);

CREATE TABLE directory (
    revision BIGINT PRIMARY KEY,
    body TEXT NOT NULL,
    body_hash TEXT NOT NULL,
    imported_at TEXT NOT NULL
);

-- What was recorded here; an import never undoes it.
CREATE TABLE fact (
    fact_id TEXT PRIMARY KEY,
    child_id TEXT NOT NULL,
    body TEXT NOT NULL,
    recorded_at TEXT NOT NULL,
    recorded_by TEXT NOT NULL
);
CREATE INDEX fact_by_child ON fact (child_id, fact_id);

-- Duties --------------------------------------------------------------------------------------------------

CREATE TABLE obligation (
    child_id TEXT NOT NULL REFERENCES child (child_id),
    kind TEXT NOT NULL,
    anchor TEXT NOT NULL,
    revision BIGINT NOT NULL,
    body_hash TEXT NOT NULL,
    opens_on TEXT NOT NULL,
    due_on TEXT NOT NULL,
    work_on TEXT NOT NULL,
    citation TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('open', 'met', 'waived', 'not-applicable', 'superseded')),
    met_on TEXT,
    -- What met it, in words with the event's id; a mailing is `mailed`.
    met_by TEXT,
    -- How many recipients a paper is owed to; 0 for a duty that a person does.
    owed BIGINT NOT NULL DEFAULT 0,
    -- The coordinator whose work it is; none is the supervisor's.
    owner TEXT,
    stands_still_since TEXT,
    -- Why it is late, where somebody said so: `family` or `system`, with the note that documents it.
    late_because TEXT,
    late_note TEXT,
    PRIMARY KEY (child_id, kind, anchor, revision)
);
CREATE INDEX obligation_open ON obligation (due_on) WHERE status = 'open';

CREATE TABLE obligation_history (
    history_id TEXT PRIMARY KEY,
    child_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    anchor TEXT NOT NULL,
    revision BIGINT NOT NULL,
    at TEXT NOT NULL,
    status TEXT NOT NULL,
    due_on TEXT NOT NULL,
    what TEXT NOT NULL
);

CREATE INDEX obligation_history_by_child ON obligation_history (child_id, history_id);

CREATE TABLE task (
    task_id TEXT PRIMARY KEY,
    child_id TEXT,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    says TEXT NOT NULL,
    opened_at TEXT NOT NULL,
    closed_at TEXT
);
CREATE UNIQUE INDEX task_open ON task (child_id, kind, subject) WHERE closed_at IS NULL;
CREATE INDEX task_waiting ON task (task_id) WHERE closed_at IS NULL;

-- Envelopes -----------------------------------------------------------------------------------------------

CREATE TABLE dispatch (
    dispatch_id TEXT PRIMARY KEY,
    child_id TEXT NOT NULL REFERENCES child (child_id),
    envelope TEXT NOT NULL,
    obligation TEXT NOT NULL,
    anchor TEXT NOT NULL,
    revision BIGINT NOT NULL,
    recipient TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('queued', 'held', 'withheld', 'sending', 'accepted', 'printed', 'confirmed',
                                         'returned', 'failed', 'unknown', 'cancelled', 'superseded')),
    reason TEXT,
    detail TEXT,
    channel TEXT,
    packet TEXT,
    message_sha256 TEXT,
    due_on TEXT NOT NULL,
    not_before TEXT NOT NULL,
    attempt BIGINT NOT NULL DEFAULT 0,
    refusals BIGINT NOT NULL DEFAULT 0,
    resent_unknown BIGINT NOT NULL DEFAULT 0,
    lease_until TEXT,
    worker TEXT,
    run_id TEXT,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    CHECK ((state = 'sending') = (lease_until IS NOT NULL)),
    CHECK (state NOT IN ('held', 'withheld') OR reason IS NOT NULL)
);
CREATE INDEX dispatch_by_child ON dispatch (child_id);
CREATE INDEX dispatch_by_run ON dispatch (run_id, dispatch_id);
CREATE INDEX dispatch_queue ON dispatch (due_on, dispatch_id) WHERE state = 'queued';
CREATE INDEX dispatch_leases ON dispatch (lease_until) WHERE state = 'sending';
CREATE INDEX dispatch_to_render ON dispatch (dispatch_id) WHERE state = 'queued' AND packet IS NULL;
CREATE INDEX dispatch_by_state ON dispatch (state, due_on, dispatch_id);

CREATE TABLE dispatch_item (
    item_key TEXT PRIMARY KEY,
    dispatch_id TEXT NOT NULL REFERENCES dispatch (dispatch_id),
    place BIGINT NOT NULL,
    document TEXT NOT NULL
);
CREATE INDEX item_by_dispatch ON dispatch_item (dispatch_id);

CREATE TABLE dispatch_history (
    history_id TEXT PRIMARY KEY,
    dispatch_id TEXT NOT NULL REFERENCES dispatch (dispatch_id),
    at TEXT NOT NULL,
    state TEXT NOT NULL,
    why TEXT NOT NULL
);
CREATE INDEX history_by_dispatch ON dispatch_history (dispatch_id, history_id);

-- Written before the effect, settled after it.
CREATE TABLE attempt (
    dispatch_id TEXT NOT NULL REFERENCES dispatch (dispatch_id),
    attempt BIGINT NOT NULL,
    channel TEXT NOT NULL,
    endpoint_id TEXT NOT NULL,
    worker TEXT NOT NULL,
    decision TEXT NOT NULL,
    started_at TEXT NOT NULL,
    settled_at TEXT,
    outcome TEXT,
    sealed_evidence BLOB,
    PRIMARY KEY (dispatch_id, attempt),
    CHECK ((settled_at IS NULL) = (outcome IS NULL))
);

CREATE TABLE body (
    name TEXT PRIMARY KEY,
    child_id TEXT NOT NULL,
    bytes BIGINT NOT NULL,
    stored_at TEXT NOT NULL
);

-- The record of access ------------------------------------------------------------------------------------

CREATE TABLE ledger (
    seq BIGINT PRIMARY KEY,
    at TEXT NOT NULL,
    child_id TEXT NOT NULL,
    body TEXT NOT NULL,
    prev TEXT NOT NULL,
    hash TEXT NOT NULL UNIQUE
);
CREATE INDEX ledger_by_child ON ledger (child_id, seq);

-- Personal parts, under the child's key.
CREATE TABLE ledger_detail (
    seq BIGINT PRIMARY KEY REFERENCES ledger (seq),
    child_id TEXT NOT NULL,
    sealed BLOB NOT NULL
);

CREATE TRIGGER ledger_is_never_changed BEFORE UPDATE ON ledger
BEGIN
    SELECT RAISE (ABORT, 'the record of access is only added to');
END;
CREATE TRIGGER ledger_is_never_cut BEFORE DELETE ON ledger
BEGIN
    SELECT RAISE (ABORT, 'the record of access is only added to');
END;
CREATE TRIGGER ledger_detail_is_never_changed BEFORE UPDATE ON ledger_detail
BEGIN
    SELECT RAISE (ABORT, 'the record of access is only added to');
END;

-- Runs and schedules --------------------------------------------------------------------------------------

CREATE TABLE run (
    run_id TEXT PRIMARY KEY,
    started_at TEXT NOT NULL,
    ended_at TEXT,
    as_of TEXT NOT NULL,
    balance TEXT
);

CREATE TABLE schedule (
    name TEXT PRIMARY KEY,
    next_due TEXT NOT NULL,
    last_run TEXT
);
