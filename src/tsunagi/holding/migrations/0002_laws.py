"""The laws of holding as triggers (holding.md H1, H2, H3, H14, H15, H16, H17).

Every check is SECURITY DEFINER with a fixed search_path, so that it sees all rows whatever the asker may see, and is
deferred to commit, so that one deed may close a hold and open the next. Workers, postings and offices are read
FOR SHARE: somebody who deactivates them at the same moment waits, and is refused in turn.
"""

from typing import ClassVar

from django.db import migrations

RAISE = """
CREATE FUNCTION law_refuse(law text, sentence text) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = law, MESSAGE = sentence;
END $$;
"""

H1 = """
CREATE FUNCTION law_h1_check(wanted bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    ended timestamptz;
    held integer;
BEGIN
    SELECT closed_at INTO ended FROM holding_concern WHERE id = wanted;
    IF NOT FOUND THEN RETURN; END IF;
    SELECT count(*) INTO held FROM holding_hold WHERE concern_id = wanted AND closed_at IS NULL;
    IF ended IS NULL AND held <> 1 THEN
        PERFORM law_refuse('law_h1_open_concern_is_held',
            '開いている課題には、受け持つ人がひとり必要です。受け持つ人と次に動く日を決めてください。');
    END IF;
    IF ended IS NOT NULL AND held <> 0 THEN
        PERFORM law_refuse('law_h1_closed_concern_is_free', '終えた課題に受け持ちが残っています。画面を開き直してください。');
    END IF;
    IF ended IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM holding_closing WHERE concern_id = wanted AND reopened_at IS NULL
    ) THEN
        PERFORM law_refuse('law_h8_closed_concern_has_an_outcome', '課題を終えるときは、終わり方を選んでください。');
    END IF;
END $$;

CREATE FUNCTION law_h1_of_concern() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN PERFORM law_h1_check(NEW.id); RETURN NULL; END $$;

CREATE FUNCTION law_h1_of_hold() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP IN ('UPDATE', 'DELETE') THEN PERFORM law_h1_check(OLD.concern_id); END IF;
    IF TG_OP IN ('INSERT', 'UPDATE') THEN PERFORM law_h1_check(NEW.concern_id); END IF;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER law_h1_concern AFTER INSERT OR UPDATE OF closed_at ON holding_concern
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION law_h1_of_concern();
CREATE CONSTRAINT TRIGGER law_h1_hold AFTER INSERT OR DELETE OR UPDATE OF closed_at, concern_id ON holding_hold
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION law_h1_of_hold();
CREATE CONSTRAINT TRIGGER law_h1_closing AFTER UPDATE OR DELETE ON holding_closing
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION law_h1_of_hold();
"""

# The roles are accounts.rules.HOLDING_ROLES as they stand with this migration; a change of roles is a new migration.
H2 = """
CREATE FUNCTION law_h2_check(who bigint, wherein bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM 1 FROM accounts_worker WHERE id = who AND is_active FOR SHARE;
    IF NOT FOUND THEN
        PERFORM law_refuse('law_h2_holder_is_active',
            'この職員は、いまは在籍していません。受け持つ人を選び直してください。');
    END IF;
    PERFORM 1 FROM accounts_office WHERE id = wherein AND is_active AND signs_in FOR SHARE;
    IF NOT FOUND THEN
        PERFORM law_refuse('law_h2_office_is_active', 'この機関は、いまは受け持てません。別の機関を選んでください。');
    END IF;
    PERFORM 1 FROM accounts_posting
        WHERE worker_id = who AND office_id = wherein AND ended_at IS NULL
          AND role IN ('counsellor', 'coordinator', 'section_clerk', 'outside_worker', 'outreach_worker',
                       'participation_worker', 'community_coordinator', 'manager')
        ORDER BY id LIMIT 1 FOR SHARE;
    IF NOT FOUND THEN
        PERFORM law_refuse('law_h2_holder_is_posted',
            'この職員は、この機関で受け持つ役割にありません。受け持つ人を選び直してください。');
    END IF;
END $$;

CREATE FUNCTION law_h2_of_hold() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    -- The row may have been closed again later in the same transaction.
    IF EXISTS (SELECT 1 FROM holding_hold WHERE id = NEW.id AND closed_at IS NULL) THEN
        PERFORM law_h2_check(NEW.worker_id, NEW.office_id);
        IF NEW.acting_id IS NOT NULL THEN
            PERFORM 1 FROM accounts_worker WHERE id = NEW.acting_id AND is_active FOR SHARE;
            IF NOT FOUND THEN
                PERFORM law_refuse('law_h2_acting_is_active',
                    '代行の職員は、いまは在籍していません。別の職員を選んでください。');
            END IF;
        END IF;
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER law_h2_hold AFTER INSERT OR UPDATE ON holding_hold
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION law_h2_of_hold();

CREATE FUNCTION law_h16_of_promise() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM holding_promise WHERE id = NEW.id AND done_at IS NULL AND withdrawn_at IS NULL) THEN
        PERFORM law_h2_check(NEW.worker_id, NEW.office_id);
        IF NEW.acting_id IS NOT NULL THEN
            PERFORM 1 FROM accounts_worker WHERE id = NEW.acting_id AND is_active FOR SHARE;
            IF NOT FOUND THEN
                PERFORM law_refuse('law_h2_acting_is_active',
                    '代行の職員は、いまは在籍していません。別の職員を選んでください。');
            END IF;
        END IF;
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER law_h16_promise AFTER INSERT OR UPDATE ON holding_promise
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION law_h16_of_promise();

CREATE FUNCTION law_h2_still_needed(who bigint, wherein bigint) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM holding_hold h
                    WHERE h.closed_at IS NULL AND h.worker_id = who AND (wherein IS NULL OR h.office_id = wherein))
        OR EXISTS (SELECT 1 FROM holding_promise p
                    WHERE p.is_open AND p.worker_id = who AND (wherein IS NULL OR p.office_id = wherein))
        OR (wherein IS NULL AND EXISTS (SELECT 1 FROM holding_hold h
                    WHERE h.closed_at IS NULL AND h.acting_id = who))
        OR (wherein IS NULL AND EXISTS (SELECT 1 FROM holding_promise p WHERE p.is_open AND p.acting_id = who))
$$;

CREATE FUNCTION law_h2_of_worker() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM accounts_worker WHERE id = NEW.id AND NOT is_active) THEN
        IF law_h2_still_needed(NEW.id, NULL) THEN
            PERFORM law_refuse('law_h2_leaver_has_handed_over',
                'この職員には受け持ちか約束が残っています。離任の引き継ぎで、すべて後任に渡してください。');
        END IF;
        IF EXISTS (SELECT 1 FROM accounts_office
                    WHERE duty_worker_id = NEW.id AND is_active AND signs_in) THEN
            PERFORM law_refuse('law_h2_office_keeps_a_duty_worker',
                'この職員は機関の当番です。先に当番を替えてください。');
        END IF;
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER law_h2_worker AFTER UPDATE OF is_active ON accounts_worker
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION law_h2_of_worker();

CREATE FUNCTION law_h2_of_posting() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM accounts_posting
         WHERE worker_id = OLD.worker_id AND office_id = OLD.office_id AND ended_at IS NULL
           AND role IN ('counsellor', 'coordinator', 'section_clerk', 'outside_worker', 'outreach_worker',
                        'participation_worker', 'community_coordinator', 'manager')
    ) THEN
        IF law_h2_still_needed(OLD.worker_id, OLD.office_id) THEN
            PERFORM law_refuse('law_h2_leaver_has_handed_over',
                'この職員には、この機関の受け持ちか約束が残っています。すべて後任に渡してから配属を終えてください。');
        END IF;
        IF EXISTS (SELECT 1 FROM accounts_office
                    WHERE id = OLD.office_id AND duty_worker_id = OLD.worker_id AND is_active AND signs_in) THEN
            PERFORM law_refuse('law_h2_office_keeps_a_duty_worker',
                'この職員は機関の当番です。先に当番を替えてください。');
        END IF;
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER law_h2_posting AFTER DELETE OR UPDATE ON accounts_posting
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION law_h2_of_posting();

CREATE FUNCTION law_h2_of_office() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    now_row accounts_office%ROWTYPE;
BEGIN
    SELECT * INTO now_row FROM accounts_office WHERE id = NEW.id;
    IF NOT FOUND THEN RETURN NULL; END IF;
    IF NOT (now_row.is_active AND now_row.signs_in) THEN
        IF EXISTS (SELECT 1 FROM holding_hold WHERE office_id = now_row.id AND closed_at IS NULL)
           OR EXISTS (SELECT 1 FROM holding_promise WHERE office_id = now_row.id AND is_open) THEN
            PERFORM law_refuse('law_h2_closed_office_has_handed_over',
                'この機関には受け持ちか約束が残っています。すべてほかの機関に渡してから閉じてください。');
        END IF;
        RETURN NULL;
    END IF;
    PERFORM 1 FROM accounts_worker WHERE id = now_row.duty_worker_id AND is_active FOR SHARE;
    IF NOT FOUND THEN
        PERFORM law_refuse('law_h2_office_keeps_a_duty_worker', '開いている機関には、在籍している当番が必要です。');
    END IF;
    PERFORM 1 FROM accounts_posting
        WHERE worker_id = now_row.duty_worker_id AND office_id = now_row.id AND ended_at IS NULL
        ORDER BY id LIMIT 1 FOR SHARE;
    IF NOT FOUND THEN
        -- An office of one names a stand-in office; its duty worker may belong there.
        PERFORM 1 FROM accounts_posting
            WHERE worker_id = now_row.duty_worker_id AND office_id = now_row.stand_in_office_id AND ended_at IS NULL
            ORDER BY id LIMIT 1 FOR SHARE;
        IF NOT FOUND THEN
            PERFORM law_refuse('law_h2_office_keeps_a_duty_worker',
                '当番には、この機関か代わりの機関に今いる職員を選んでください。');
        END IF;
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER law_h2_office AFTER INSERT OR UPDATE ON accounts_office
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION law_h2_of_office();
"""

# rules.calendar_bound_days of each kind: the longest horizon as a generous bound in calendar days.
H3 = """
ALTER TABLE holding_hold ADD CONSTRAINT law_h3_due_within_horizon CHECK (
    due_on - opened_on <= CASE kind
        WHEN 'stocktaking' THEN 141
        WHEN 'triage' THEN 41
        WHEN 'assessing' THEN 81
        WHEN 'supporting' THEN 100
        WHEN 'handing_over' THEN 51
        WHEN 'following_through' THEN 190
        WHEN 'coordinating' THEN 100
        WHEN 'reaching_out' THEN 60
        WHEN 'participating' THEN 100
        WHEN 'watching' THEN 190
        ELSE -1 END
);
"""

H14 = """
CREATE FUNCTION law_h14_of_row() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    open_without_acting boolean;
    since date;
BEGIN
    IF TG_TABLE_NAME = 'holding_hold' THEN
        SELECT h.closed_at IS NULL AND h.acting_id IS NULL, h.opened_on INTO open_without_acting, since
          FROM holding_hold h WHERE h.id = NEW.id;
    ELSE
        SELECT p.is_open AND p.acting_id IS NULL, (p.opened_at AT TIME ZONE 'Asia/Tokyo')::date
          INTO open_without_acting, since FROM holding_promise p WHERE p.id = NEW.id;
    END IF;
    IF open_without_acting AND EXISTS (
        SELECT 1 FROM accounts_absence a
         WHERE a.worker_id = NEW.worker_id AND a.returned_at IS NULL AND a.business_days > 5
           AND a.until_on >= since
    ) THEN
        PERFORM law_refuse('law_h14_nobody_holds_while_away',
            'この職員には長い不在の予定があります。不在のあいだの代行を決めてください。');
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER law_h14_hold AFTER INSERT OR UPDATE ON holding_hold
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION law_h14_of_row();
CREATE CONSTRAINT TRIGGER law_h14_promise AFTER INSERT OR UPDATE ON holding_promise
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION law_h14_of_row();

CREATE FUNCTION law_h14_of_absence() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM accounts_absence WHERE id = NEW.id AND returned_at IS NULL AND business_days > 5) AND (
        EXISTS (SELECT 1 FROM holding_hold
                 WHERE worker_id = NEW.worker_id AND closed_at IS NULL AND acting_id IS NULL
                   AND opened_on <= NEW.until_on)
        OR EXISTS (SELECT 1 FROM holding_promise
                 WHERE worker_id = NEW.worker_id AND is_open AND acting_id IS NULL
                   AND (opened_at AT TIME ZONE 'Asia/Tokyo')::date <= NEW.until_on)
    ) THEN
        PERFORM law_refuse('law_h14_nobody_holds_while_away',
            '長い不在には、受け持ちと約束のひとつひとつに代行が必要です。代行を決めてください。');
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER law_h14_absence AFTER INSERT OR UPDATE ON accounts_absence
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION law_h14_of_absence();
"""

H15 = """
CREATE FUNCTION law_h15_check(wanted bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM holding_concern c JOIN holding_hold h ON h.concern_id = c.id AND h.closed_at IS NULL
                WHERE c.id = wanted AND c.danger <> '' AND h.kind = 'handing_over'
                  AND NOT EXISTS (SELECT 1 FROM holding_safetyreport s WHERE s.concern_id = c.id)) THEN
        PERFORM law_refuse('law_h15_report_before_handing_over',
            '虐待・自傷の疑いがあります。つなぐ前に、通告・通報・相談先を記録してください。');
    END IF;
END $$;
CREATE FUNCTION law_h15_of_hold() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN PERFORM law_h15_check(NEW.concern_id); RETURN NULL; END $$;
CREATE FUNCTION law_h15_of_concern() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN PERFORM law_h15_check(NEW.id); RETURN NULL; END $$;
CREATE CONSTRAINT TRIGGER law_h15_hold AFTER INSERT ON holding_hold
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.kind = 'handing_over') EXECUTE FUNCTION law_h15_of_hold();
CREATE CONSTRAINT TRIGGER law_h15_concern AFTER UPDATE OF danger ON holding_concern
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION law_h15_of_concern();
"""

H17 = """
CREATE FUNCTION law_h17_sees(wanted_party bigint, wanted_office bigint) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (
        SELECT 1 FROM people_involvement i
         WHERE i.office_id = wanted_office AND i.ended_at IS NULL
           -- An array, so that the index on (office, party) is asked for each of these few numbers.
           AND i.party_id = ANY (ARRAY(
               SELECT wanted_party
               UNION SELECT same_as_id FROM people_party WHERE id = wanted_party AND same_as_id IS NOT NULL
               UNION SELECT id FROM people_party
                      WHERE same_as_id = (SELECT COALESCE(same_as_id, id) FROM people_party WHERE id = wanted_party))))
$$;

CREATE FUNCTION law_h17_of_hold() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM holding_hold WHERE id = NEW.id AND closed_at IS NULL) AND NOT law_h17_sees(
        (SELECT party_id FROM holding_concern WHERE id = NEW.concern_id), NEW.office_id
    ) THEN
        PERFORM law_refuse('law_h17_holder_can_see', '受け持つ機関には、この方の記録を見られる関わりが必要です。');
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER law_h17_hold AFTER INSERT OR UPDATE ON holding_hold
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION law_h17_of_hold();

CREATE FUNCTION law_h17_of_promise() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.party_id IS NOT NULL
       AND EXISTS (SELECT 1 FROM holding_promise WHERE id = NEW.id AND is_open)
       AND NOT law_h17_sees(NEW.party_id, NEW.office_id) THEN
        PERFORM law_refuse('law_h17_holder_can_see', '約束する機関には、この方の記録を見られる関わりが必要です。');
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER law_h17_promise AFTER INSERT OR UPDATE ON holding_promise
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION law_h17_of_promise();

CREATE FUNCTION law_h17_of_involvement() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    root bigint;
BEGIN
    SELECT COALESCE(same_as_id, id) INTO root FROM people_party WHERE id = OLD.party_id;
    IF NOT law_h17_sees(OLD.party_id, OLD.office_id) AND (
        EXISTS (SELECT 1 FROM holding_concern c
                  JOIN holding_hold h ON h.concern_id = c.id AND h.closed_at IS NULL AND h.office_id = OLD.office_id
                  JOIN people_party p ON p.id = c.party_id
                 WHERE COALESCE(p.same_as_id, p.id) = root AND (c.party_id = root OR p.same_as_id = root))
        OR EXISTS (SELECT 1 FROM holding_promise q JOIN people_party p ON p.id = q.party_id
                 WHERE q.is_open AND q.office_id = OLD.office_id AND COALESCE(p.same_as_id, p.id) = root)
    ) THEN
        PERFORM law_refuse('law_h17_holder_can_see',
            'この機関はまだ受け持っています。先に受け持ちを渡してから、関わりを終えてください。');
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER law_h17_involvement AFTER DELETE OR UPDATE ON people_involvement
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION law_h17_of_involvement();

CREATE FUNCTION law_h17_of_concern() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM holding_hold h
                WHERE h.concern_id = NEW.id AND h.closed_at IS NULL AND NOT law_h17_sees(NEW.party_id, h.office_id)) THEN
        PERFORM law_refuse('law_h17_holder_can_see', '受け持つ機関には、この方の記録を見られる関わりが必要です。');
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER law_h17_concern AFTER UPDATE OF party_id ON holding_concern
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION law_h17_of_concern();
"""

APPEND_ONLY = """
CREATE FUNCTION holding_refuse_delete() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM law_refuse('law_h13_nothing_is_deleted', '受け持ちと約束の記録は消せません。終えるときは、わけを書いて閉じてください。');
    RETURN NULL;
END $$;
CREATE TRIGGER hold_is_kept BEFORE DELETE ON holding_hold
    FOR EACH ROW EXECUTE FUNCTION holding_refuse_delete();
CREATE TRIGGER promise_is_kept BEFORE DELETE ON holding_promise
    FOR EACH ROW EXECUTE FUNCTION holding_refuse_delete();
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("holding", "0001_initial"), ("accounts", "0001_initial"), ("people", "0001_initial")]

    operations: ClassVar = [
        migrations.RunSQL(sql, migrations.RunSQL.noop) for sql in (RAISE, H1, H2, H3, H14, H15, H17, APPEND_ONLY)
    ]
