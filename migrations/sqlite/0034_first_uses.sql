-- The first children whose papers went to an address are looked at in each claim; an office has thousands.
CREATE INDEX endpoint_use_first ON endpoint_use (endpoint_id, first_at);
