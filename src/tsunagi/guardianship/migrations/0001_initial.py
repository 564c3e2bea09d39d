"""Powers to act for a person, what they said before, applications of the mayor and their steps."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0010_a_password_handed_over'),
        ('people', '0020_paper_allowed'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Power',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('guardianship', '成年後見'), ('curatorship', '保佐'), ('assistance', '補助'), ('contracted', '任意後見（契約・まだ始まっていない）'), ('voluntary', '任意後見（始まっている）'), ('daily_support', '日常生活自立支援事業'), ('parental', '親権'), ('minor', '未成年後見'), ('mandate', '委任（任意代理）')], max_length=16, verbose_name='種類')),
                ('holder_name', models.CharField(blank=True, max_length=120, verbose_name='後見人等の名前・法人')),
                ('holder_kind', models.CharField(blank=True, max_length=24, verbose_name='どういう立場の人か')),
                ('reach_words', models.CharField(blank=True, max_length=200, verbose_name='連絡先')),
                ('cares', models.BooleanField(default=False, verbose_name='身上保護')),
                ('keeps_money', models.BooleanField(default=False, verbose_name='財産管理')),
                ('agency_words', models.TextField(blank=True, verbose_name='代理権の範囲')),
                ('consent_words', models.TextField(blank=True, verbose_name='同意権・取消権')),
                ('from_on', models.DateField(blank=True, null=True, verbose_name='始まり')),
                ('until_on', models.DateField(blank=True, null=True, verbose_name='終わり')),
                ('court', models.CharField(blank=True, max_length=120, verbose_name='裁判所・契約の相手')),
                ('case_number', models.CharField(blank=True, max_length=60, verbose_name='事件番号・契約の番号')),
                ('aid', models.CharField(blank=True, choices=[('', 'まだ聞いていない'), ('not_needed', '要らない（本人の財産から）'), ('asked', '申請中'), ('granted', '決まっている'), ('refused', '対象外')], max_length=12, verbose_name='報酬助成')),
                ('aid_words', models.CharField(blank=True, max_length=200, verbose_name='報酬・助成のひとこと')),
                ('source', models.CharField(blank=True, max_length=24, verbose_name='何で確かめたか')),
                ('source_on', models.DateField(blank=True, null=True, verbose_name='その書類の日')),
                ('note', models.TextField(blank=True, verbose_name='ひとこと')),
                ('stated_at', models.DateTimeField(verbose_name='書いた時刻')),
                ('settled_at', models.DateTimeField(blank=True, null=True, verbose_name='あとが決まった時刻')),
                ('settled_words', models.CharField(blank=True, max_length=300, verbose_name='あとのこと')),
                ('ended_on', models.DateField(blank=True, null=True, verbose_name='終わった日')),
                ('how_ended', models.CharField(blank=True, choices=[('expired', '期間が終わった'), ('succeeded', '次の人・次の契約に替わった'), ('cancelled', '審判の取消し・契約の解約'), ('resigned', '辞任・解任'), ('came_of_age', '本人が成年になった'), ('guardian_died', '後見人等が亡くなった'), ('person_died', '本人が亡くなった'), ('mistake', '記録の誤り')], max_length=16, verbose_name='終わったわけ')),
                ('ended_words', models.CharField(blank=True, max_length=300, verbose_name='終わったときのひとこと')),
                ('revision', models.PositiveIntegerField(default=1)),
                ('holder', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
                ('holder_office', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.office')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
                ('stated_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('stated_for', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.office')),
                ('successor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='followed', to='guardianship.power')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='Petition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('aimed', models.CharField(blank=True, choices=[('', 'まだ決まっていない'), ('guardianship', '後見'), ('curatorship', '保佐'), ('assistance', '補助')], max_length=16, verbose_name='類型')),
                ('asked_by', models.CharField(blank=True, max_length=120, verbose_name='申出をした人・機関')),
                ('asked_on', models.DateField(verbose_name='申出の日')),
                ('why', models.TextField(verbose_name='申出のわけ')),
                ('fee_words', models.CharField(blank=True, max_length=200, verbose_name='申立費用')),
                ('aid', models.CharField(blank=True, choices=[('', 'まだ聞いていない'), ('not_needed', '要らない（本人の財産から）'), ('asked', '申請中'), ('granted', '決まっている'), ('refused', '対象外')], max_length=12, verbose_name='報酬助成')),
                ('aid_words', models.CharField(blank=True, max_length=200, verbose_name='報酬助成のひとこと')),
                ('court', models.CharField(blank=True, max_length=120, verbose_name='裁判所')),
                ('case_number', models.CharField(blank=True, max_length=60, verbose_name='事件番号')),
                ('state', models.CharField(choices=[('open', '進めています'), ('granted', '引き継いだ'), ('stopped', '取りやめた')], default='open', max_length=8, verbose_name='状態')),
                ('stopped_words', models.CharField(blank=True, max_length=300, verbose_name='取りやめたわけ')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='終わった時刻')),
                ('opened_at', models.DateTimeField(verbose_name='始めた時刻')),
                ('revision', models.PositiveIntegerField(default=1)),
                ('ended_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('office', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.office')),
                ('opened_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
                ('power', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='guardianship.power')),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='PowerVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('revision', models.PositiveIntegerField()),
                ('body', models.JSONField()),
                ('why', models.CharField(blank=True, max_length=300, verbose_name='訂正のわけ')),
                ('replaced_at', models.DateTimeField()),
                ('power', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='guardianship.power')),
                ('replaced_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-revision'],
            },
        ),
        migrations.CreateModel(
            name='PetitionStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('step', models.CharField(choices=[('request', '申出を受ける'), ('kin', '親族調査'), ('committee', '審査会'), ('filing', '申立て'), ('ruling', '審判'), ('handover', '後見人への引継ぎ')], max_length=12, verbose_name='段階')),
                ('state', models.CharField(choices=[('waiting', 'これから'), ('open', '進めています'), ('done', '済み'), ('skipped', '省いた')], default='waiting', max_length=8, verbose_name='状態')),
                ('done_on', models.DateField(blank=True, null=True, verbose_name='済んだ日')),
                ('words', models.TextField(blank=True, verbose_name='わかったこと・省いたわけ')),
                ('settled_at', models.DateTimeField(blank=True, null=True, verbose_name='書いた時刻')),
                ('petition', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='guardianship.petition')),
                ('settled_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['id'],
                'constraints': [models.UniqueConstraint(fields=('petition', 'step'), name='petition_step_once', violation_error_message='この段階は、すでに書かれています。'), models.UniqueConstraint(condition=models.Q(('state', 'open')), fields=('petition',), name='petition_one_open_step', violation_error_message='進めている段階が、すでにあります。画面を開き直してください。'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'done'), _negated=True), ('done_on__isnull', False), _connector='OR'), name='petition_step_done_on_a_day', violation_error_message='済んだ日を入れてください。'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'skipped'), _negated=True), models.Q(('words', ''), _negated=True), _connector='OR'), name='petition_step_skipped_with_a_reason', violation_error_message='省くわけを書いてください。')],
            },
        ),
        migrations.AddIndex(
            model_name='power',
            index=models.Index(fields=['person'], name='power_of_person'),
        ),
        migrations.AddIndex(
            model_name='power',
            index=models.Index(condition=models.Q(('holder__isnull', False)), fields=['holder'], name='power_of_holder'),
        ),
        migrations.AddConstraint(
            model_name='power',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('holder__isnull', False), ('holder_name', ''), ('holder_office__isnull', True)), models.Q(('holder__isnull', True), ('holder_name', ''), ('holder_office__isnull', False)), models.Q(('holder__isnull', True), ('holder_office__isnull', True), models.Q(('holder_name', ''), _negated=True)), _connector='OR'), name='power_has_one_holder', violation_error_message='後見人等は、登録のある方・機関・名前のどれかひとつで書いてください。'),
        ),
        migrations.AddConstraint(
            model_name='power',
            constraint=models.CheckConstraint(condition=models.Q(('holder__isnull', True), models.Q(('holder', models.F('person')), _negated=True), _connector='OR'), name='power_is_over_another', violation_error_message='本人を、本人の後見人等にはできません。別の方を選んでください。'),
        ),
        migrations.AddConstraint(
            model_name='power',
            constraint=models.CheckConstraint(condition=models.Q(('from_on__isnull', True), ('until_on__isnull', True), ('until_on__gte', models.F('from_on')), _connector='OR'), name='power_ends_after_it_begins', violation_error_message='終わりの日が、始まりの日より前です。'),
        ),
        migrations.AddConstraint(
            model_name='power',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_on__isnull', True), ('how_ended', '')), models.Q(('ended_on__isnull', False), models.Q(('how_ended', ''), _negated=True)), _connector='OR'), name='power_ended_with_a_reason', violation_error_message='終わったわけを選んでください。'),
        ),
        migrations.AddConstraint(
            model_name='petition',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'open')), fields=('person',), name='petition_one_open_per_person', violation_error_message='この方の市長申立ては、すでに進んでいます。画面を開き直してください。'),
        ),
        migrations.AddConstraint(
            model_name='petition',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('state', 'open')), models.Q(models.Q(('state', 'open'), _negated=True), ('ended_at__isnull', False)), _connector='OR'), name='petition_ends_somehow', violation_error_message='申立てがどうなったかを、もう一度選んでください。'),
        ),
        migrations.AddConstraint(
            model_name='petition',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'stopped'), _negated=True), models.Q(('stopped_words', ''), _negated=True), _connector='OR'), name='petition_stopped_with_a_reason', violation_error_message='取りやめるわけを書いてください。'),
        ),
    ]
