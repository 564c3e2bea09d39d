"""A printed copy may leave the office: to whom, on what ground."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0010_a_password_handed_over'),
        ('cases', '0006_city_templates'),
        ('paperwork', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='printed',
            name='ground',
            field=models.CharField(blank=True, max_length=4, verbose_name='渡した根拠'),
        ),
        migrations.AddField(
            model_name='printed',
            name='leaves',
            field=models.BooleanField(default=False, verbose_name='ほかへ渡した'),
        ),
        migrations.AddField(
            model_name='printed',
            name='to_office',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.office'),
        ),
        migrations.AddConstraint(
            model_name='printed',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ground', ''), ('leaves', False), ('to_office__isnull', True)), models.Q(('leaves', True), models.Q(('ground', ''), _negated=True)), _connector='OR'), name='printed_leaves_on_a_ground', violation_error_message='ほかへ渡す紙には、渡す根拠が要ります。'),
        ),
    ]
