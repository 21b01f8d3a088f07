-- Where a shared envelope was taken apart: the dispatch that each part came from, so that a run can account for it.
ALTER TABLE dispatch ADD COLUMN apart_of TEXT;
CREATE INDEX dispatch_apart ON dispatch (apart_of) WHERE apart_of IS NOT NULL;
-- What a run was to look at: all that is due, a plan of sends, or what a person sent by hand.
ALTER TABLE run ADD COLUMN kind TEXT NOT NULL DEFAULT 'all' CHECK (kind IN ('all', 'plan', 'by-hand'));
