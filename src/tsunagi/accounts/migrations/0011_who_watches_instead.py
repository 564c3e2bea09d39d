"""Who watches over and answers what an office's own managers may not; `records` writes it down."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0010_a_password_handed_over'),
    ]

    operations = [
        migrations.AddField(
            model_name='office',
            name='overseer',
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+',
                to=settings.AUTH_USER_MODEL, verbose_name='代わりに見る人',
            ),
        ),
    ]
