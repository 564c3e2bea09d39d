"""All keys of one person in one index: a lookup of several words asks many persons for the others."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0020_paper_allowed'),
    ]

    operations = [
        migrations.AlterField(
            model_name='searchkey',
            name='person',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='search_keys', to='people.person'),
        ),
        migrations.AddIndex(
            model_name='searchkey',
            index=models.Index(fields=['person'], include=('kind', 'key', 'shared_by_many'), name='search_key_of_person'),
        ),
    ]
