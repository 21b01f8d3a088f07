-- The record of access: checkpoints, matters with a clock, holds, destroyed children.

-- Which checkpoints were written, by the key that signed them: a missing file is noticed.
CREATE TABLE checkpoint (
    key_id TEXT NOT NULL,
    number BIGINT NOT NULL,
    entries BIGINT NOT NULL,
    note_hash TEXT NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (key_id, number)
);

-- Requests and incidents. What was said stands in the record of access, under the child's key; here is the clock.
CREATE TABLE matter (
    matter_id TEXT PRIMARY KEY,
    child_id TEXT NOT NULL,
    what TEXT NOT NULL CHECK (what IN ('request', 'incident')),
    kind TEXT NOT NULL,
    began_on TEXT NOT NULL,
    due_on TEXT,
    opened_seq BIGINT NOT NULL REFERENCES ledger (seq),
    closed_seq BIGINT REFERENCES ledger (seq),
    outcome TEXT,
    CHECK ((closed_seq IS NULL) = (outcome IS NULL))
);
CREATE INDEX matter_open ON matter (what, due_on) WHERE closed_seq IS NULL;
CREATE INDEX matter_by_what ON matter (what, opened_seq);
CREATE INDEX matter_by_child ON matter (child_id);

-- Legal holds: while one stands nothing of the child is destroyed.
CREATE TABLE legal_hold (
    hold_id TEXT PRIMARY KEY,
    child_id TEXT NOT NULL,
    set_seq BIGINT NOT NULL REFERENCES ledger (seq),
    lifted_seq BIGINT REFERENCES ledger (seq)
);
CREATE INDEX legal_hold_by_child ON legal_hold (child_id);

-- What 34 CFR 303.416 permits to be kept of a child whose record was destroyed.
CREATE TABLE destroyed_child (
    child_id TEXT PRIMARY KEY,
    destroyed_at TEXT NOT NULL,
    certificate_seq BIGINT NOT NULL REFERENCES ledger (seq),
    stub TEXT NOT NULL
);
CREATE INDEX ledger_by_time ON ledger (at);
