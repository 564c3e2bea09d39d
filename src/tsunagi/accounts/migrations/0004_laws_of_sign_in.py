"""The laws of sign-in as triggers: the last administrator stays, and who is deactivated is out at once.

`law_last_administrator` is deferred to commit and takes one advisory lock, so that two administrators who end each
other's posts at the same moment come one after the other: the second sees what the first did and is refused. The lock
is taken in the check alone, after every row lock of the deed, and held to the end of the transaction.

The roles and legal kinds are accounts.rules.Role and permissions.rules.CAPS as they stand with this migration.
"""

from typing import ClassVar

from django.db import migrations

LAST_ADMINISTRATOR = """
CREATE FUNCTION law_last_administrator_check() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('tsunagi.last_administrator'));
    PERFORM 1
       FROM accounts_posting p
       JOIN accounts_worker w ON w.id = p.worker_id
       JOIN accounts_office o ON o.id = p.office_id
      WHERE p.role = 'system_administrator' AND p.ended_at IS NULL AND w.is_active
        AND o.is_active AND o.signs_in
        AND o.legal_kind NOT IN ('other_municipality', 'national', 'incorporated', 'private', 'individual');
    IF NOT FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'law_last_administrator',
            MESSAGE = '最後のシステム管理者は外せません。先に、別の職員にシステム管理者の役割を渡してください。';
    END IF;
END $$;

CREATE FUNCTION law_last_administrator_of_posting() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF OLD.role = 'system_administrator' AND OLD.ended_at IS NULL THEN
        PERFORM law_last_administrator_check();
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER law_last_administrator AFTER DELETE OR UPDATE ON accounts_posting
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION law_last_administrator_of_posting();

CREATE FUNCTION law_last_administrator_of_worker() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF OLD.is_active AND EXISTS (
        SELECT 1 FROM accounts_posting WHERE worker_id = OLD.id AND role = 'system_administrator' AND ended_at IS NULL
    ) THEN
        PERFORM law_last_administrator_check();
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER law_last_administrator AFTER UPDATE OF is_active ON accounts_worker
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION law_last_administrator_of_worker();

CREATE FUNCTION law_last_administrator_of_office() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM accounts_posting WHERE office_id = OLD.id AND role = 'system_administrator' AND ended_at IS NULL
    ) THEN
        PERFORM law_last_administrator_check();
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER law_last_administrator AFTER UPDATE OF is_active, signs_in, legal_kind ON accounts_office
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION law_last_administrator_of_office();
"""

# Sessions lie in Django's own table; who is deactivated must not find one again when they come back.
OUT_AT_ONCE = """
CREATE FUNCTION deactivated_is_out() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    DELETE FROM django_session
     WHERE session_key IN (SELECT session_key FROM accounts_signin WHERE worker_id = NEW.id);
    DELETE FROM accounts_signin WHERE worker_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER deactivated_is_out AFTER UPDATE OF is_active ON accounts_worker
    FOR EACH ROW WHEN (OLD.is_active AND NOT NEW.is_active) EXECUTE FUNCTION deactivated_is_out();
"""

UNDO = """
DROP TRIGGER IF EXISTS deactivated_is_out ON accounts_worker;
DROP FUNCTION IF EXISTS deactivated_is_out();
DROP TRIGGER IF EXISTS law_last_administrator ON accounts_office;
DROP TRIGGER IF EXISTS law_last_administrator ON accounts_worker;
DROP TRIGGER IF EXISTS law_last_administrator ON accounts_posting;
DROP FUNCTION IF EXISTS law_last_administrator_of_office();
DROP FUNCTION IF EXISTS law_last_administrator_of_worker();
DROP FUNCTION IF EXISTS law_last_administrator_of_posting();
DROP FUNCTION IF EXISTS law_last_administrator_check();
"""


class Migration(migrations.Migration):
    """Triggers."""

    dependencies: ClassVar = [
        ("accounts", "0003_sign_in"),
        ("sessions", "0001_initial"),
    ]
    operations: ClassVar = [
        migrations.RunSQL(LAST_ADMINISTRATOR + OUT_AT_ONCE, UNDO),
    ]
