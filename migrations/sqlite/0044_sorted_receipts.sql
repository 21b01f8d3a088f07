-- What came in is sorted for the person who reads it, and failures are alike by their code: many of one code at once speak
-- of us and not of addresses.
ALTER TABLE receipt ADD COLUMN sort TEXT NOT NULL DEFAULT 'person'
    CHECK (sort IN ('failure', 'receipt', 'complaint', 'out-of-office', 'person'));
ALTER TABLE receipt ADD COLUMN code TEXT;
UPDATE receipt SET sort = CASE says WHEN 'failed' THEN 'failure' WHEN 'mail' THEN 'person' ELSE 'receipt' END;
CREATE INDEX receipt_returned ON receipt (code, received_at) WHERE sort = 'failure' AND standing = 'applied';
