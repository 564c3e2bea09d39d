"""支援措置の連絡: what 市民課 lets us know, whoever is meant or nobody."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0010_a_password_handed_over'),
        ('people', '0024_ending_in_days'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='MeasureNotice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('came_on', models.DateField(verbose_name='連絡が来た日')),
                ('due_on', models.DateField(verbose_name='入れる期限')),
                ('late_days', models.PositiveSmallIntegerField(default=0, verbose_name='遅れた開庁日')),
                ('name', models.CharField(blank=True, max_length=120, verbose_name='氏名')),
                ('kana', models.CharField(blank=True, max_length=120, verbose_name='カナ')),
                ('birth', models.CharField(blank=True, max_length=40, verbose_name='生年月日')),
                ('phone', models.CharField(blank=True, max_length=40, verbose_name='電話')),
                ('category', models.CharField(choices=[('provisional', '仮保護'), ('dv', 'DV等支援措置(配偶者からの暴力)'), ('stalking', 'DV等支援措置(ストーカー)'), ('child_abuse', 'DV等支援措置(児童虐待)'), ('similar', 'DV等支援措置(これらに準ずるもの)'), ('other', 'その他')], max_length=16, verbose_name='種類')),
                ('from_on', models.DateField(blank=True, null=True, verbose_name='開始')),
                ('measure_until_on', models.DateField(blank=True, null=True, verbose_name='期限')),
                ('municipality', models.CharField(blank=True, max_length=60, verbose_name='受け付けた市町村')),
                ('other_party_name', models.CharField(blank=True, max_length=120, verbose_name='相手方')),
                ('other_party_relation', models.CharField(blank=True, max_length=60, verbose_name='相手方との関係')),
                ('entered_at', models.DateTimeField(verbose_name='入れた時刻')),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True, verbose_name='取り下げた')),
                ('forgotten_at', models.DateTimeField(blank=True, null=True, verbose_name='名前を消した')),
                ('matched', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), blank=True, default=list, size=None)),
                ('hinted', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), blank=True, default=list, size=None)),
                ('entered_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('office', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.office')),
                ('withdrawn_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-id'],
                'indexes': [models.Index(condition=models.Q(('forgotten_at__isnull', True), ('withdrawn_at__isnull', True)), fields=['id'], name='measure_notice_living')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('name', ''), _negated=True), ('forgotten_at__isnull', False), _connector='OR'), name='measure_notice_names_somebody', violation_error_message='支援措置を受けた方のお名前を入れてください。')],
            },
        ),
    ]
