-- What an envelope holds, a row a duty: what goes to one parent about one child on one day shares an envelope.
CREATE TABLE dispatch_part (
    dispatch_id TEXT COLLATE "C" NOT NULL REFERENCES dispatch (dispatch_id),
    -- From 0; the first one leads.
    place BIGINT NOT NULL,
    child_id TEXT COLLATE "C" NOT NULL,
    obligation TEXT COLLATE "C" NOT NULL,
    anchor TEXT COLLATE "C" NOT NULL,
    revision BIGINT NOT NULL,
    recipient TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (dispatch_id, place)
);
CREATE INDEX part_of_duty ON dispatch_part (child_id, obligation, anchor, revision, recipient);
INSERT INTO dispatch_part (dispatch_id, place, child_id, obligation, anchor, revision, recipient)
SELECT dispatch_id, 0, child_id, obligation, anchor, revision, recipient FROM dispatch;
