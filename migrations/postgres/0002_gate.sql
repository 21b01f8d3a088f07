-- Letters on paper that the gate now refuses: to be taken out of the stack before it is mailed.
CREATE TABLE pull (
    dispatch_id TEXT COLLATE "C" PRIMARY KEY REFERENCES dispatch (dispatch_id),
    reason TEXT COLLATE "C" NOT NULL,
    detail TEXT COLLATE "C",
    since TEXT COLLATE "C" NOT NULL
);
