"""Referrals are numbered by the office's paper rule: fiscal year and a running number."""

from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    dependencies: ClassVar = [("referrals", "0001_initial")]

    operations: ClassVar = [
        migrations.RunSQL("CREATE SEQUENCE referral_number", "DROP SEQUENCE referral_number"),
    ]
