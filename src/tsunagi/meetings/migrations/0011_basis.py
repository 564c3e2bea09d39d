"""The basis of an item changes before it is spoken of, with a reason; who is chosen for one that needs a consent is within it.

The checks are SECURITY DEFINER with a fixed search_path; what two rows say together is asked at commit.
"""

from typing import ClassVar

from django.db import migrations

REACHES = """
-- By the person's consent (on any record of theirs), or because the office works with them itself (01).
CREATE FUNCTION meetings_reaches(wanted bigint, office bigint) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (
        SELECT 1 FROM people_involvement i
         WHERE i.party_id = wanted AND i.office_id = office AND i.ground = '01' AND i.ended_at IS NULL
    ) OR EXISTS (
        SELECT 1 FROM people_party asked
          JOIN people_party p ON COALESCE(p.same_as_id, p.id) = COALESCE(asked.same_as_id, asked.id)
          JOIN sharing_consent c ON c.person_id = p.id
          JOIN sharing_consentoffice o ON o.consent_id = c.id
         WHERE asked.id = wanted AND p.kind = 'person' AND c.ended_at IS NULL AND c.state IN ('given_all', 'given_part')
           AND o.office_id = office AND o.ended_at IS NULL)
$$;
"""

CHOSEN = """
CREATE FUNCTION law_meeting_chosen_check(wanted bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM meetings_itemmember c JOIN meetings_item t ON t.id = c.item_id
          JOIN meetings_bodymember m ON m.id = c.member_id
         WHERE t.id = wanted AND c.closed_at IS NULL AND t.mode IN ('layered', 'coordination')
           AND t.state IN ('proposed', 'taken') AND NOT meetings_reaches(t.party_id, m.office_id)) THEN
        PERFORM law_refuse('law_meeting_chosen_within_consent',
            '本人の同意の範囲に入っていない機関の方は、この議題に選べません。外すか、同意を聞き直してください。');
    END IF;
END $$;

CREATE FUNCTION law_meeting_chosen_of_member() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN PERFORM law_meeting_chosen_check(NEW.item_id); RETURN NULL; END $$;
CREATE CONSTRAINT TRIGGER law_meeting_chosen AFTER INSERT OR UPDATE OF closed_at, item_id, member_id ON meetings_itemmember
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.closed_at IS NULL)
    EXECUTE FUNCTION law_meeting_chosen_of_member();

CREATE FUNCTION law_meeting_chosen_of_item() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN PERFORM law_meeting_chosen_check(NEW.id); RETURN NULL; END $$;
CREATE CONSTRAINT TRIGGER law_meeting_mode_reaches AFTER UPDATE OF mode, party_id ON meetings_item
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION law_meeting_chosen_of_item();
"""

BASIS = """
CREATE FUNCTION law_meeting_basis_of_item() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF OLD.began_at IS NOT NULL OR OLD.heard <> '' OR OLD.live_decision <> ''
       OR EXISTS (SELECT 1 FROM meetings_decision d WHERE d.item_id = OLD.id)
       OR EXISTS (SELECT 1 FROM meetings_line l WHERE l.item_id = OLD.id)
       OR EXISTS (SELECT 1 FROM meetings_showing s WHERE s.item_id = OLD.id) THEN
        PERFORM law_refuse('law_meeting_heard_keeps_its_basis',
            '話し合いを始めた議題の根拠は変えられません。済みにしてから、新しい議題として提案してください。');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER law_meeting_basis BEFORE UPDATE OF mode ON meetings_item
    FOR EACH ROW WHEN (OLD.mode IS DISTINCT FROM NEW.mode) EXECUTE FUNCTION law_meeting_basis_of_item();

CREATE FUNCTION law_meeting_basis_is_written() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM meetings_itemmove v WHERE v.item_id = NEW.id AND v.was_mode = OLD.mode AND v.reason <> '') THEN
        PERFORM law_refuse('law_meeting_basis_changes_with_a_reason',
            '議題の根拠を変えるときは、わけを書いてください。');
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER law_meeting_basis_written AFTER UPDATE OF mode ON meetings_item
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD.mode IS DISTINCT FROM NEW.mode)
    EXECUTE FUNCTION law_meeting_basis_is_written();
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("meetings", "0010_room"), ("sharing", "0003_consents")]

    operations: ClassVar = [
        migrations.RunSQL(REACHES, migrations.RunSQL.noop),
        migrations.RunSQL(CHOSEN, migrations.RunSQL.noop),
        migrations.RunSQL(BASIS, migrations.RunSQL.noop),
    ]
