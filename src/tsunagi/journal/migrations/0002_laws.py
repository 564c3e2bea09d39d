"""The journal is append-only for everyone, digests itself, and is sealed by one function of the owner."""

from django.db import migrations

# jsonb_build_array keeps the fields apart whatever is in them; the moment is written in UTC whatever the session says.
# No SET of its own, so that the planner can inline it over a million rows.
DIGEST = """
CREATE FUNCTION journal_digest(entry journal_entry) RETURNS bytea
LANGUAGE sql STABLE AS $$
    SELECT sha256(convert_to(jsonb_build_array(
        entry.id, to_char(entry.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), entry.worker_id, entry.channel,
        entry.action, entry.subject_kind, entry.subject_id, entry.purpose, entry.ground, entry.detail)::text, 'UTF8'))
$$;

CREATE TABLE journal_waiting (entry_id bigint PRIMARY KEY);

CREATE FUNCTION journal_fill_digest() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    NEW.digest := journal_digest(NEW);
    INSERT INTO journal_waiting (entry_id) VALUES (NEW.id);
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION journal_fill_digest() FROM PUBLIC;
CREATE TRIGGER journal_entry_digest BEFORE INSERT ON journal_entry
    FOR EACH ROW EXECUTE FUNCTION journal_fill_digest();
"""
UNDIGEST = """
DROP TRIGGER journal_entry_digest ON journal_entry;
DROP FUNCTION journal_fill_digest();
DROP TABLE journal_waiting;
DROP FUNCTION journal_digest(journal_entry);
"""

KEEP = """
CREATE FUNCTION journal_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'law_journal_append_only',
        MESSAGE = '閲覧・操作の記録は、書き換えることも消すこともできません。';
END $$;
CREATE TRIGGER journal_entry_kept BEFORE UPDATE OR DELETE ON journal_entry
    FOR EACH ROW EXECUTE FUNCTION journal_refuse_change();
CREATE TRIGGER journal_entry_not_emptied BEFORE TRUNCATE ON journal_entry
    FOR EACH STATEMENT EXECUTE FUNCTION journal_refuse_change();
CREATE TRIGGER journal_seal_kept BEFORE UPDATE OR DELETE ON journal_seal
    FOR EACH ROW EXECUTE FUNCTION journal_refuse_change();
CREATE TRIGGER journal_seal_not_emptied BEFORE TRUNCATE ON journal_seal
    FOR EACH STATEMENT EXECUTE FUNCTION journal_refuse_change();
"""
UNKEEP = """
DROP TRIGGER journal_seal_not_emptied ON journal_seal;
DROP TRIGGER journal_seal_kept ON journal_seal;
DROP TRIGGER journal_entry_not_emptied ON journal_entry;
DROP TRIGGER journal_entry_kept ON journal_entry;
DROP FUNCTION journal_refuse_change();
"""

# Each statement of the function sees what has committed by then. Rows of a transaction that is still open do not wait
# here yet; they are sealed once it has committed, whatever their numbers.
SEAL = """
CREATE FUNCTION journal_seal_waiting(at_most integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    place bigint;
    link bytea;
    line record;
    made integer := 0;
BEGIN
    IF NOT pg_try_advisory_xact_lock(hashtext('journal.seal')) THEN RETURN 0; END IF;
    SELECT seq, chain INTO place, link FROM journal_seal ORDER BY seq DESC LIMIT 1;
    place := coalesce(place, 0);
    link := coalesce(link, ''::bytea);
    FOR line IN
        SELECT w.entry_id, e.digest FROM journal_waiting w JOIN journal_entry e ON e.id = w.entry_id
         ORDER BY w.entry_id LIMIT at_most
    LOOP
        place := place + 1;
        link := sha256(link || line.digest);
        INSERT INTO journal_seal (seq, entry_id, chain) VALUES (place, line.entry_id, link);
        DELETE FROM journal_waiting WHERE entry_id = line.entry_id;
        made := made + 1;
    END LOOP;
    RETURN made;
END $$;
"""


class Migration(migrations.Migration):
    """After the tables."""

    dependencies = [("journal", "0001_initial")]

    operations = [
        migrations.RunSQL(DIGEST, UNDIGEST),
        migrations.RunSQL(KEEP, UNKEEP),
        migrations.RunSQL(SEAL, "DROP FUNCTION journal_seal_waiting(integer)"),
    ]
