"""Files are numbered by fiscal year and a running number."""

from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    dependencies: ClassVar = [("cases", "0001_initial")]

    operations: ClassVar = [migrations.RunSQL("CREATE SEQUENCE case_number", "DROP SEQUENCE case_number")]
