"""Plans, goals, roles, consents, conferences, monitoring, work events, looks after the end."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0010_a_password_handed_over'),
        ('cases', '0004_stage'),
        ('people', '0020_paper_allowed'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Plan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField(verbose_name='何回目')),
                ('version', models.PositiveSmallIntegerField(default=1, verbose_name='版')),
                ('state', models.CharField(choices=[('draft', '下書き'), ('conferring', '会議協議待ち'), ('decided', '決定'), ('running', '実施中'), ('evaluated', '評価済'), ('withdrawn', '取下げ'), ('replaced', '訂正ずみ')], default='draft', max_length=12, verbose_name='状態')),
                ('made_at', models.DateTimeField(verbose_name='作成')),
                ('wish_person', models.TextField(blank=True, verbose_name='本人の意向')),
                ('wish_family', models.TextField(blank=True, verbose_name='家族の意向')),
                ('situation', models.TextField(blank=True, verbose_name='状況と課題（要約）')),
                ('direction', models.TextField(blank=True, verbose_name='支援の方向性')),
                ('services', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), blank=True, default=list, size=None, verbose_name='利用する事業')),
                ('services_words', models.CharField(blank=True, max_length=300, verbose_name='事業についてのひとこと')),
                ('emergency', models.TextField(blank=True, verbose_name='緊急時の対応')),
                ('sharing', models.TextField(blank=True, verbose_name='情報共有の範囲')),
                ('ending_sign', models.TextField(blank=True, verbose_name='終結の目安')),
                ('from_on', models.DateField(blank=True, null=True, verbose_name='期間の始まり')),
                ('until_on', models.DateField(blank=True, null=True, verbose_name='期間の終わり')),
                ('monitor_on', models.DateField(blank=True, null=True, verbose_name='次のモニタリング')),
                ('plain_confirmed_at', models.DateTimeField(blank=True, null=True, verbose_name='やさしい日本語を確かめた時刻')),
                ('frozen_at', models.DateTimeField(blank=True, null=True, verbose_name='同意をもらった時刻')),
                ('no_meeting', models.CharField(blank=True, choices=[('one_office', 'ひとつの機関で支える'), ('urgent', '急ぐため（あとで会議に報告する）'), ('minor', '軽い訂正'), ('elsewhere', 'ほかの場で話し合った')], max_length=12, verbose_name='会議にかけないわけ')),
                ('decided_on', models.DateField(blank=True, null=True, verbose_name='決定の日')),
                ('decided_by_words', models.CharField(blank=True, max_length=120, verbose_name='決定した人')),
                ('decision_words', models.CharField(blank=True, max_length=500, verbose_name='決定についてのひとこと')),
                ('began_at', models.DateTimeField(blank=True, null=True, verbose_name='始めた時刻')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='終えた時刻')),
                ('end_reason', models.CharField(blank=True, max_length=300, verbose_name='終えたわけ')),
                ('revision', models.PositiveIntegerField(default=1)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='plans', to='cases.case')),
                ('ended_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('office', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.office')),
                ('plain_confirmed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('previous', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='plans.plan')),
                ('worker', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='作成した職員')),
            ],
            options={
                'ordering': ['case_id', '-number', '-version'],
            },
        ),
        migrations.CreateModel(
            name='Monitoring',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('on', models.DateField(verbose_name='日')),
                ('is_evaluation', models.BooleanField(default=False, verbose_name='評価')),
                ('persons_view', models.CharField(choices=[('better', 'よくなった'), ('same', '変わらない'), ('worse', 'しんどくなった'), ('unasked', 'まだ聞けていない')], max_length=8, verbose_name='本人の評価')),
                ('persons_words', models.TextField(blank=True, verbose_name='本人のことば')),
                ('opinion', models.TextField(blank=True, verbose_name='支援員の意見')),
                ('left_over', models.TextField(blank=True, verbose_name='残された課題')),
                ('changes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), blank=True, default=list, size=None, verbose_name='見られた変化')),
                ('decision', models.CharField(choices=[('continue', 'このまま続ける'), ('replan', '再プランして続ける'), ('close', '終結に進める'), ('suspend', '中断する')], max_length=10, verbose_name='判断')),
                ('decision_words', models.TextField(blank=True, verbose_name='判断のわけ')),
                ('next_on', models.DateField(verbose_name='次の日')),
                ('recorded_at', models.DateTimeField()),
                ('corrects', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='corrected_by', to='plans.monitoring')),
                ('office', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.office')),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='monitorings', to='plans.plan')),
            ],
            options={
                'ordering': ['-on', '-id'],
            },
        ),
        migrations.CreateModel(
            name='Goal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('term', models.CharField(choices=[('long', '長期目標'), ('short', '短期目標')], default='short', max_length=6, verbose_name='期間')),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('text', models.TextField(verbose_name='目標')),
                ('plain', models.TextField(blank=True, verbose_name='やさしい日本語')),
                ('strength_id', models.BigIntegerField(blank=True, null=True, verbose_name='生かす強み')),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='goals', to='plans.plan')),
            ],
            options={
                'ordering': ['term', 'position', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Consent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('explained_on', models.DateField(verbose_name='説明した日')),
                ('agreed_by', models.CharField(choices=[('person', '本人'), ('guardian', '後見人等'), ('parent', '親権者'), ('family', '家族（世帯員）')], max_length=10, verbose_name='同意した人')),
                ('name', models.CharField(blank=True, max_length=120, verbose_name='お名前・続柄')),
                ('way', models.CharField(choices=[('signed', '署名'), ('oral', '口頭'), ('proxy', '代理')], max_length=8, verbose_name='方法')),
                ('scope', models.CharField(blank=True, max_length=300, verbose_name='同意の範囲')),
                ('kept_where', models.CharField(blank=True, max_length=200, verbose_name='紙の保管場所')),
                ('words', models.CharField(blank=True, max_length=500, verbose_name='本人のことば・ようす')),
                ('recorded_at', models.DateTimeField()),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='consents', to='plans.plan')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='Conference',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('held_on', models.DateField(verbose_name='開催日')),
                ('kind', models.CharField(choices=[('multi', '重層的支援会議'), ('support', '支援調整会議'), ('office', '所内会議'), ('other', 'その他の会議')], max_length=8, verbose_name='会議')),
                ('result', models.CharField(choices=[('fit', '適切'), ('fit_revised', '修正のうえ適切'), ('again', '再検討')], max_length=12, verbose_name='協議結果')),
                ('words', models.TextField(blank=True, verbose_name='出た意見・直すところ')),
                ('recorded_at', models.DateTimeField()),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='conferences', to='plans.plan')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='Role',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('owner_kind', models.CharField(choices=[('worker', '職員'), ('person', '本人'), ('family', '家族'), ('outside', '外部の人・機関')], default='worker', max_length=8, verbose_name='だれが')),
                ('owner_words', models.CharField(blank=True, max_length=120, verbose_name='その人の名前・続柄・機関')),
                ('what', models.CharField(max_length=300, verbose_name='何を')),
                ('often', models.CharField(blank=True, max_length=80, verbose_name='どのくらい')),
                ('due_on', models.DateField(verbose_name='いつまでに')),
                ('how_known', models.CharField(blank=True, max_length=200, verbose_name='どう分かるか')),
                ('plain', models.TextField(blank=True, verbose_name='やさしい日本語')),
                ('state', models.CharField(choices=[('prepared', '準備'), ('open', '取り組み中'), ('done', '済み'), ('stopped', '取りやめ'), ('carried', '次のプランへ')], default='prepared', max_length=8, verbose_name='状態')),
                ('settled_at', models.DateTimeField(blank=True, null=True, verbose_name='終えた時刻')),
                ('settled_words', models.CharField(blank=True, max_length=300, verbose_name='どうなったか')),
                ('copied_from', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='plans.role')),
                ('goal', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='roles', to='plans.goal')),
                ('office', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.office')),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='roles', to='plans.plan')),
                ('settled_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('worker', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='答える職員')),
            ],
            options={
                'ordering': ['position', 'id'],
            },
        ),
        migrations.CreateModel(
            name='RoleNote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('deed', models.CharField(choices=[('done', '済んだ'), ('go_on', '続ける（次の日を決める）'), ('pass', '答える職員を替える'), ('stop', '取りやめる')], max_length=8)),
                ('words', models.CharField(blank=True, max_length=500, verbose_name='ようす')),
                ('due_on', models.DateField(blank=True, null=True, verbose_name='次の日')),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('role', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='notes', to='plans.role')),
                ('worker', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='RoleResult',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('prepared', '準備'), ('open', '取り組み中'), ('done', '済み'), ('stopped', '取りやめ'), ('carried', '次のプランへ')], max_length=8, verbose_name='そのときの状態')),
                ('due_on', models.DateField(blank=True, null=True, verbose_name='そのときの期日')),
                ('words', models.CharField(blank=True, max_length=300, verbose_name='ようす')),
                ('monitoring', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='role_results', to='plans.monitoring')),
                ('role', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='results', to='plans.role')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='WorkEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('on', models.DateField(verbose_name='日')),
                ('kind', models.CharField(max_length=40, verbose_name='できごと')),
                ('is_target', models.BooleanField(default=False, verbose_name='就労支援の対象')),
                ('income_up', models.BooleanField(default=False, verbose_name='収入が増えた')),
                ('amount', models.PositiveIntegerField(blank=True, null=True, verbose_name='増えた額（月・円）')),
                ('words', models.CharField(blank=True, max_length=300, verbose_name='ひとこと')),
                ('recorded_at', models.DateTimeField()),
                ('taken_back_at', models.DateTimeField(blank=True, null=True, verbose_name='取り消した時刻')),
                ('taken_back_reason', models.CharField(blank=True, max_length=200, verbose_name='取り消したわけ')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.case')),
                ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.party')),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('taken_back_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-on', '-id'],
            },
        ),
        migrations.CreateModel(
            name='FollowUp',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('due_on', models.DateField(verbose_name='いつごろ')),
                ('what', models.CharField(blank=True, max_length=200, verbose_name='何を見るか')),
                ('made_at', models.DateTimeField()),
                ('done_on', models.DateField(blank=True, null=True, verbose_name='見た日')),
                ('result', models.CharField(blank=True, choices=[('fine', '落ち着いている'), ('watch', '気になることがある（もう一度みる）'), ('trouble', '困りごとがある（再開を考える）'), ('not_met', '連絡がつかなかった')], max_length=8, verbose_name='ようす')),
                ('words', models.TextField(blank=True, verbose_name='ようす（ことば）')),
                ('done_at', models.DateTimeField(blank=True, null=True)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.case')),
                ('done_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['due_on', 'id'],
                'indexes': [models.Index(fields=['case', 'due_on'], name='plan_follow_up_of_case')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('done_at__isnull', True), ('done_on__isnull', True), ('result', '')), models.Q(('done_at__isnull', False), ('done_by__isnull', False), ('done_on__isnull', False), models.Q(('result', ''), _negated=True)), _connector='OR'), name='plan_follow_up_done_with_a_result', violation_error_message='どんなようすだったかを選んでください。')],
            },
        ),
        migrations.CreateModel(
            name='GoalResult',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('attainment', models.CharField(choices=[('reached', '達成'), ('partly', '一部'), ('not', '未達')], max_length=8, verbose_name='達成状況')),
                ('reason', models.TextField(blank=True, verbose_name='わけ')),
                ('goal', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='results', to='plans.goal')),
                ('monitoring', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='goal_results', to='plans.monitoring')),
            ],
            options={
                'ordering': ['id'],
                'constraints': [models.UniqueConstraint(fields=('monitoring', 'goal'), name='plan_goal_judged_once', violation_error_message='同じ目標の達成状況が二度入っています。')],
            },
        ),
        migrations.AddIndex(
            model_name='plan',
            index=models.Index(condition=models.Q(('state', 'running')), fields=['until_on'], name='plan_running_until'),
        ),
        migrations.AddConstraint(
            model_name='plan',
            constraint=models.UniqueConstraint(fields=('case', 'number', 'version'), name='plan_version_once', violation_error_message='同じ回の同じ版のプランが、もうあります。画面を開き直してください。'),
        ),
        migrations.AddConstraint(
            model_name='plan',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'running')), fields=('case',), name='plan_one_running_per_case', violation_error_message='この支援には、実施中のプランがもうあります。画面を開き直してください。'),
        ),
        migrations.AddConstraint(
            model_name='plan',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['draft', 'conferring', 'decided'])), fields=('case',), name='plan_one_prepared_per_case', violation_error_message='この支援には、つくりかけのプランがもうあります。続きを書いてください。'),
        ),
        migrations.AddConstraint(
            model_name='plan',
            constraint=models.CheckConstraint(condition=models.Q(('from_on__isnull', True), ('until_on__isnull', True), ('until_on__gt', models.F('from_on')), _connector='OR'), name='plan_days_in_order', violation_error_message='期間の終わりが、始まりより前です。日を確かめてください。'),
        ),
        migrations.AddConstraint(
            model_name='plan',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'running'), _negated=True), models.Q(('began_at__isnull', False), ('decided_on__isnull', False), ('from_on__isnull', False), ('frozen_at__isnull', False), ('monitor_on__isnull', False), ('until_on__isnull', False)), _connector='OR'), name='plan_running_is_agreed_and_dated', violation_error_message='実施中のプランには、同意・決定・期間・次のモニタリングの日が必要です。'),
        ),
        migrations.AddConstraint(
            model_name='plan',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('state__in', ['draft', 'conferring', 'decided', 'running'])), models.Q(('ended_at__isnull', False), ('state__in', ['evaluated', 'withdrawn', 'replaced'])), _connector='OR'), name='plan_ended_iff_over', violation_error_message='終えたプランにだけ、終えた時刻が入ります。'),
        ),
        migrations.AddConstraint(
            model_name='plan',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'withdrawn'), _negated=True), models.Q(('end_reason', ''), _negated=True), _connector='OR'), name='plan_withdrawn_with_a_reason', violation_error_message='取り下げるわけを書いてください。'),
        ),
        migrations.AddIndex(
            model_name='monitoring',
            index=models.Index(fields=['plan', '-on', '-id'], name='plan_monitoring_of'),
        ),
        migrations.AddConstraint(
            model_name='monitoring',
            constraint=models.CheckConstraint(condition=models.Q(('next_on__gt', models.F('on'))), name='plan_monitoring_looks_ahead', violation_error_message='次の日は、モニタリングの日より後にしてください。'),
        ),
        migrations.AddConstraint(
            model_name='goal',
            constraint=models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='plan_goal_says_something', violation_error_message='目標のことばを書いてください。'),
        ),
        migrations.AddConstraint(
            model_name='consent',
            constraint=models.CheckConstraint(condition=models.Q(('agreed_by', 'person'), models.Q(('name', ''), _negated=True), _connector='OR'), name='plan_consent_names_who', violation_error_message='本人以外が同意したときは、お名前と続柄を書いてください。'),
        ),
        migrations.AddConstraint(
            model_name='consent',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('way', 'signed'), _negated=True), models.Q(('kept_where', ''), _negated=True), _connector='OR'), name='plan_consent_paper_is_somewhere', violation_error_message='署名した紙をどこに保管したかを書いてください。'),
        ),
        migrations.AddConstraint(
            model_name='conference',
            constraint=models.CheckConstraint(condition=models.Q(('result', 'fit'), models.Q(('words', ''), _negated=True), _connector='OR'), name='plan_conference_says_what_to_change', violation_error_message='どこを直すか、なぜ再検討かを書いてください。'),
        ),
        migrations.AddIndex(
            model_name='role',
            index=models.Index(condition=models.Q(('state', 'open')), fields=['plan'], name='plan_role_open'),
        ),
        migrations.AddConstraint(
            model_name='role',
            constraint=models.CheckConstraint(condition=models.Q(('what', ''), _negated=True), name='plan_role_says_what', violation_error_message='役割には「何を」を書いてください。'),
        ),
        migrations.AddConstraint(
            model_name='role',
            constraint=models.CheckConstraint(condition=models.Q(('owner_kind__in', ['worker', 'person']), models.Q(('owner_words', ''), _negated=True), _connector='OR'), name='plan_role_names_its_owner', violation_error_message='だれがするのか、名前か続柄か機関を書いてください。'),
        ),
        migrations.AddConstraint(
            model_name='role',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('settled_at__isnull', True), ('state__in', ['prepared', 'open'])), models.Q(('settled_at__isnull', False), ('state__in', ['done', 'stopped', 'carried'])), _connector='OR'), name='plan_role_settled_somehow', violation_error_message='役割がどうなったかを、もう一度選んでください。'),
        ),
        migrations.AddConstraint(
            model_name='role',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'stopped'), _negated=True), models.Q(('settled_words', ''), _negated=True), _connector='OR'), name='plan_role_stopped_with_a_reason', violation_error_message='取りやめるわけを書いてください。'),
        ),
        migrations.AddConstraint(
            model_name='roleresult',
            constraint=models.UniqueConstraint(fields=('monitoring', 'role'), name='plan_role_looked_at_once', violation_error_message='同じ役割のようすが二度入っています。'),
        ),
        migrations.AddIndex(
            model_name='workevent',
            index=models.Index(fields=['case', '-on'], name='plan_event_of_case'),
        ),
        migrations.AddConstraint(
            model_name='workevent',
            constraint=models.CheckConstraint(condition=models.Q(('amount__isnull', True), ('income_up', True), _connector='OR'), name='plan_event_amount_needs_more_income', violation_error_message='増えた額は、「収入が増えた」ときに入れます。'),
        ),
        migrations.AddConstraint(
            model_name='workevent',
            constraint=models.CheckConstraint(condition=models.Q(('taken_back_at__isnull', True), models.Q(('taken_back_reason', ''), _negated=True), _connector='OR'), name='plan_event_taken_back_with_a_reason', violation_error_message='取り消すわけを書いてください。'),
        ),
    ]
