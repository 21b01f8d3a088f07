-- A child has many envelopes that left long ago, and most looks want those that have not.
DROP INDEX dispatch_by_child;
CREATE INDEX dispatch_of_child ON dispatch (child_id, state);
