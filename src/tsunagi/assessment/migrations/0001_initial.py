"""Assessments with every answer ever given, strengths, life events, and words about what a household shows."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('cases', '0004_stage'),
        ('holding', '0030_words'),
        ('people', '0020_paper_allowed'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Assessment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField(verbose_name='回')),
                ('begun_on', models.DateField(verbose_name='始めた日')),
                ('begun_at', models.DateTimeField(verbose_name='始めた時刻')),
                ('finished_on', models.DateField(blank=True, null=True, verbose_name='まとめた日')),
                ('finished_at', models.DateTimeField(blank=True, null=True, verbose_name='まとめた時刻')),
                ('begun_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.case')),
                ('finished_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['case_id', 'number'],
            },
        ),
        migrations.CreateModel(
            name='LifeEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('birth', '生まれ'), ('move', '転居・住まい'), ('school', '学校'), ('work', '仕事'), ('family', '結婚・家族'), ('illness', '病気・けが'), ('loss', '別れ・喪失'), ('hard', 'つらかったこと'), ('good', 'よかったこと'), ('support_begun', '支援が始まった'), ('support_ended', '支援が終わった'), ('justice', '事件・司法'), ('other', 'その他')], max_length=14, verbose_name='種類')),
                ('words', models.CharField(max_length=200, verbose_name='できごと')),
                ('detail', models.TextField(blank=True, verbose_name='くわしく')),
                ('since_text', models.CharField(blank=True, max_length=40, verbose_name='いつ(から)')),
                ('until_text', models.CharField(blank=True, max_length=40, verbose_name='いつまで')),
                ('goes_on', models.BooleanField(default=False, verbose_name='いまも続いている')),
                ('source', models.CharField(blank=True, choices=[('self', '本人'), ('family', '家族'), ('record', '記録'), ('agency', '機関')], max_length=8, verbose_name='出どころ')),
                ('source_words', models.CharField(blank=True, max_length=120, verbose_name='出どころ(ことば)')),
                ('said_on', models.DateField(verbose_name='聞いた日')),
                ('at', models.DateTimeField(verbose_name='書いた時刻')),
                ('removed_at', models.DateTimeField(blank=True, null=True, verbose_name='取り消した時刻')),
                ('removed_why', models.CharField(blank=True, max_length=200, verbose_name='取り消したわけ')),
                ('revision', models.PositiveIntegerField(default=1)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.case')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
                ('removed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='LifeEventVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('revision', models.PositiveIntegerField()),
                ('body', models.JSONField()),
                ('replaced_at', models.DateTimeField()),
                ('event', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='assessment.lifeevent')),
                ('replaced_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-revision'],
            },
        ),
        migrations.CreateModel(
            name='PatternWord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('pattern', models.CharField(choices=[('eight_fifty', '8050の形'), ('young_carer', 'ヤングケアラーの可能性'), ('double_care', 'ダブルケア'), ('old_caring_old', '老老介護'), ('school_to_home', '不登校とひきこもりの連なり'), ('single_parent_money', 'ひとり親と収入の不安'), ('after_support', '支援が終わったあとに相談なし'), ('isolated', '孤立')], max_length=24, verbose_name='形')),
                ('persons', models.CharField(blank=True, max_length=200, verbose_name='だれの')),
                ('fingerprint', models.CharField(max_length=32)),
                ('verdict', models.CharField(choices=[('confirmed', 'そのとおり'), ('rejected', 'ちがう'), ('postponed', 'あとで見る')], max_length=10, verbose_name='答え')),
                ('reason', models.CharField(blank=True, max_length=300, verbose_name='わけ')),
                ('until_on', models.DateField(blank=True, null=True, verbose_name='いつ見直すか')),
                ('at', models.DateTimeField(verbose_name='答えた時刻')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.case')),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='Screening',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('on', models.DateField(verbose_name='した日')),
                ('outcome', models.CharField(choices=[('information_only', '情報提供や相談対応のみで終了'), ('other_service', '他の制度や専門機関で対応が可能'), ('seeking_consent', '本人の同意はまだないが、同意に向けて取り組む'), ('plan', '継続して支援し、プランを作る'), ('stopped', '判断の前に中断・終了')], max_length=24, verbose_name='対応結果・方針')),
                ('elsewhere', models.CharField(blank=True, max_length=200, verbose_name='他機関へのつなぎ先')),
                ('reasons', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), blank=True, default=list, size=None, verbose_name='支援決定の理由')),
                ('reason_words', models.TextField(blank=True, verbose_name='支援決定の理由(ことば)')),
                ('urgent', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), blank=True, default=list, size=None, verbose_name='緊急的支援')),
                ('urgent_words', models.CharField(blank=True, max_length=300, verbose_name='緊急的支援(ことば)')),
                ('at', models.DateTimeField(verbose_name='書いた時刻')),
                ('assessment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='screenings', to='assessment.assessment')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='Sheet',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('section', models.CharField(choices=[('basic', '基本'), ('health', '健康'), ('disability', '障害'), ('money', 'お金'), ('work_school', '仕事・学校'), ('housing', '住まい'), ('relations', '関係・地域'), ('safety', '安全'), ('rights', '権利'), ('language', 'ことば'), ('summary', '結果の整理')], max_length=12, verbose_name='項目')),
                ('is_complete', models.BooleanField(default=False, verbose_name='ひととおり聞けた')),
                ('touched_at', models.DateTimeField(verbose_name='最後に書いた時刻')),
                ('revision', models.PositiveIntegerField(default=1)),
                ('assessment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sheets', to='assessment.assessment')),
                ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
                ('touched_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='Answer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('question', models.CharField(max_length=24, verbose_name='問い')),
                ('view', models.CharField(choices=[('supporter', '支援者'), ('self', '本人'), ('family', '家族')], max_length=10, verbose_name='だれの見方')),
                ('values', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), blank=True, default=list, size=None)),
                ('words', models.TextField(blank=True, verbose_name='ことば')),
                ('revision', models.PositiveIntegerField(verbose_name='何回目の保存か')),
                ('at', models.DateTimeField(verbose_name='いつ')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('sheet', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='answers', to='assessment.sheet')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='Strength',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('whose', models.CharField(choices=[('person', '本人の強み'), ('family', '家族の強み'), ('around', '周りの強み')], max_length=8, verbose_name='どこにある強みか')),
                ('words', models.CharField(max_length=200, verbose_name='強み')),
                ('evidence', models.TextField(blank=True, verbose_name='そう思う場面')),
                ('told_by', models.CharField(choices=[('supporter', '支援者'), ('self', '本人'), ('family', '家族')], max_length=10, verbose_name='だれの見方')),
                ('since_text', models.CharField(blank=True, max_length=40, verbose_name='いつから')),
                ('ended_on', models.DateField(blank=True, null=True, verbose_name='終わった日')),
                ('ended_words', models.CharField(blank=True, max_length=200, verbose_name='終わったわけ')),
                ('at', models.DateTimeField(verbose_name='書いた時刻')),
                ('revision', models.PositiveIntegerField(default=1)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.case')),
                ('party', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.party', verbose_name='だれの')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='StrengthVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('revision', models.PositiveIntegerField()),
                ('body', models.JSONField()),
                ('replaced_at', models.DateTimeField()),
                ('replaced_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('strength', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='assessment.strength')),
            ],
            options={
                'ordering': ['-revision'],
            },
        ),
        migrations.CreateModel(
            name='Unknown',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('words', models.CharField(max_length=300, verbose_name='まだ分からないこと')),
                ('by_on', models.DateField(blank=True, null=True, verbose_name='いつまでに')),
                ('at', models.DateTimeField(verbose_name='書いた時刻')),
                ('settled_at', models.DateTimeField(blank=True, null=True, verbose_name='分かった時刻')),
                ('settled_words', models.CharField(blank=True, max_length=300, verbose_name='分かったこと')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('finder', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('promise', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='holding.promise')),
                ('settled_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('sheet', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='unknowns', to='assessment.sheet')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.AddConstraint(
            model_name='assessment',
            constraint=models.UniqueConstraint(fields=('case', 'number'), name='assessment_numbered_once', violation_error_message='このアセスメントは、ほかの人が先に始めました。画面を開き直してください。'),
        ),
        migrations.AddConstraint(
            model_name='assessment',
            constraint=models.UniqueConstraint(condition=models.Q(('finished_on__isnull', True)), fields=('case',), name='assessment_one_open', violation_error_message='この支援には、まだまとめていないアセスメントがあります。画面を開き直してください。'),
        ),
        migrations.AddConstraint(
            model_name='assessment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('finished_at__isnull', True), ('finished_by__isnull', True), ('finished_on__isnull', True)), models.Q(('finished_at__isnull', False), ('finished_by__isnull', False), ('finished_on__isnull', False)), _connector='OR'), name='assessment_finished_by_somebody', violation_error_message='まとめた日を、もう一度入れてください。'),
        ),
        migrations.AddConstraint(
            model_name='assessment',
            constraint=models.CheckConstraint(condition=models.Q(('finished_on__isnull', True), ('finished_on__gte', models.F('begun_on')), _connector='OR'), name='assessment_finished_after_it_begun', violation_error_message='まとめた日が、始めた日より前です。日を確かめてください。'),
        ),
        migrations.AddIndex(
            model_name='lifeevent',
            index=models.Index(condition=models.Q(('removed_at__isnull', True)), fields=['person'], name='life_of_person'),
        ),
        migrations.AddConstraint(
            model_name='lifeevent',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('goes_on', True), _negated=True), ('until_text', ''), _connector='OR'), name='life_event_ends_or_goes_on', violation_error_message='「いまも続いている」ときは、いつまでを空けてください。'),
        ),
        migrations.AddConstraint(
            model_name='lifeevent',
            constraint=models.CheckConstraint(condition=models.Q(('removed_at__isnull', True), models.Q(('removed_by__isnull', False), models.Q(('removed_why', ''), _negated=True)), _connector='OR'), name='life_event_removed_with_a_reason', violation_error_message='取り消すわけを書いてください。'),
        ),
        migrations.AddIndex(
            model_name='patternword',
            index=models.Index(fields=['case', '-id'], name='pattern_word_of_case'),
        ),
        migrations.AddConstraint(
            model_name='patternword',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('verdict', 'rejected'), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='pattern_rejected_with_a_reason', violation_error_message='ちがうと考えるわけを書いてください。'),
        ),
        migrations.AddConstraint(
            model_name='patternword',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('verdict', 'postponed'), _negated=True), ('until_on__isnull', False), _connector='OR'), name='pattern_postponed_until_a_day', violation_error_message='いつ見直すか、日を入れてください。'),
        ),
        migrations.AddIndex(
            model_name='screening',
            index=models.Index(fields=['assessment', '-id'], name='screening_newest'),
        ),
        migrations.AddConstraint(
            model_name='sheet',
            constraint=models.UniqueConstraint(fields=('assessment', 'section', 'person'), name='sheet_once', nulls_distinct=False, violation_error_message='この項目は、ほかの人が先に書き始めました。画面を開き直してください。'),
        ),
        migrations.AddIndex(
            model_name='answer',
            index=models.Index(fields=['sheet', 'question', 'view', '-id'], name='answer_newest'),
        ),
        migrations.AddConstraint(
            model_name='answer',
            constraint=models.UniqueConstraint(fields=('sheet', 'question', 'view', 'revision'), name='answer_once_a_revision', violation_error_message='ほかの人が先に書き直しました。画面を開き直してください。'),
        ),
        migrations.AddIndex(
            model_name='strength',
            index=models.Index(fields=['party'], name='strength_of_party'),
        ),
        migrations.AddIndex(
            model_name='unknown',
            index=models.Index(condition=models.Q(('settled_at__isnull', True)), fields=['sheet'], name='unknown_open'),
        ),
        migrations.AddConstraint(
            model_name='unknown',
            constraint=models.CheckConstraint(condition=models.Q(('by_on__isnull', True), ('finder__isnull', False), _connector='OR'), name='unknown_promised_by_a_finder', violation_error_message='いつまでにを入れるときは、だれが確かめるかも選んでください。'),
        ),
        migrations.AddConstraint(
            model_name='unknown',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('settled_at__isnull', True), ('settled_by__isnull', True)), models.Q(('settled_at__isnull', False), ('settled_by__isnull', False)), _connector='OR'), name='unknown_settled_by_somebody', violation_error_message='分かったことを、もう一度書いてください。'),
        ),
    ]
