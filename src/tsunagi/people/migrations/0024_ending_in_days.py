"""Two people agree that a protection ends some days on; the addresses of its time stay set aside."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0023_reasons'),
        ('places', '0002_stamps'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='address',
            name='set_aside_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='保護の終わりに使うのをやめた'),
        ),
        migrations.AddField(
            model_name='protection',
            name='ending_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='終えると決めた時刻'),
        ),
        migrations.AddField(
            model_name='protection',
            name='ending_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='protection',
            name='ending_with',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='protection',
            name='ends_on',
            field=models.DateField(blank=True, null=True, verbose_name='終える日'),
        ),
        migrations.AddConstraint(
            model_name='address',
            constraint=models.CheckConstraint(condition=models.Q(('set_aside_at__isnull', True), ('until_on__isnull', False), _connector='OR'), name='address_set_aside_is_not_in_use', violation_error_message='保護の終わりに使うのをやめた住所は、本人に確かめてから、また使ってください。'),
        ),
        migrations.AddConstraint(
            model_name='protection',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ending_at__isnull', True), ('ends_on__isnull', True)), models.Q(('ending_at__isnull', False), ('ending_by__isnull', False), ('ending_with__isnull', False), ('ends_on__isnull', False), ('person_asked_on__isnull', False), models.Q(('ending_by', models.F('ending_with')), _negated=True)), _connector='OR'), name='protection_ending_by_two_people', violation_error_message='保護を終えると決めるには、本人に確かめた日と、ふたりの職員が必要です。'),
        ),
    ]
