-- The passphrase of an address that gets encrypted papers, one for a child, under the child's key.
CREATE TABLE passphrase (
    child_id TEXT NOT NULL REFERENCES child (child_id),
    endpoint_id TEXT NOT NULL,
    sealed BLOB NOT NULL,
    made_at TEXT NOT NULL,
    told_at TEXT,
    told_how TEXT,
    told_by TEXT,
    PRIMARY KEY (child_id, endpoint_id)
);

-- The encrypted copy that went, by the hash of its master: a retry sends the same bytes.
CREATE TABLE protected_copy (
    dispatch_id TEXT NOT NULL REFERENCES dispatch (dispatch_id),
    plain_sha256 TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    body TEXT NOT NULL,
    made_at TEXT NOT NULL,
    PRIMARY KEY (dispatch_id, plain_sha256)
);
