-- An attempt's outcome is a code. What stood there in words becomes its code; words that are none of ours are kept beside
-- `other`.
ALTER TABLE attempt ADD COLUMN outcome_text TEXT;
UPDATE attempt SET outcome_text = outcome WHERE outcome NOT IN ('accepted', 'printed', 'refused for now', 'refused for good',
    'given up at this address; the next one is tried', 'given up after the last retry', 'unknown', 'the channel is wrong',
    'not tried', 'lost before it began');
DROP INDEX attempt_settled;
UPDATE attempt SET outcome = CASE outcome
    WHEN 'accepted' THEN 'accepted'
    WHEN 'printed' THEN 'printed'
    WHEN 'refused for now' THEN 'refused-for-now'
    WHEN 'refused for good' THEN 'refused-for-good'
    WHEN 'given up at this address; the next one is tried' THEN 'address-given-up'
    WHEN 'given up after the last retry' THEN 'given-up'
    WHEN 'unknown' THEN 'unknown'
    WHEN 'the channel is wrong' THEN 'channel-fault'
    WHEN 'not tried' THEN 'not-tried'
    WHEN 'lost before it began' THEN 'lost-before-start'
    ELSE 'other' END
    WHERE outcome IS NOT NULL;
CREATE INDEX attempt_settled ON attempt (channel, settled_at) WHERE outcome IN ('refused-for-good', 'unknown');
