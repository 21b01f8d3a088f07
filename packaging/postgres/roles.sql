-- Two roles for a program on PostgreSQL. Run it as the owner of the tables, after `earlypost store migrate` and again
-- after each upgrade; it may be run as often as you like:
--
--     psql "$OWNER_URL" -v ON_ERROR_STOP=1 -f roles.sql
--
-- then make users in them:  CREATE USER night PASSWORD '...' IN ROLE earlypost_service;
--
-- earlypost_service  what `earlypost serve` and the other commands need. It works in the tables and cannot change
--                    them, and it can add to the record of access but neither change nor remove an entry.
-- earlypost_analyst  the views report_*: ids, states and instants, no names and no papers.

DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'earlypost_service') THEN
        CREATE ROLE earlypost_service NOLOGIN;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'earlypost_analyst') THEN
        CREATE ROLE earlypost_analyst NOLOGIN;
    END IF;
END $$;

REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO earlypost_service, earlypost_analyst;

GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO earlypost_service;

-- The record of access is only added to. A destroyed child's personal part may be removed; it is never changed.
REVOKE UPDATE, DELETE, TRUNCATE ON ledger FROM earlypost_service;
REVOKE UPDATE, TRUNCATE ON ledger_detail FROM earlypost_service;
-- Histories are only added to. An attempt is settled once, by an update.
REVOKE UPDATE, DELETE ON child_history, obligation_history, dispatch_history, fact, directory FROM earlypost_service;
REVOKE DELETE ON attempt, dispatch, dispatch_item, obligation, run FROM earlypost_service;
-- Which tables there are is the owner's to say.
REVOKE INSERT, UPDATE, DELETE ON _sqlx_migrations FROM earlypost_service;

DO $$
DECLARE
    name TEXT;
BEGIN
    FOR name IN SELECT table_name FROM information_schema.views WHERE table_schema = 'public' AND table_name LIKE 'report\_%' LOOP
        EXECUTE format('REVOKE INSERT, UPDATE, DELETE ON %I FROM earlypost_service', name);
        EXECUTE format('GRANT SELECT ON %I TO earlypost_analyst', name);
    END LOOP;
END $$;
