"""H10: an open consultation is held by exactly one promise of its desk; an ended one by none."""

from typing import ClassVar

from django.db import migrations

SQL = """
CREATE SEQUENCE intake_number;

CREATE FUNCTION law_h10_check(wanted bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    ended boolean;
    held integer;
BEGIN
    SELECT outcome <> '' INTO ended FROM intake_consultation WHERE id = wanted;
    IF NOT FOUND THEN RETURN; END IF;
    SELECT count(*) INTO held FROM holding_promise
     WHERE subject_kind = 'consultation' AND subject_id = wanted AND kind IN ('triage', 'stocktaking') AND is_open;
    IF NOT ended AND held <> 1 THEN
        PERFORM law_refuse('law_h10_open_consultation_is_held',
            '終わっていない相談には、受け持つ人がひとり必要です。どうなったかを選ぶか、受け持つ人を決めてください。');
    END IF;
    IF ended AND held <> 0 THEN
        PERFORM law_refuse('law_h10_ended_consultation_is_free',
            '終わった相談に受け持ちが残っています。画面を開き直してください。');
    END IF;
END $$;

CREATE FUNCTION law_h10_of_consultation() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN PERFORM law_h10_check(NEW.id); RETURN NULL; END $$;
CREATE CONSTRAINT TRIGGER law_h10_consultation AFTER INSERT OR UPDATE OF outcome ON intake_consultation
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION law_h10_of_consultation();

CREATE FUNCTION law_h10_of_promise() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.subject_kind = 'consultation' AND NEW.kind IN ('triage', 'stocktaking') THEN
        PERFORM law_h10_check(NEW.subject_id);
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER law_h10_promise AFTER INSERT OR UPDATE ON holding_promise
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION law_h10_of_promise();
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("intake", "0001_initial"), ("holding", "0002_laws")]

    operations: ClassVar = [migrations.RunSQL(SQL, migrations.RunSQL.noop)]
