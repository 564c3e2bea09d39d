"""What was agreed stays as it was agreed; what is open has exactly one open promise (holding.md H16), and the other way.

The checks of promises are SECURITY DEFINER with a fixed search_path and deferred to commit, so that one deed may end a
promise and open its successor.
"""

from typing import ClassVar

from django.db import migrations

FROZEN = """
CREATE FUNCTION plans_is_frozen(wanted bigint) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT COALESCE((SELECT frozen_at IS NOT NULL FROM plans_plan WHERE id = wanted), false)
$$;

CREATE FUNCTION plans_refuse_frozen() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM law_refuse('law_plan_agreed_is_frozen',
        '同意をもらったプランは書き換えられません。「訂正版をつくる」で直してください。');
END $$;

CREATE FUNCTION plans_plan_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.case_id, NEW.number, NEW.version, NEW.wish_person, NEW.wish_family, NEW.situation, NEW.direction, NEW.services,
        NEW.services_words, NEW.emergency, NEW.sharing, NEW.ending_sign, NEW.from_on, NEW.until_on, NEW.monitor_on,
        NEW.frozen_at)
       IS DISTINCT FROM
       (OLD.case_id, OLD.number, OLD.version, OLD.wish_person, OLD.wish_family, OLD.situation, OLD.direction, OLD.services,
        OLD.services_words, OLD.emergency, OLD.sharing, OLD.ending_sign, OLD.from_on, OLD.until_on, OLD.monitor_on,
        OLD.frozen_at)
    THEN
        PERFORM plans_refuse_frozen();
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER plan_is_frozen BEFORE UPDATE ON plans_plan
    FOR EACH ROW WHEN (OLD.frozen_at IS NOT NULL) EXECUTE FUNCTION plans_plan_is_frozen();

CREATE FUNCTION plans_goal_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF plans_is_frozen(NEW.plan_id) THEN PERFORM plans_refuse_frozen(); END IF;
        RETURN NEW;
    END IF;
    IF plans_is_frozen(OLD.plan_id) AND (TG_OP = 'DELETE' OR
        (NEW.plan_id, NEW.term, NEW.position, NEW.text, NEW.strength_id)
        IS DISTINCT FROM (OLD.plan_id, OLD.term, OLD.position, OLD.text, OLD.strength_id))
    THEN
        PERFORM plans_refuse_frozen();
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER plan_goal_is_frozen BEFORE INSERT OR UPDATE OR DELETE ON plans_goal
    FOR EACH ROW EXECUTE FUNCTION plans_goal_is_frozen();

CREATE FUNCTION plans_role_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF plans_is_frozen(NEW.plan_id) THEN PERFORM plans_refuse_frozen(); END IF;
        RETURN NEW;
    END IF;
    IF plans_is_frozen(OLD.plan_id) AND (TG_OP = 'DELETE' OR
        (NEW.plan_id, NEW.goal_id, NEW.position, NEW.owner_kind, NEW.owner_words, NEW.office_id, NEW.worker_id, NEW.what,
         NEW.often, NEW.due_on, NEW.how_known)
        IS DISTINCT FROM
        (OLD.plan_id, OLD.goal_id, OLD.position, OLD.owner_kind, OLD.owner_words, OLD.office_id, OLD.worker_id, OLD.what,
         OLD.often, OLD.due_on, OLD.how_known))
    THEN
        PERFORM plans_refuse_frozen();
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER plan_role_is_frozen BEFORE INSERT OR UPDATE OR DELETE ON plans_role
    FOR EACH ROW EXECUTE FUNCTION plans_role_is_frozen();
"""

KEPT = """
CREATE FUNCTION plans_refuse_delete() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM law_refuse('law_plan_is_kept', 'プランの記録は消せません。取り下げるときは、わけを書いてください。');
    RETURN NULL;
END $$;
CREATE TRIGGER plan_is_kept BEFORE DELETE ON plans_plan FOR EACH ROW EXECUTE FUNCTION plans_refuse_delete();
"""

PROMISED = """
CREATE FUNCTION law_plan_promise_check(of_kind text, wanted bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    is_open boolean;
    promised integer;
BEGIN
    IF of_kind = 'plan' THEN
        SELECT state = 'running' INTO is_open FROM plans_plan WHERE id = wanted;
    ELSIF of_kind = 'plan_role' THEN
        SELECT r.state = 'open' INTO is_open FROM plans_role r WHERE r.id = wanted;
    ELSE
        SELECT done_at IS NULL INTO is_open FROM plans_followup WHERE id = wanted;
    END IF;
    SELECT count(*) INTO promised FROM holding_promise
     WHERE subject_kind = of_kind AND subject_id = wanted AND done_at IS NULL AND withdrawn_at IS NULL;
    IF promised <> (CASE WHEN COALESCE(is_open, false) THEN 1 ELSE 0 END) THEN
        PERFORM law_refuse('law_plan_open_is_promised', CASE of_kind
            WHEN 'plan' THEN '実施中のプランには、次のモニタリングを約束する職員がひとり必要です。画面を開き直してください。'
            WHEN 'plan_role' THEN '取り組み中の役割には、答える職員がひとり必要です。画面を開き直してください。'
            ELSE 'まだ書かれていないフォローアップには、答える職員がひとり必要です。画面を開き直してください。' END);
    END IF;
    IF of_kind = 'plan_role' AND EXISTS (
        SELECT 1 FROM plans_role r JOIN plans_plan p ON p.id = r.plan_id
         WHERE r.id = wanted AND (r.state = 'open') <> (p.state = 'running') AND r.state IN ('open', 'prepared')
           AND (r.state = 'open' OR p.state = 'running')) THEN
        PERFORM law_refuse('law_plan_open_role_runs', '取り組み中の役割は、実施中のプランにだけあります。画面を開き直してください。');
    END IF;
    IF of_kind = 'plan' AND EXISTS (
        SELECT 1 FROM plans_role r JOIN plans_plan p ON p.id = r.plan_id
         WHERE p.id = wanted AND ((p.state = 'running' AND r.state = 'prepared') OR (p.state <> 'running' AND r.state = 'open'))) THEN
        PERFORM law_refuse('law_plan_open_role_runs', '取り組み中の役割は、実施中のプランにだけあります。画面を開き直してください。');
    END IF;
END $$;

CREATE FUNCTION law_plan_of_row() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN PERFORM law_plan_promise_check(TG_ARGV[0], NEW.id); RETURN NULL; END $$;

CREATE FUNCTION law_plan_of_promise() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN PERFORM law_plan_promise_check(NEW.subject_kind, NEW.subject_id); RETURN NULL; END $$;

CREATE CONSTRAINT TRIGGER law_plan_running AFTER INSERT OR UPDATE OF state ON plans_plan
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION law_plan_of_row('plan');
CREATE CONSTRAINT TRIGGER law_plan_role AFTER INSERT OR UPDATE OF state ON plans_role
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION law_plan_of_row('plan_role');
CREATE CONSTRAINT TRIGGER law_plan_follow_up AFTER INSERT OR UPDATE OF done_at ON plans_followup
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION law_plan_of_row('follow_up');
CREATE CONSTRAINT TRIGGER law_plan_promised AFTER INSERT OR UPDATE OF done_at, withdrawn_at ON holding_promise
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.subject_kind IN ('plan', 'plan_role', 'follow_up'))
    EXECUTE FUNCTION law_plan_of_promise();
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("plans", "0001_initial"), ("holding", "0031_plan_promises")]

    operations: ClassVar = [
        migrations.RunSQL(FROZEN, migrations.RunSQL.noop),
        migrations.RunSQL(KEPT, migrations.RunSQL.noop),
        migrations.RunSQL(PROMISED, migrations.RunSQL.noop),
    ]
