"""Texts that wait for the index; the function that the tables of texts call."""

from typing import ClassVar

from django.db import migrations, models

CHANGED = """
CREATE FUNCTION search_changed(changed_kind text, changed_id bigint, at_once boolean) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF at_once THEN
        -- Whose it is, or that it is, has changed: the old words must not be found until the new ones are read.
        DELETE FROM search_passage WHERE kind = changed_kind AND source_id = changed_id;
    END IF;
    INSERT INTO search_due (kind, source_id) VALUES (changed_kind, changed_id);
END $$;
COMMENT ON FUNCTION search_changed(text, bigint, boolean) IS 'A text was written: its words are read into the index.';
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("search", "0001_initial")]

    operations: ClassVar = [
        migrations.CreateModel(
            name="Due",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("consultation", "相談"),
                            ("note", "支援の記録"),
                            ("contact", "連絡の記録"),
                            ("concern", "課題"),
                            ("referral", "つなぎ"),
                        ],
                        max_length=12,
                        verbose_name="種類",
                    ),
                ),
                ("source_id", models.BigIntegerField(verbose_name="番号")),
            ],
            options={"ordering": ["id"]},
        ),
        migrations.RunSQL(CHANGED, "DROP FUNCTION search_changed(text, bigint, boolean)"),
    ]
