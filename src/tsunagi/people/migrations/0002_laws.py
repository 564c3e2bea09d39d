"""H12: a record that turned out to be another one points at it, one level deep, kind to kind."""

from django.db import migrations

ROOT = """
CREATE FUNCTION party_root(party bigint) RETURNS bigint
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$ SELECT COALESCE(same_as_id, id) FROM people_party WHERE id = party $$;
COMMENT ON FUNCTION party_root(bigint) IS 'The party a number stands for: itself, or the one it turned out to be.';
"""
UNROOT = "DROP FUNCTION party_root(bigint);"

# The rows are locked FOR SHARE, so that of two joins at once the second one sees the first.
SAME_AS = """
CREATE FUNCTION people_same_as_is_one_level() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE target record;
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.kind IS DISTINCT FROM OLD.kind THEN
        RAISE EXCEPTION 'the kind of a party never changes'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'party_kind_never_changes';
    END IF;
    IF NEW.same_as_id IS NULL THEN
        RETURN NEW;
    END IF;
    SELECT id, kind, same_as_id INTO target FROM people_party WHERE id = NEW.same_as_id FOR SHARE;
    IF target.same_as_id IS NOT NULL THEN
        RAISE EXCEPTION 'same_as must point at a root'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'party_same_as_a_root';
    END IF;
    IF EXISTS (SELECT 1 FROM people_party WHERE same_as_id = NEW.id) THEN
        RAISE EXCEPTION 'a party others point at may not point'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'party_same_as_one_level';
    END IF;
    IF NOT (NEW.kind = target.kind OR NEW.kind = 'unknown' AND target.kind = 'person') THEN
        RAISE EXCEPTION 'these kinds of party are never the same'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'party_same_as_of_a_kind';
    END IF;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION people_same_as_is_one_level() FROM PUBLIC;
CREATE TRIGGER party_same_as BEFORE UPDATE OF same_as_id, kind ON people_party
    FOR EACH ROW EXECUTE FUNCTION people_same_as_is_one_level();
CREATE TRIGGER party_same_as_from_the_start BEFORE INSERT ON people_party
    FOR EACH ROW WHEN (NEW.same_as_id IS NOT NULL) EXECUTE FUNCTION people_same_as_is_one_level();
"""
SAME_AS_NOT = """
DROP TRIGGER party_same_as_from_the_start ON people_party;
DROP TRIGGER party_same_as ON people_party;
DROP FUNCTION people_same_as_is_one_level();
"""

# An involvement ends once, and what it said does not change: "why could this office see her?" stays answerable.
INVOLVEMENT = """
CREATE FUNCTION people_involvement_ends_once() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF OLD.ended_at IS NOT NULL OR (to_jsonb(NEW) - 'ended_at') IS DISTINCT FROM (to_jsonb(OLD) - 'ended_at') THEN
        RAISE EXCEPTION 'an involvement is never rewritten'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'involvement_ends_once';
    END IF;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION people_involvement_ends_once() FROM PUBLIC;
CREATE TRIGGER involvement_ends_once BEFORE UPDATE ON people_involvement
    FOR EACH ROW EXECUTE FUNCTION people_involvement_ends_once();
"""
INVOLVEMENT_NOT = """
DROP TRIGGER involvement_ends_once ON people_involvement;
DROP FUNCTION people_involvement_ends_once();
"""

# A protected person has no search keys, whatever code writes them.
HIDDEN = """
CREATE FUNCTION people_protected_has_no_keys() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    DELETE FROM people_searchkey WHERE person_id = NEW.person_id;
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION people_protected_has_no_keys() FROM PUBLIC;
CREATE TRIGGER protection_hides AFTER INSERT ON people_protection
    FOR EACH ROW EXECUTE FUNCTION people_protected_has_no_keys();
"""
HIDDEN_NOT = """
DROP TRIGGER protection_hides ON people_protection;
DROP FUNCTION people_protected_has_no_keys();
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial")]
    operations = [
        migrations.RunSQL(ROOT, UNROOT),
        migrations.RunSQL(SAME_AS, SAME_AS_NOT),
        migrations.RunSQL(INVOLVEMENT, INVOLVEMENT_NOT),
        migrations.RunSQL(HIDDEN, HIDDEN_NOT),
    ]
