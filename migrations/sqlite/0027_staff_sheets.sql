-- A coordinator's week: for that person only, no disclosure, under the program's key, for seven calendar days.
CREATE TABLE staff_sheet (
    staff TEXT NOT NULL,
    week TEXT NOT NULL,
    made_at TEXT NOT NULL,
    -- The last day on which it is kept.
    kept_until TEXT NOT NULL,
    sealed BLOB NOT NULL,
    PRIMARY KEY (staff, week)
);
