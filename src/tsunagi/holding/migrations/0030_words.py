"""Concerns and contacts tell the index of words; a concern that goes to another record takes its contacts along."""

from typing import ClassVar

from django.db import migrations

WORDS = """
CREATE FUNCTION holding_concern_words() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM search_changed('concern', COALESCE(NEW.id, OLD.id), TG_OP <> 'INSERT');
    IF TG_OP = 'UPDATE' AND OLD.party_id IS DISTINCT FROM NEW.party_id THEN
        PERFORM search_changed('contact', contact_id, true) FROM holding_contacton WHERE concern_id = NEW.id;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER concern_words_begin AFTER INSERT ON holding_concern
    FOR EACH ROW EXECUTE FUNCTION holding_concern_words();
CREATE TRIGGER concern_words AFTER UPDATE ON holding_concern
    FOR EACH ROW WHEN ((OLD.description, OLD.around, OLD.party_id) IS DISTINCT FROM (NEW.description, NEW.around, NEW.party_id))
    EXECUTE FUNCTION holding_concern_words();
CREATE FUNCTION holding_contact_words() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM search_changed('contact', NEW.contact_id, false);
    RETURN NULL;
END $$;
CREATE TRIGGER contact_words AFTER INSERT ON holding_contacton
    FOR EACH ROW EXECUTE FUNCTION holding_contact_words();
INSERT INTO search_due (kind, source_id) SELECT 'concern', id FROM holding_concern ORDER BY id DESC;
INSERT INTO search_due (kind, source_id) SELECT 'contact', id FROM holding_contact ORDER BY id DESC;
"""
WORDS_NOT = """
DROP TRIGGER contact_words ON holding_contacton;
DROP FUNCTION holding_contact_words();
DROP TRIGGER concern_words ON holding_concern;
DROP TRIGGER concern_words_begin ON holding_concern;
DROP FUNCTION holding_concern_words();
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("holding", "0020_protection_promises"), ("search", "0002_due")]

    operations: ClassVar = [migrations.RunSQL(WORDS, WORDS_NOT)]
