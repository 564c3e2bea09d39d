"""What processes keep of the map in memory is looked at again after every change (see codes.queries.Remembered)."""

from django.db import migrations

TABLES = ("city", "schooldistrict", "progression", "town", "districtrange", "officearea")


class Migration(migrations.Migration):
    dependencies = [("places", "0001_initial"), ("codes", "0002_laws")]
    operations = [
        migrations.RunSQL(
            f"CREATE TRIGGER places_{table}_touch AFTER INSERT OR UPDATE OR DELETE ON places_{table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION codes_touch('places')",
            f"DROP TRIGGER places_{table}_touch ON places_{table}",
        )
        for table in TABLES
    ]
