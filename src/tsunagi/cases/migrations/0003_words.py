"""Notes of a file tell the index of words; a file that goes to another record takes its notes along."""

from typing import ClassVar

from django.db import migrations

WORDS = """
CREATE FUNCTION cases_note_words() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM search_changed('note', COALESCE(NEW.id, OLD.id), TG_OP <> 'INSERT');
    RETURN NULL;
END $$;
CREATE TRIGGER note_words AFTER INSERT OR UPDATE OR DELETE ON cases_note
    FOR EACH ROW EXECUTE FUNCTION cases_note_words();
CREATE FUNCTION cases_case_words() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM search_changed('note', id, true) FROM cases_note WHERE case_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER case_words AFTER UPDATE OF party_id ON cases_case
    FOR EACH ROW WHEN (OLD.party_id IS DISTINCT FROM NEW.party_id) EXECUTE FUNCTION cases_case_words();
INSERT INTO search_due (kind, source_id) SELECT 'note', id FROM cases_note ORDER BY id DESC;
"""
WORDS_NOT = """
DROP TRIGGER case_words ON cases_case;
DROP FUNCTION cases_case_words();
DROP TRIGGER note_words ON cases_note;
DROP FUNCTION cases_note_words();
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("cases", "0002_number"), ("search", "0002_due")]

    operations: ClassVar = [migrations.RunSQL(WORDS, WORDS_NOT)]
