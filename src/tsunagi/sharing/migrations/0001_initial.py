
import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Ground',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=4, verbose_name='番号')),
                ('version', models.PositiveSmallIntegerField(default=1, verbose_name='版')),
                ('name', models.CharField(max_length=120, verbose_name='名称')),
                ('law', models.CharField(blank=True, max_length=60, verbose_name='法')),
                ('article', models.CharField(blank=True, max_length=60, verbose_name='条項')),
                ('givers', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=24), default=list, size=None, verbose_name='渡せる側')),
                ('receivers', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=24), default=list, size=None, verbose_name='受けられる側')),
                ('needs_consent', models.BooleanField(default=False, verbose_name='本人の同意')),
                ('needs_second_person', models.BooleanField(default=False, verbose_name='二人目・決裁')),
                ('puts_conditions', models.BooleanField(default=False, verbose_name='受け手への条件(70条)')),
                ('for_private_bodies', models.BooleanField(default=False, verbose_name='民間の根拠(27条)')),
                ('to_be_checked', models.BooleanField(default=False, verbose_name='条文の確認が必要')),
                ('valid_from', models.DateField(blank=True, null=True, verbose_name='施行')),
                ('retired_on', models.DateField(blank=True, null=True, verbose_name='廃止')),
            ],
            options={
                'ordering': ['code', 'version'],
                'constraints': [models.UniqueConstraint(fields=('code', 'version'), name='ground_once', violation_error_message='その版はすでにあります。')],
            },
        ),
    ]
