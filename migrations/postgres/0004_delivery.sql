-- What a dispatch remembers between its attempts.
-- 1 where bytes of it left or may have left: its papers are those, and an attempt sends no others.
ALTER TABLE dispatch ADD COLUMN has_left BIGINT NOT NULL DEFAULT 0;
-- Endpoints of the recipient that were tried in vain, as a JSON list of ids.
ALTER TABLE dispatch ADD COLUMN exhausted TEXT NOT NULL DEFAULT '[]';
-- Since when the present endpoint has been refusing for now.
ALTER TABLE dispatch ADD COLUMN trying_since TEXT;
-- The endpoint for which its papers were made.
ALTER TABLE dispatch ADD COLUMN endpoint_id TEXT;
-- What the message says around the papers, under the child's key: a retry is the same bytes.
ALTER TABLE dispatch ADD COLUMN sealed_message BYTEA;

-- Papers that had left before others were made for the same dispatch: the record of access names them.
CREATE TABLE former_packet (
    dispatch_id TEXT NOT NULL REFERENCES dispatch (dispatch_id),
    replaced_at TEXT NOT NULL,
    packet TEXT NOT NULL,
    PRIMARY KEY (dispatch_id, replaced_at)
);

-- Channels that wait for a person.
CREATE TABLE channel_pause (
    channel TEXT PRIMARY KEY,
    paused_at TEXT NOT NULL,
    why TEXT NOT NULL
);

-- What a channel did on a day: counted as it happens, so that no look at the whole history is needed.
CREATE TABLE channel_day (
    channel TEXT NOT NULL,
    day TEXT NOT NULL,
    attempts BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (channel, day)
);

-- When a channel was looked at by a person: what happened before counts no more against it.
CREATE TABLE channel_resumed (
    channel TEXT PRIMARY KEY,
    resumed_at TEXT NOT NULL,
    resumed_by TEXT NOT NULL
);
CREATE INDEX attempt_settled ON attempt (channel, settled_at) WHERE outcome IN ('refused for good', 'unknown');

-- Whose papers went to an endpoint, from the first on.
CREATE TABLE endpoint_use (
    endpoint_id TEXT NOT NULL,
    child_id TEXT NOT NULL,
    first_at TEXT NOT NULL,
    PRIMARY KEY (endpoint_id, child_id)
);

-- Endpoints that wait for a person, or that a person has looked at.
CREATE TABLE endpoint_pause (
    endpoint_id TEXT PRIMARY KEY,
    paused_at TEXT NOT NULL,
    why TEXT NOT NULL,
    resumed_at TEXT,
    resumed_by TEXT
);
