-- A coordinator's week: for that person only, no disclosure, under the program's key, for seven calendar days.
CREATE TABLE staff_sheet (
    staff TEXT COLLATE "C" NOT NULL,
    week TEXT COLLATE "C" NOT NULL,
    made_at TEXT COLLATE "C" NOT NULL,
    -- The last day on which it is kept.
    kept_until TEXT COLLATE "C" NOT NULL,
    sealed BYTEA NOT NULL,
    PRIMARY KEY (staff, week)
);
