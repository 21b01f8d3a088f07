-- The standing lines of some children, and a plan's lines page by page, are found by the child. With the scope in front
-- PostgreSQL read every line of the scope where it had not looked through a table that grew since.
DROP INDEX plan_line_now;
CREATE INDEX plan_line_now ON plan_line (child_id, scope, line) WHERE gone_in IS NULL;
DROP INDEX plan_line_gone;
CREATE INDEX plan_line_gone ON plan_line (gone_in) WHERE gone_in IS NOT NULL;
