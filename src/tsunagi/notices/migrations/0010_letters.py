"""Letters: where workers want to hear that something waits, and each letter until it is sent."""

import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_own_days_and_absences'),
        ('notices', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='MailAddress',
            fields=[
                ('worker', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to=settings.AUTH_USER_MODEL)),
                ('address', models.EmailField(max_length=254, verbose_name='メールアドレス')),
                ('choices', models.JSONField(default=dict, verbose_name='受け取り方')),
                ('asked_at', models.DateTimeField(verbose_name='登録')),
                ('confirmed_at', models.DateTimeField(blank=True, null=True, verbose_name='確認')),
                ('code_hash', models.CharField(blank=True, max_length=64)),
                ('code_sent_at', models.DateTimeField(blank=True, null=True)),
                ('code_tries', models.PositiveSmallIntegerField(default=0)),
                ('refusals', models.PositiveSmallIntegerField(default=0, verbose_name='続けて断られた回数')),
                ('switched_off_at', models.DateTimeField(blank=True, null=True, verbose_name='止めた')),
                ('last_sent_at', models.DateTimeField(blank=True, null=True, verbose_name='最後に送った')),
            ],
            options={
                'ordering': ['worker_id'],
            },
        ),
        migrations.CreateModel(
            name='Letter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.UUIDField(default=uuid.uuid4, unique=True)),
                ('purpose', models.CharField(choices=[('code', '確認の番号'), ('waits', 'お知らせ')], max_length=8, verbose_name='何の')),
                ('state', models.CharField(choices=[('waiting', '送る前'), ('sent', '送った'), ('given_up', '送れなかった'), ('needless', '要らなくなった')], default='waiting', max_length=8, verbose_name='状態')),
                ('asked_at', models.DateTimeField(verbose_name='頼んだ時刻')),
                ('next_at', models.DateTimeField(verbose_name='次に送る時刻')),
                ('tries', models.PositiveSmallIntegerField(default=0, verbose_name='試した回数')),
                ('answer', models.CharField(blank=True, max_length=20, verbose_name='サーバーの答え')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='終わった時刻')),
                ('worker', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['id'],
                'indexes': [models.Index(condition=models.Q(('state', 'waiting')), fields=['next_at'], name='letter_to_send')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('state', 'waiting')), models.Q(models.Q(('state', 'waiting'), _negated=True), ('ended_at__isnull', False)), _connector='OR'), name='letter_ended_iff_not_waiting', violation_error_message='メールの状態と終わった時刻が合いません。画面を開き直してください。')],
            },
        ),
    ]
