"""No end of a power and no open application without the one promise of who answers for it (H16)."""

from typing import ClassVar

from django.db import migrations

LAWS = """
CREATE FUNCTION law_power_check(wanted bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    ends boolean;
    answered integer;
BEGIN
    SELECT until_on IS NOT NULL AND ended_on IS NULL AND settled_at IS NULL INTO ends
      FROM guardianship_power WHERE id = wanted;
    SELECT count(*) INTO answered FROM holding_promise
     WHERE subject_kind = 'power' AND subject_id = wanted AND is_open;
    IF answered <> COALESCE(ends, false)::integer THEN
        PERFORM law_refuse('law_h16_end_of_power_is_answered_for',
            '終わりのある権限には、あとを決める人がひとり必要です。画面を開き直してください。');
    END IF;
END $$;

CREATE FUNCTION law_petition_check(wanted bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    due integer;
    answered integer;
    steps integer;
BEGIN
    SELECT CASE WHEN state = 'open' THEN 1 ELSE 0 END INTO due FROM guardianship_petition WHERE id = wanted;
    SELECT count(*) INTO answered FROM holding_promise
     WHERE subject_kind = 'petition' AND subject_id = wanted AND is_open;
    SELECT count(*) INTO steps FROM guardianship_petitionstep WHERE petition_id = wanted AND state = 'open';
    IF answered <> COALESCE(due, 0) OR steps <> COALESCE(due, 0) THEN
        PERFORM law_refuse('law_h16_open_petition_is_answered_for',
            '進んでいる申立てには、進めている段階と、答える人がひとりずつ必要です。画面を開き直してください。');
    END IF;
END $$;

CREATE FUNCTION law_power_of_row() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN PERFORM law_power_check(NEW.id); RETURN NULL; END $$;
CREATE FUNCTION law_petition_of_row() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN PERFORM law_petition_check(NEW.id); RETURN NULL; END $$;
CREATE FUNCTION law_petition_of_step() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN PERFORM law_petition_check(NEW.petition_id); RETURN NULL; END $$;
CREATE FUNCTION law_guardianship_of_promise() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.subject_kind = 'power' THEN PERFORM law_power_check(NEW.subject_id);
    ELSE PERFORM law_petition_check(NEW.subject_id);
    END IF;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER law_power AFTER INSERT OR UPDATE OF until_on, ended_on, settled_at ON guardianship_power
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION law_power_of_row();
CREATE CONSTRAINT TRIGGER law_petition AFTER INSERT OR UPDATE OF state ON guardianship_petition
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION law_petition_of_row();
CREATE CONSTRAINT TRIGGER law_petition_step AFTER INSERT OR UPDATE OF state ON guardianship_petitionstep
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION law_petition_of_step();
CREATE CONSTRAINT TRIGGER law_guardianship_promise
    AFTER INSERT OR UPDATE OF done_at, withdrawn_at, subject_kind, subject_id ON holding_promise
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.subject_kind IN ('power', 'petition'))
    EXECUTE FUNCTION law_guardianship_of_promise();
"""
LAWS_NOT = """
DROP TRIGGER law_guardianship_promise ON holding_promise;
DROP TRIGGER law_petition_step ON guardianship_petitionstep;
DROP TRIGGER law_petition ON guardianship_petition;
DROP TRIGGER law_power ON guardianship_power;
DROP FUNCTION law_guardianship_of_promise();
DROP FUNCTION law_petition_of_step();
DROP FUNCTION law_petition_of_row();
DROP FUNCTION law_power_of_row();
DROP FUNCTION law_petition_check(bigint);
DROP FUNCTION law_power_check(bigint);
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("guardianship", "0001_initial"), ("holding", "0030_words")]

    operations: ClassVar = [migrations.RunSQL(LAWS, LAWS_NOT)]
