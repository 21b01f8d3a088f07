-- Envelopes that the next hand has and nobody has answered for.
CREATE INDEX dispatch_accepted ON dispatch (channel, updated_at) WHERE state = 'accepted';
