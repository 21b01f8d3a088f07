-- What came back: failure notices, receipts, and mail that nobody could match. Each message once, by its hash.
-- The message itself is sealed: under the child's key where it is known whose it is, else under the program's.
CREATE TABLE receipt (
    receipt_id TEXT PRIMARY KEY,
    message_hash TEXT NOT NULL UNIQUE,
    source TEXT NOT NULL,
    received_at TEXT NOT NULL,
    says TEXT NOT NULL,
    matched_by TEXT CHECK (matched_by IN ('return-path', 'envelope-id', 'message-id', 'fax-job')),
    dispatch_id TEXT REFERENCES dispatch (dispatch_id),
    attempt BIGINT,
    -- applied: it changed the dispatch; noted: it belongs to one and changes nothing; later: its attempt is not
    -- settled yet; person: somebody has to look; closed: somebody has looked.
    standing TEXT NOT NULL CHECK (standing IN ('applied', 'noted', 'later', 'person', 'closed')),
    why TEXT NOT NULL,
    sealed BLOB NOT NULL,
    closed_at TEXT,
    closed_by TEXT,
    CHECK ((dispatch_id IS NULL) = (matched_by IS NULL)),
    CHECK ((standing = 'closed') = (closed_at IS NOT NULL))
);
CREATE INDEX receipt_by_dispatch ON receipt (dispatch_id);
CREATE INDEX receipt_open ON receipt (receipt_id) WHERE standing IN ('later', 'person');

-- How far a mailbox was read: its validity and the last message, as its server counts them.
CREATE TABLE mailbox_mark (
    mailbox TEXT PRIMARY KEY,
    validity BIGINT NOT NULL,
    last_uid BIGINT NOT NULL
);
