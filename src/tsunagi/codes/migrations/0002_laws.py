"""A code is never deleted and never rewritten; every change leaves a new stamp."""

import uuid

from django.db import migrations

TOUCH = """
CREATE FUNCTION codes_touch() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE codes_stamp SET stamp = gen_random_uuid() WHERE name = TG_ARGV[0];
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION codes_touch() FROM PUBLIC;
CREATE TRIGGER codes_code_touch AFTER INSERT OR UPDATE ON codes_code
    FOR EACH STATEMENT EXECUTE FUNCTION codes_touch('codes');
CREATE TRIGGER codes_codelist_touch AFTER INSERT OR UPDATE ON codes_codelist
    FOR EACH STATEMENT EXECUTE FUNCTION codes_touch('codes');
CREATE TRIGGER codes_setting_touch AFTER INSERT OR UPDATE OR DELETE ON codes_setting
    FOR EACH STATEMENT EXECUTE FUNCTION codes_touch('codes');
"""
UNTOUCH = """
DROP TRIGGER codes_setting_touch ON codes_setting;
DROP TRIGGER codes_codelist_touch ON codes_codelist;
DROP TRIGGER codes_code_touch ON codes_code;
DROP FUNCTION codes_touch();
"""
KEEP = """
CREATE FUNCTION codes_never_deleted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'codes are never deleted'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'code_never_deleted';
END $$;
CREATE TRIGGER codes_code_kept BEFORE DELETE OR TRUNCATE ON codes_code
    FOR EACH STATEMENT EXECUTE FUNCTION codes_never_deleted();
CREATE TRIGGER codes_codelist_kept BEFORE DELETE OR TRUNCATE ON codes_codelist
    FOR EACH STATEMENT EXECUTE FUNCTION codes_never_deleted();
CREATE FUNCTION codes_never_rewritten() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.retired_on IS NOT NULL
        OR (to_jsonb(NEW) - 'retired_on') IS DISTINCT FROM (to_jsonb(OLD) - 'retired_on') THEN
        RAISE EXCEPTION 'a code is never rewritten'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'code_never_rewritten';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER codes_code_not_rewritten BEFORE UPDATE ON codes_code
    FOR EACH ROW EXECUTE FUNCTION codes_never_rewritten();
"""
UNKEEP = """
DROP TRIGGER codes_code_not_rewritten ON codes_code;
DROP FUNCTION codes_never_rewritten();
DROP TRIGGER codes_codelist_kept ON codes_codelist;
DROP TRIGGER codes_code_kept ON codes_code;
DROP FUNCTION codes_never_deleted();
"""


def first_stamps(apps, schema_editor):
    Stamp = apps.get_model("codes", "Stamp")
    for name in ("codes", "places"):
        Stamp.objects.create(name=name, stamp=uuid.uuid4())


class Migration(migrations.Migration):
    dependencies = [("codes", "0001_initial")]
    operations = [
        migrations.RunPython(first_stamps, migrations.RunPython.noop),
        migrations.RunSQL(TOUCH, UNTOUCH),
        migrations.RunSQL(KEEP, UNKEEP),
    ]
