-- Portable columns only: TEXT, BIGINT, BYTEA. Ids are text, instants RFC 3339 UTC with three decimals and Z.

CREATE TABLE installation (
    name TEXT COLLATE "C" PRIMARY KEY,
    value TEXT COLLATE "C" NOT NULL
);

-- Facts as received ---------------------------------------------------------------------------------------

CREATE TABLE child (
    child_id TEXT COLLATE "C" PRIMARY KEY,
    full_name TEXT COLLATE "C" NOT NULL,
    folded_name TEXT COLLATE "C" NOT NULL,
    program_number TEXT COLLATE "C" NOT NULL,
    record TEXT COLLATE "C" NOT NULL,
    record_hash TEXT COLLATE "C" NOT NULL,
    revision BIGINT NOT NULL CHECK (revision > 0),
    imported_at TEXT COLLATE "C" NOT NULL
);
CREATE INDEX child_by_name ON child (folded_name);

CREATE TABLE child_history (
    child_id TEXT COLLATE "C" NOT NULL REFERENCES child (child_id),
    revision BIGINT NOT NULL,
    record TEXT COLLATE "C" NOT NULL,
    record_hash TEXT COLLATE "C" NOT NULL,
    source TEXT COLLATE "C" NOT NULL,
    imported_at TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (child_id, revision)
);
CREATE INDEX child_history_by_source ON child_history (source, imported_at);

-- One data key a child, wrapped by the program's key: destroying the row destroys the child's bodies.
CREATE TABLE child_key (
    child_id TEXT COLLATE "C" PRIMARY KEY,
    wrapped BYTEA NOT NULL
);

-- A final version of a plan never changes; a different body under the same version is refused.
CREATE TABLE ifsp_version (
    child_id TEXT COLLATE "C" NOT NULL REFERENCES child (child_id),
    ifsp_id TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    body_hash TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (child_id, ifsp_id, version)
);

CREATE TABLE directory (
    revision BIGINT PRIMARY KEY,
    body TEXT COLLATE "C" NOT NULL,
    body_hash TEXT COLLATE "C" NOT NULL,
    imported_at TEXT COLLATE "C" NOT NULL
);

-- What was recorded here; an import never undoes it.
CREATE TABLE fact (
    fact_id TEXT COLLATE "C" PRIMARY KEY,
    child_id TEXT COLLATE "C" NOT NULL,
    body TEXT COLLATE "C" NOT NULL,
    recorded_at TEXT COLLATE "C" NOT NULL,
    recorded_by TEXT COLLATE "C" NOT NULL
);
CREATE INDEX fact_by_child ON fact (child_id, fact_id);

-- Duties --------------------------------------------------------------------------------------------------

CREATE TABLE obligation (
    child_id TEXT COLLATE "C" NOT NULL REFERENCES child (child_id),
    kind TEXT COLLATE "C" NOT NULL,
    anchor TEXT COLLATE "C" NOT NULL,
    revision BIGINT NOT NULL,
    body_hash TEXT COLLATE "C" NOT NULL,
    opens_on TEXT COLLATE "C" NOT NULL,
    due_on TEXT COLLATE "C" NOT NULL,
    work_on TEXT COLLATE "C" NOT NULL,
    citation TEXT COLLATE "C" NOT NULL,
    status TEXT COLLATE "C" NOT NULL CHECK (status IN ('open', 'met', 'waived', 'not-applicable', 'superseded')),
    met_on TEXT COLLATE "C",
    -- What met it, in words with the event's id; a mailing is `mailed`.
    met_by TEXT COLLATE "C",
    -- How many recipients a paper is owed to; 0 for a duty that a person does.
    owed BIGINT NOT NULL DEFAULT 0,
    -- The coordinator whose work it is; none is the supervisor's.
    owner TEXT COLLATE "C",
    stands_still_since TEXT COLLATE "C",
    -- Why it is late, where somebody said so: `family` or `system`, with the note that documents it.
    late_because TEXT COLLATE "C",
    late_note TEXT COLLATE "C",
    PRIMARY KEY (child_id, kind, anchor, revision)
);
CREATE INDEX obligation_open ON obligation (due_on) WHERE status = 'open';

CREATE TABLE obligation_history (
    history_id TEXT COLLATE "C" PRIMARY KEY,
    child_id TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    anchor TEXT COLLATE "C" NOT NULL,
    revision BIGINT NOT NULL,
    at TEXT COLLATE "C" NOT NULL,
    status TEXT COLLATE "C" NOT NULL,
    due_on TEXT COLLATE "C" NOT NULL,
    what TEXT COLLATE "C" NOT NULL
);

CREATE INDEX obligation_history_by_child ON obligation_history (child_id, history_id);

CREATE TABLE task (
    task_id TEXT COLLATE "C" PRIMARY KEY,
    child_id TEXT COLLATE "C",
    kind TEXT COLLATE "C" NOT NULL,
    subject TEXT COLLATE "C" NOT NULL,
    says TEXT COLLATE "C" NOT NULL,
    opened_at TEXT COLLATE "C" NOT NULL,
    closed_at TEXT COLLATE "C"
);
CREATE UNIQUE INDEX task_open ON task (child_id, kind, subject) WHERE closed_at IS NULL;
CREATE INDEX task_waiting ON task (task_id) WHERE closed_at IS NULL;

-- Envelopes -----------------------------------------------------------------------------------------------

CREATE TABLE dispatch (
    dispatch_id TEXT COLLATE "C" PRIMARY KEY,
    child_id TEXT COLLATE "C" NOT NULL REFERENCES child (child_id),
    envelope TEXT COLLATE "C" NOT NULL,
    obligation TEXT COLLATE "C" NOT NULL,
    anchor TEXT COLLATE "C" NOT NULL,
    revision BIGINT NOT NULL,
    recipient TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL CHECK (state IN ('queued', 'held', 'withheld', 'sending', 'accepted', 'printed', 'confirmed',
                                         'returned', 'failed', 'unknown', 'cancelled', 'superseded')),
    reason TEXT COLLATE "C",
    detail TEXT COLLATE "C",
    channel TEXT COLLATE "C",
    packet TEXT COLLATE "C",
    message_sha256 TEXT COLLATE "C",
    due_on TEXT COLLATE "C" NOT NULL,
    not_before TEXT COLLATE "C" NOT NULL,
    attempt BIGINT NOT NULL DEFAULT 0,
    refusals BIGINT NOT NULL DEFAULT 0,
    resent_unknown BIGINT NOT NULL DEFAULT 0,
    lease_until TEXT COLLATE "C",
    worker TEXT COLLATE "C",
    run_id TEXT COLLATE "C",
    created_at TEXT COLLATE "C" NOT NULL,
    updated_at TEXT COLLATE "C" NOT NULL,
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
    item_key TEXT COLLATE "C" PRIMARY KEY,
    dispatch_id TEXT COLLATE "C" NOT NULL REFERENCES dispatch (dispatch_id),
    place BIGINT NOT NULL,
    document TEXT COLLATE "C" NOT NULL
);
CREATE INDEX item_by_dispatch ON dispatch_item (dispatch_id);

CREATE TABLE dispatch_history (
    history_id TEXT COLLATE "C" PRIMARY KEY,
    dispatch_id TEXT COLLATE "C" NOT NULL REFERENCES dispatch (dispatch_id),
    at TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    why TEXT COLLATE "C" NOT NULL
);
CREATE INDEX history_by_dispatch ON dispatch_history (dispatch_id, history_id);

-- Written before the effect, settled after it.
CREATE TABLE attempt (
    dispatch_id TEXT COLLATE "C" NOT NULL REFERENCES dispatch (dispatch_id),
    attempt BIGINT NOT NULL,
    channel TEXT COLLATE "C" NOT NULL,
    endpoint_id TEXT COLLATE "C" NOT NULL,
    worker TEXT COLLATE "C" NOT NULL,
    decision TEXT COLLATE "C" NOT NULL,
    started_at TEXT COLLATE "C" NOT NULL,
    settled_at TEXT COLLATE "C",
    outcome TEXT COLLATE "C",
    sealed_evidence BYTEA,
    PRIMARY KEY (dispatch_id, attempt),
    CHECK ((settled_at IS NULL) = (outcome IS NULL))
);

CREATE TABLE body (
    name TEXT COLLATE "C" PRIMARY KEY,
    child_id TEXT COLLATE "C" NOT NULL,
    bytes BIGINT NOT NULL,
    stored_at TEXT COLLATE "C" NOT NULL
);

-- The record of access ------------------------------------------------------------------------------------

CREATE TABLE ledger (
    seq BIGINT PRIMARY KEY,
    at TEXT COLLATE "C" NOT NULL,
    child_id TEXT COLLATE "C" NOT NULL,
    body TEXT COLLATE "C" NOT NULL,
    prev TEXT COLLATE "C" NOT NULL,
    hash TEXT COLLATE "C" NOT NULL UNIQUE
);
CREATE INDEX ledger_by_child ON ledger (child_id, seq);

-- Personal parts, under the child's key.
CREATE TABLE ledger_detail (
    seq BIGINT PRIMARY KEY REFERENCES ledger (seq),
    child_id TEXT COLLATE "C" NOT NULL,
    sealed BYTEA NOT NULL
);

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the record of access is only added to';
END $$;
CREATE TRIGGER ledger_is_never_changed BEFORE UPDATE OR DELETE ON ledger FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER ledger_detail_is_never_changed BEFORE UPDATE ON ledger_detail FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER ledger_is_never_emptied BEFORE TRUNCATE ON ledger FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Runs and schedules --------------------------------------------------------------------------------------

CREATE TABLE run (
    run_id TEXT COLLATE "C" PRIMARY KEY,
    started_at TEXT COLLATE "C" NOT NULL,
    ended_at TEXT COLLATE "C",
    as_of TEXT COLLATE "C" NOT NULL,
    balance TEXT COLLATE "C"
);

CREATE TABLE schedule (
    name TEXT COLLATE "C" PRIMARY KEY,
    next_due TEXT COLLATE "C" NOT NULL,
    last_run TEXT COLLATE "C"
);

-- For people who query ------------------------------------------------------------------------------------
-- Ids, states, days and instants with their own types; no names, no addresses, no papers.

CREATE VIEW report_dispatch AS
SELECT dispatch_id, child_id, obligation, anchor, revision, recipient, state, reason, channel, due_on::date AS due_on,
       not_before::timestamptz AS not_before, attempt AS attempts, refusals, run_id,
       created_at::timestamptz AS created_at, updated_at::timestamptz AS updated_at
FROM dispatch;

CREATE VIEW report_attempt AS
SELECT dispatch_id, attempt, channel, endpoint_id, worker, started_at::timestamptz AS started_at,
       settled_at::timestamptz AS settled_at, outcome
FROM attempt;

CREATE VIEW report_obligation AS
SELECT child_id, kind, anchor, revision, opens_on::date AS opens_on, due_on::date AS due_on, work_on::date AS work_on,
       citation, status, met_on::date AS met_on
FROM obligation;

CREATE VIEW report_ledger AS
SELECT seq, at::timestamptz AS at, child_id, body::jsonb ->> 'event' AS event, body::jsonb ->> 'dispatch' AS dispatch_id,
       body::jsonb ->> 'recipient' AS recipient, body::jsonb ->> 'channel' AS channel, body::jsonb ->> 'basis' AS basis,
       body::jsonb ->> 'outcome' AS outcome, hash
FROM ledger;

CREATE VIEW report_task AS
SELECT task_id, child_id, kind, subject, opened_at::timestamptz AS opened_at, closed_at::timestamptz AS closed_at
FROM task;

CREATE VIEW report_run AS
SELECT run_id, started_at::timestamptz AS started_at, ended_at::timestamptz AS ended_at, as_of::date AS as_of,
       balance::jsonb AS balance
FROM run;
