"""Who was named to answer in a manager's place is written down at the office, where lower modules read it."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0011_who_watches_instead'),
        ('records', '0001_initial'),
    ]

    operations = [
        migrations.RunSQL(
            "UPDATE accounts_office o SET overseer_id = r.worker_id FROM records_overseer r WHERE r.office_id = o.id",
            migrations.RunSQL.noop,
        ),
    ]
