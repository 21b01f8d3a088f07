-- The passphrase of an address that gets encrypted papers, one for a child, under the child's key.
CREATE TABLE passphrase (
    child_id TEXT COLLATE "C" NOT NULL REFERENCES child (child_id),
    endpoint_id TEXT COLLATE "C" NOT NULL,
    sealed BYTEA NOT NULL,
    made_at TEXT COLLATE "C" NOT NULL,
    told_at TEXT COLLATE "C",
    told_how TEXT COLLATE "C",
    told_by TEXT COLLATE "C",
    PRIMARY KEY (child_id, endpoint_id)
);

-- The encrypted copy that went, by the hash of its master: a retry sends the same bytes.
CREATE TABLE protected_copy (
    dispatch_id TEXT COLLATE "C" NOT NULL REFERENCES dispatch (dispatch_id),
    plain_sha256 TEXT COLLATE "C" NOT NULL,
    sha256 TEXT COLLATE "C" NOT NULL,
    body TEXT COLLATE "C" NOT NULL,
    made_at TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (dispatch_id, plain_sha256)
);
