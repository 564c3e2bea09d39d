"""A mark stays, for the owner too; a database that already held the demo city is marked."""

from django.db import migrations

KEEP = """
CREATE FUNCTION setup_marks_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'law_setup_marks_stay',
        MESSAGE = 'この印は、書き換えることも消すこともできません。本番は、空のデータベースに開設してください。';
END $$;
CREATE TRIGGER setup_mark_kept BEFORE UPDATE OR DELETE ON setup_mark
    FOR EACH ROW EXECUTE FUNCTION setup_marks_stay();
CREATE TRIGGER setup_mark_not_emptied BEFORE TRUNCATE ON setup_mark
    FOR EACH STATEMENT EXECUTE FUNCTION setup_marks_stay();
"""
LOOSE = """
DROP TRIGGER setup_mark_not_emptied ON setup_mark;
DROP TRIGGER setup_mark_kept ON setup_mark;
DROP FUNCTION setup_marks_stay();
"""
DEMO = """
INSERT INTO setup_mark (name, at)
SELECT 'demo', min(at) FROM journal_entry WHERE action = 'demo.loaded' HAVING count(*) > 0
"""


class Migration(migrations.Migration):
    dependencies = [("setup", "0001_initial"), ("journal", "0002_laws")]
    operations = [
        migrations.RunSQL(DEMO, migrations.RunSQL.noop),
        migrations.RunSQL(KEEP, LOOSE),
    ]
