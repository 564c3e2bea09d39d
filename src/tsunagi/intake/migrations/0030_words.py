"""Consultations tell the index of words when they are written, corrected or turn out to be about somebody else."""

from typing import ClassVar

from django.db import migrations

WORDS = """
CREATE FUNCTION intake_consultation_words() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM search_changed('consultation', COALESCE(NEW.id, OLD.id), TG_OP <> 'INSERT');
    RETURN NULL;
END $$;
CREATE TRIGGER consultation_words_begin AFTER INSERT ON intake_consultation
    FOR EACH ROW EXECUTE FUNCTION intake_consultation_words();
CREATE TRIGGER consultation_words_end AFTER DELETE ON intake_consultation
    FOR EACH ROW EXECUTE FUNCTION intake_consultation_words();
CREATE TRIGGER consultation_words AFTER UPDATE ON intake_consultation
    FOR EACH ROW WHEN ((OLD.words, OLD.wishes, OLD.outcome_words, OLD.party_id, OLD.office_id, OLD.came_at)
        IS DISTINCT FROM (NEW.words, NEW.wishes, NEW.outcome_words, NEW.party_id, NEW.office_id, NEW.came_at))
    EXECUTE FUNCTION intake_consultation_words();
INSERT INTO search_due (kind, source_id) SELECT 'consultation', id FROM intake_consultation ORDER BY id DESC;
"""
WORDS_NOT = """
DROP TRIGGER consultation_words ON intake_consultation;
DROP TRIGGER consultation_words_end ON intake_consultation;
DROP TRIGGER consultation_words_begin ON intake_consultation;
DROP FUNCTION intake_consultation_words();
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("intake", "0010_slip"), ("search", "0002_due")]

    operations: ClassVar = [migrations.RunSQL(WORDS, WORDS_NOT)]
