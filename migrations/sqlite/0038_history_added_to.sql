-- Where the standing record came from stands with it, and its row in the history is made when another replaces it: the
-- history is only added to. Until now that row was there before, without the record, and was changed to hold it.
ALTER TABLE child ADD COLUMN source TEXT NOT NULL DEFAULT '';
UPDATE child SET source = (
    SELECT h.source FROM child_history h WHERE h.child_id = child.child_id AND h.revision = child.revision
) WHERE EXISTS (
    SELECT 1 FROM child_history h WHERE h.child_id = child.child_id AND h.revision = child.revision
);
DELETE FROM child_history WHERE EXISTS (
    SELECT 1 FROM child c WHERE c.child_id = child_history.child_id AND c.revision = child_history.revision
);
CREATE INDEX child_by_source ON child (source, imported_at);
