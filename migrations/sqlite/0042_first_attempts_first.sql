-- A worker takes first attempts before retries, and of these what was refused least: an address that refuses keeps nothing
-- from going that was not tried yet.
DROP INDEX dispatch_queue;
CREATE INDEX dispatch_queue ON dispatch (refusals, due_on, dispatch_id) WHERE state = 'queued';
DROP INDEX dispatch_lane;
CREATE INDEX dispatch_lane ON dispatch (channel, refusals, due_on, dispatch_id) WHERE state = 'queued';
