-- Roles for a program on PostgreSQL. Run it as the owner of the tables, after `earlypost store migrate` and again
-- after each upgrade; it may be run as often as you like:
--
--     psql "$OWNER_URL" -v ON_ERROR_STOP=1 -f roles.sql
--
-- then make users in them:  CREATE USER night PASSWORD '...' IN ROLE earlypost_service;
--
-- earlypost_service  what `earlypost serve` and the other commands need. It works in the tables and cannot change
--                    them, and it can add to the record of access but neither change nor remove an entry.
-- earlypost_keeper   the same, and what `earlypost destroy` needs beside: it removes a child's rows everywhere but in
--                    the record of access. For the person who destroys records (34 CFR 303.416), never for a service.
-- earlypost_analyst  the views report_*: ids, states and instants, no names and no papers.
--
-- `earlypost store migrate` and `store copy` are the owner's.

DO $$
DECLARE
    name TEXT;
BEGIN
    FOREACH name IN ARRAY ARRAY['earlypost_service', 'earlypost_keeper', 'earlypost_analyst'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) THEN
            EXECUTE format('CREATE ROLE %I NOLOGIN', name);
        END IF;
    END LOOP;
    -- Roles belong to the server: whoever made them for another program's database has granted this already.
    IF NOT pg_has_role('earlypost_keeper', 'earlypost_service', 'MEMBER') THEN
        GRANT earlypost_service TO earlypost_keeper;
    END IF;
END $$;

REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO earlypost_service, earlypost_analyst;

GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA public TO earlypost_service;

-- What is over leaves no row: leases, pauses, sheets of a week, a page behind an envelope that is not made yet.
REVOKE DELETE, TRUNCATE ON ALL TABLES IN SCHEMA public FROM earlypost_service;
GRANT DELETE ON channel_pause, dispatch_item, installation, pull, rendering, schedule, staff_sheet TO earlypost_service;
-- The record of access is only added to.
REVOKE UPDATE ON ledger, ledger_detail FROM earlypost_service;
-- And so are histories, facts, releases by a person, and what was noted as final. An attempt is settled once, by an
-- update.
REVOKE UPDATE ON approval, checkpoint, child_history, destroyed_child, directory, dispatch_history, fact, former_packet,
    ifsp_version, obligation_history, office_fact FROM earlypost_service;
-- Which tables there are is the owner's to say.
REVOKE INSERT, UPDATE ON _sqlx_migrations FROM earlypost_service;

-- Of a destroyed child the personal parts of the record of access go too; entries, and what may be kept, stay.
GRANT DELETE ON ALL TABLES IN SCHEMA public TO earlypost_keeper;
REVOKE DELETE ON ledger, matter, legal_hold, destroyed_child, _sqlx_migrations FROM earlypost_keeper;

DO $$
DECLARE
    name TEXT;
BEGIN
    FOR name IN SELECT table_name FROM information_schema.views WHERE table_schema = 'public' AND table_name LIKE 'report\_%' LOOP
        EXECUTE format('REVOKE INSERT, UPDATE, DELETE ON %I FROM earlypost_service, earlypost_keeper', name);
        EXECUTE format('GRANT SELECT ON %I TO earlypost_analyst', name);
    END LOOP;
END $$;
