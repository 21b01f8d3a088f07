-- Services share what is to be made and what is to be sent.

-- A child whose papers a service makes at this moment. When the lease runs out another one may make them.
CREATE TABLE rendering (
    child_id TEXT PRIMARY KEY REFERENCES child (child_id),
    worker TEXT NOT NULL,
    lease_until TEXT NOT NULL
);

DROP INDEX dispatch_to_render;
CREATE INDEX dispatch_to_render ON dispatch (due_on, dispatch_id) WHERE state = 'queued' AND packet IS NULL;

-- Each channel has a lane of its own: the next envelope of one is found without passing those of another.
CREATE INDEX dispatch_lane ON dispatch (channel, due_on, dispatch_id) WHERE state = 'queued';
