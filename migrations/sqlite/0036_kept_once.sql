-- The record that stands in `child` need not stand in its history too.
UPDATE child_history SET record = '' WHERE EXISTS (
    SELECT 1 FROM child c WHERE c.child_id = child_history.child_id AND c.revision = child_history.revision
);
