-- Letters on paper that the gate now refuses: to be taken out of the stack before it is mailed.
CREATE TABLE pull (
    dispatch_id TEXT PRIMARY KEY REFERENCES dispatch (dispatch_id),
    reason TEXT NOT NULL,
    detail TEXT,
    since TEXT NOT NULL
);
