"""Keys of both sides and the packages that went between them."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0010_a_password_handed_over'),
        ('intake', '0011_meeting'),
        ('referrals', '0010_words'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='PartnerKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=32, unique=True, verbose_name='鍵の名')),
                ('card', models.CharField(max_length=200, verbose_name='公開の鍵')),
                ('entered_at', models.DateTimeField(verbose_name='登録した')),
                ('compared_at', models.DateTimeField(blank=True, null=True, verbose_name='読み合わせた')),
                ('compared_with', models.CharField(blank=True, max_length=100, verbose_name='読み合わせた相手')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='使うのをやめた')),
                ('ended_reason', models.CharField(blank=True, max_length=300, verbose_name='やめたわけ')),
                ('compared_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('ended_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('entered_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('office', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.office')),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='Package',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('incoming', models.BooleanField(verbose_name='届いたもの')),
                ('kind', models.CharField(choices=[('referral', 'つなぎ'), ('answer', '返事')], max_length=10, verbose_name='種類')),
                ('number', models.UUIDField(verbose_name='包みの番号')),
                ('their_number', models.CharField(blank=True, max_length=20, verbose_name='先方のつなぎ番号')),
                ('issued_at', models.DateTimeField(verbose_name='作られた')),
                ('until_at', models.DateTimeField(verbose_name='期限')),
                ('at', models.DateTimeField(verbose_name='作った・読んだ')),
                ('answers', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='answered_by', to='referrals.package')),
                ('consultation', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='intake.consultation')),
                ('referral', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='packages', to='referrals.referral')),
                ('worker', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('partner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='referrals.partnerkey')),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='OwnKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=32, unique=True, verbose_name='鍵の名')),
                ('card', models.CharField(max_length=200, verbose_name='公開の鍵')),
                ('sealed', models.BinaryField(verbose_name='封をした秘密の鍵')),
                ('made_at', models.DateTimeField(verbose_name='作った')),
                ('replaced_at', models.DateTimeField(blank=True, null=True, verbose_name='替えた')),
                ('opens_until', models.DateTimeField(blank=True, null=True, verbose_name='ここまで開ける')),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('replaced_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-id'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('replaced_at__isnull', True)), fields=('replaced_at',), name='one_current_own_key', nulls_distinct=False, violation_error_message='鍵は、ほかの人がいま作りました。画面を開き直してください。'), models.CheckConstraint(condition=models.Q(models.Q(('opens_until__isnull', True), ('replaced_at__isnull', True), ('replaced_by__isnull', True)), models.Q(('opens_until__isnull', False), ('replaced_at__isnull', False), ('replaced_by__isnull', False)), _connector='OR'), name='own_key_replaced_as_a_whole', violation_error_message='替えた鍵には、だれがいつ替えたかと、いつまで開けるかが要ります。')],
            },
        ),
        migrations.AddConstraint(
            model_name='partnerkey',
            constraint=models.CheckConstraint(condition=models.Q(('compared_at__isnull', True), models.Q(('compared_by__isnull', False), models.Q(('compared_with', ''), _negated=True), models.Q(('compared_by', models.F('entered_by')), _negated=True)), _connector='OR'), name='partner_key_compared_by_another', violation_error_message='指紋の読み合わせは、登録した人とは別の人がしてください。'),
        ),
        migrations.AddConstraint(
            model_name='partnerkey',
            constraint=models.CheckConstraint(condition=models.Q(('ended_at__isnull', True), models.Q(('ended_by__isnull', False), models.Q(('ended_reason', ''), _negated=True)), _connector='OR'), name='partner_key_ended_with_a_reason', violation_error_message='使うのをやめるわけを書いてください。'),
        ),
        migrations.AddConstraint(
            model_name='partnerkey',
            constraint=models.UniqueConstraint(condition=models.Q(('compared_at__isnull', False), ('ended_at__isnull', True)), fields=('office',), name='one_living_key_of_a_partner', violation_error_message='この機関には、使える鍵がすでにあります。先に前の鍵を止めてください。'),
        ),
        migrations.AddConstraint(
            model_name='package',
            constraint=models.UniqueConstraint(fields=('incoming', 'number'), name='package_read_once', violation_error_message='この包みは、すでに読み込んであります。'),
        ),
    ]
