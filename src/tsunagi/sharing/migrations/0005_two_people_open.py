"""A second person who confirms where they signed in: a number awaited for some minutes, wrong numbers counted."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0010_a_password_handed_over'),
        ('people', '0023_reasons'),
        ('sharing', '0004_glass_words'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='GlassPair',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(blank=True, max_length=8, verbose_name='番号')),
                ('asked_at', models.DateTimeField(verbose_name='頼んだ時刻')),
                ('until_at', models.DateTimeField(verbose_name='いつまで')),
                ('found_at', models.DateTimeField(blank=True, null=True, verbose_name='番号が合った時刻')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='終わり')),
                ('how', models.CharField(blank=True, choices=[('agreed', 'ふたりで開いた'), ('refused', '二人目が開かないと答えた'), ('timed_out', '時間が過ぎた'), ('called_off', '取りやめた')], max_length=12, verbose_name='終わり方')),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='GlassTry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(verbose_name='いつ')),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.AddConstraint(
            model_name='brokenglass',
            constraint=models.CheckConstraint(condition=models.Q(('second__isnull', True), ('reviewed_by__isnull', True), models.Q(('reviewed_by', models.F('second')), _negated=True), _connector='OR'), name='broken_glass_reviewed_by_neither', violation_error_message='いっしょに開いた二人目ではない人が確かめてください。'),
        ),
        migrations.AddField(
            model_name='glasspair',
            name='glass',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='pairs', to='sharing.brokenglass'),
        ),
        migrations.AddField(
            model_name='glasspair',
            name='grant',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.addressgrant'),
        ),
        migrations.AddField(
            model_name='glasspair',
            name='second',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='glasspair',
            name='worker',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='glasstry',
            name='worker',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='glasspair',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('glass',), name='glass_pair_one_awaited', violation_error_message='もう、二人目を待っています。画面を開き直してください。'),
        ),
        migrations.AddConstraint(
            model_name='glasspair',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('code',), name='glass_pair_number_once', violation_error_message='もう一度「番号を出す」を押してください。'),
        ),
        migrations.AddConstraint(
            model_name='glasspair',
            constraint=models.CheckConstraint(condition=models.Q(('second__isnull', True), models.Q(('second', models.F('worker')), _negated=True), _connector='OR'), name='glass_pair_of_two', violation_error_message='二人目は、頼んだ人とは別の職員です。'),
        ),
        migrations.AddConstraint(
            model_name='glasspair',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('how', '')), models.Q(('code', ''), ('ended_at__isnull', False), models.Q(('how', ''), _negated=True)), _connector='OR'), name='glass_pair_ended_says_how', violation_error_message='二人目の確認の終わりには、終わり方が要ります。'),
        ),
        migrations.AddConstraint(
            model_name='glasspair',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('how', 'agreed'), _negated=True), ('second__isnull', False), _connector='OR'), name='glass_pair_agreed_by_a_second', violation_error_message='ふたりで開くには、二人目の職員が要ります。'),
        ),
        migrations.AddIndex(
            model_name='glasstry',
            index=models.Index(fields=['worker', '-at'], name='glass_try_of'),
        ),
    ]
