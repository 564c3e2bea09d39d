"""H12: of two records of one person the pointer and its reason stand or fall together."""

from django.db import migrations

MERGED = """
CREATE FUNCTION people_pointer_has_its_merge() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE one bigint := CASE TG_TABLE_NAME WHEN 'people_merge' THEN (to_jsonb(NEW) ->> 'joined_id')::bigint
                                         ELSE (to_jsonb(NEW) ->> 'id')::bigint END;
BEGIN
    IF EXISTS (
        SELECT 1 FROM people_party p LEFT JOIN people_merge m ON m.joined_id = p.id AND m.parted_at IS NULL
         WHERE p.id = one AND p.kind = 'person' AND p.same_as_id IS DISTINCT FROM m.kept_id
    ) THEN
        RAISE EXCEPTION 'a person points at another by a merge, and by nothing else'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'law_h12_pointer_has_its_merge';
    END IF;
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION people_pointer_has_its_merge() FROM PUBLIC;
CREATE CONSTRAINT TRIGGER party_pointer_has_its_merge AFTER UPDATE OF same_as_id ON people_party
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION people_pointer_has_its_merge();
CREATE CONSTRAINT TRIGGER party_comes_without_a_pointer AFTER INSERT ON people_party
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.same_as_id IS NOT NULL)
    EXECUTE FUNCTION people_pointer_has_its_merge();
CREATE CONSTRAINT TRIGGER merge_has_its_pointer AFTER INSERT OR UPDATE ON people_merge
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION people_pointer_has_its_merge();
"""
MERGED_NOT = """
DROP TRIGGER merge_has_its_pointer ON people_merge;
DROP TRIGGER party_comes_without_a_pointer ON people_party;
DROP TRIGGER party_pointer_has_its_merge ON people_party;
DROP FUNCTION people_pointer_has_its_merge();
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0021_keys_of_one_person")]
    operations = [migrations.RunSQL(MERGED, MERGED_NOT)]
