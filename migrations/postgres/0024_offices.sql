-- What was found out about an office's address: it counts for every child. Facts are only ever added.
CREATE TABLE office_fact (
    fact_id TEXT COLLATE "C" PRIMARY KEY,
    endpoint_id TEXT COLLATE "C" NOT NULL,
    body TEXT COLLATE "C" NOT NULL,
    recorded_at TEXT COLLATE "C" NOT NULL,
    recorded_by TEXT COLLATE "C" NOT NULL
);

-- The person who ended a task. One that ends by itself has none.
ALTER TABLE task ADD COLUMN closed_by TEXT COLLATE "C";

-- A child's tasks, ended ones too: one that a person has ended is not opened again.
CREATE INDEX task_by_child ON task (child_id, kind);
