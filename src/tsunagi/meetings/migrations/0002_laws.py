"""An item that needs a consent has one; an item opens with its member's own acknowledgement of that 年度; a role that is
not over has exactly one open promise; what was acknowledged and decided is kept (sharing.md "Meetings", H16, H17).

The checks are SECURITY DEFINER with a fixed search_path and deferred to commit, so that one deed may end a consent and take
the item off, or end a promise and open its successor.
"""

from typing import ClassVar

from django.db import migrations

FACTS = """
CREATE FUNCTION meetings_fiscal_year(day date) RETURNS integer
LANGUAGE sql IMMUTABLE AS $$
    SELECT (extract(year FROM day) - CASE WHEN extract(month FROM day) < 4 THEN 1 ELSE 0 END)::integer
$$;

-- A consent stands that was given by this person, on any record of theirs (統合).
CREATE FUNCTION meetings_has_consent(wanted bigint) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (
        SELECT 1 FROM people_party asked
          JOIN people_party p ON COALESCE(p.same_as_id, p.id) = COALESCE(asked.same_as_id, asked.id)
          JOIN sharing_consent c ON c.person_id = p.id
         WHERE asked.id = wanted AND asked.kind = 'person' AND p.kind = 'person'
           AND c.ended_at IS NULL AND c.state IN ('given_all', 'given_part'))
$$;
"""

CONSENT = """
CREATE FUNCTION law_meeting_consent_check(wanted bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM meetings_item t WHERE t.id = wanted AND t.mode IN ('layered', 'coordination')
                  AND t.state IN ('proposed', 'taken') AND NOT meetings_has_consent(t.party_id)) THEN
        PERFORM law_refuse('law_meeting_item_has_consent',
            'この方の同意がないので、重層的支援会議（支援調整会議）の議題にはできません。支援会議の議題にするか、先に同意を聞いてください。');
    END IF;
END $$;

CREATE FUNCTION law_meeting_consent_of_item() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN PERFORM law_meeting_consent_check(NEW.id); RETURN NULL; END $$;
CREATE CONSTRAINT TRIGGER law_meeting_item_consent AFTER INSERT OR UPDATE OF mode, state, party_id ON meetings_item
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION law_meeting_consent_of_item();

CREATE FUNCTION law_meeting_consent_of_consent() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM law_meeting_consent_check(t.id) FROM meetings_item t
      JOIN people_party p ON p.id = t.party_id JOIN people_party q ON q.id = NEW.person_id
     WHERE t.state IN ('proposed', 'taken') AND t.mode IN ('layered', 'coordination')
       AND COALESCE(p.same_as_id, p.id) = COALESCE(q.same_as_id, q.id);
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER law_meeting_consent_ended AFTER UPDATE OF ended_at ON sharing_consent
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.ended_at IS NOT NULL)
    EXECUTE FUNCTION law_meeting_consent_of_consent();
"""

OPENED = """
CREATE FUNCTION law_meeting_opened_of_member() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM meetings_itemmember c LEFT JOIN meetings_acknowledgement a ON a.id = c.acknowledgement_id
         WHERE c.id = NEW.id AND c.opened_at IS NOT NULL AND c.closed_at IS NULL
           AND (a.id IS NULL OR a.member_id <> c.member_id
                OR a.year <> meetings_fiscal_year((c.opened_at AT TIME ZONE 'Asia/Tokyo')::date))) THEN
        PERFORM law_refuse('law_meeting_item_opens_acknowledged',
            '議題は、今年度の守秘義務を確かめた方にだけ開きます。先に、守秘義務を確かめてください。');
    END IF;
    IF EXISTS (
        SELECT 1 FROM meetings_itemmember c JOIN meetings_item t ON t.id = c.item_id
          JOIN meetings_sitting s ON s.id = t.sitting_id JOIN meetings_bodymember m ON m.id = c.member_id
         WHERE c.id = NEW.id AND m.body_id <> s.body_id
           AND NOT EXISTS (SELECT 1 FROM meetings_jointbody j WHERE j.sitting_id = s.id AND j.body_id = m.body_id)) THEN
        PERFORM law_refuse('law_meeting_item_member_sits',
            '議題に選べるのは、その会議の構成員だけです。画面を開き直してください。');
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER law_meeting_item_opened AFTER INSERT OR UPDATE ON meetings_itemmember
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION law_meeting_opened_of_member();
"""

# Nobody sees by a meeting whom it does not open: neither through an item that is over, nor through a role that is.
SIGHT = """
CREATE FUNCTION law_meeting_sight_of_involvement() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM people_involvement WHERE id = NEW.id AND ended_at IS NULL) THEN RETURN NULL; END IF;
    IF NEW.reason_kind = 'meeting' AND NOT EXISTS (
        SELECT 1 FROM meetings_item t
          JOIN meetings_itemmember c ON c.item_id = t.id AND c.closed_at IS NULL AND c.opened_at IS NOT NULL
          JOIN meetings_bodymember m ON m.id = c.member_id AND m.ended_at IS NULL
         WHERE t.id = NEW.reason_id AND t.state IN ('proposed', 'taken')
           AND m.office_id = NEW.office_id AND m.worker_id IS NOT DISTINCT FROM NEW.worker_id) THEN
        PERFORM law_refuse('law_meeting_sight_has_its_item',
            '会議で見られるのは、その議題に選ばれ、守秘義務を確かめた方だけです。');
    END IF;
    IF NEW.reason_kind = 'role' AND NOT EXISTS (
        SELECT 1 FROM meetings_decisionrole r
         WHERE r.id = NEW.reason_id AND r.office_id = NEW.office_id AND r.state IN ('asked', 'open', 'done')) THEN
        PERFORM law_refuse('law_meeting_sight_has_its_role', 'この役割は終わっているので、それで見ることはできません。');
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER law_meeting_sight AFTER INSERT ON people_involvement
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.reason_kind IN ('meeting', 'role'))
    EXECUTE FUNCTION law_meeting_sight_of_involvement();
"""

PROMISED = """
CREATE FUNCTION law_meeting_role_check(wanted bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    is_open boolean;
    promised integer;
BEGIN
    SELECT state IN ('asked', 'open', 'done') INTO is_open FROM meetings_decisionrole WHERE id = wanted;
    SELECT count(*) INTO promised FROM holding_promise
     WHERE subject_kind = 'meeting_role' AND subject_id = wanted AND done_at IS NULL AND withdrawn_at IS NULL;
    IF promised <> (CASE WHEN COALESCE(is_open, false) THEN 1 ELSE 0 END) THEN
        PERFORM law_refuse('law_meeting_role_is_promised',
            '終わっていない役割には、答える職員がひとり必要です。画面を開き直してください。');
    END IF;
END $$;

CREATE FUNCTION law_meeting_role_of_row() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN PERFORM law_meeting_role_check(NEW.id); RETURN NULL; END $$;
CREATE FUNCTION law_meeting_role_of_promise() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN PERFORM law_meeting_role_check(NEW.subject_id); RETURN NULL; END $$;
CREATE CONSTRAINT TRIGGER law_meeting_role AFTER INSERT OR UPDATE OF state ON meetings_decisionrole
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION law_meeting_role_of_row();
CREATE CONSTRAINT TRIGGER law_meeting_promised AFTER INSERT OR UPDATE OF done_at, withdrawn_at ON holding_promise
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.subject_kind = 'meeting_role')
    EXECUTE FUNCTION law_meeting_role_of_promise();
"""

# 支援会議 never decides a plan, and a sitting by phone or in writing names its article.
DECIDED = """
CREATE FUNCTION law_meeting_decision_of_row() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.kind IN ('plan_fit', 'plan_revised', 'plan_again') AND EXISTS (
        SELECT 1 FROM meetings_item t WHERE t.id = NEW.item_id AND t.mode NOT IN ('layered', 'coordination')) THEN
        PERFORM law_refuse('law_meeting_no_plan_without_consent', '支援会議では、プランを決められません。');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER law_meeting_decision BEFORE INSERT ON meetings_decision
    FOR EACH ROW EXECUTE FUNCTION law_meeting_decision_of_row();

CREATE FUNCTION law_meeting_how_of_sitting() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.how IN ('phone', 'writing') AND NEW.state IN ('planned', 'called', 'open')
       AND NOT EXISTS (SELECT 1 FROM meetings_body b WHERE b.id = NEW.body_id AND b.by_phone) THEN
        PERFORM law_refuse('law_meeting_by_phone_needs_an_article',
            '電話・持ち回りで開けるのは、要綱に定めがあるときです。会議の設定に条文を入れてください。');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER law_meeting_how BEFORE INSERT OR UPDATE OF how ON meetings_sitting
    FOR EACH ROW EXECUTE FUNCTION law_meeting_how_of_sitting();
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("meetings", "0001_initial"),
        ("sharing", "0003_consents"),
        ("holding", "0031_plan_promises"),
    ]

    operations: ClassVar = [
        migrations.RunSQL(FACTS, migrations.RunSQL.noop),
        migrations.RunSQL(CONSENT, migrations.RunSQL.noop),
        migrations.RunSQL(OPENED, migrations.RunSQL.noop),
        migrations.RunSQL(SIGHT, migrations.RunSQL.noop),
        migrations.RunSQL(PROMISED, migrations.RunSQL.noop),
        migrations.RunSQL(DECIDED, migrations.RunSQL.noop),
    ]
