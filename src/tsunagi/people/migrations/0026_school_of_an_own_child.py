"""The school and class of an own child: audit reads by number who is in the same year."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0025_measures'),
    ]

    operations = [
        migrations.AddField(
            model_name='ownperson',
            name='school',
            field=models.CharField(blank=True, max_length=60, verbose_name='学校'),
        ),
        migrations.AddField(
            model_name='ownperson',
            name='school_class',
            field=models.CharField(blank=True, max_length=20, verbose_name='クラス'),
        ),
    ]
