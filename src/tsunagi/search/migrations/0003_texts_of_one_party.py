"""The texts of one party by key: whoever sees few people is answered from these, however many texts there are."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('search', '0002_due'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='passage',
            index=models.Index(fields=['party'], name='passage_of_party'),
        ),
    ]
