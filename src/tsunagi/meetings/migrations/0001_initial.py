"""Bodies, members, acknowledgements, sittings, attendance, items, decisions, roles, calendar addresses."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0010_a_password_handed_over'),
        ('cases', '0006_city_templates'),
        ('holding', '0031_plan_promises'),
        ('people', '0023_reasons'),
        ('plans', '0002_laws'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Body',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('body_type', models.CharField(choices=[('support', '支援会議'), ('layered', '重層的支援会議'), ('coordination', '支援調整会議'), ('network', 'ネットワーク会議'), ('committee', '推進委員会・部会'), ('bonds', 'きずな会議'), ('core', 'プラットフォーム・コアメンバー会議'), ('other', 'その他')], max_length=14, verbose_name='法上の種類')),
                ('name', models.CharField(max_length=80, verbose_name='名前')),
                ('modes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=14), size=None, verbose_name='議題の根拠')),
                ('week', models.SmallIntegerField(blank=True, null=True, verbose_name='第何')),
                ('weekday', models.SmallIntegerField(blank=True, null=True, verbose_name='曜日')),
                ('begins', models.TimeField(blank=True, null=True, verbose_name='始まり')),
                ('minutes', models.PositiveSmallIntegerField(default=120, verbose_name='長さ（分）')),
                ('place', models.CharField(blank=True, max_length=120, verbose_name='場所')),
                ('holiday_rule', models.CharField(choices=[('before', '前の開庁日にする'), ('after', '次の開庁日にする'), ('skip', 'その月は開かない')], default='after', max_length=8, verbose_name='閉庁日のとき')),
                ('call_days', models.PositiveSmallIntegerField(default=5, verbose_name='募集の締切（開催の何開庁日前）')),
                ('by_phone', models.BooleanField(default=False, verbose_name='電話・持ち回りで開ける')),
                ('by_phone_article', models.CharField(blank=True, max_length=120, verbose_name='その条文')),
                ('outside_sittings', models.BooleanField(default=False, verbose_name='会議の外で構成員どうしが共有できる')),
                ('outside_article', models.CharField(blank=True, max_length=120, verbose_name='その条文')),
                ('recall', models.CharField(choices=[('collect', '回収する'), ('electronic', '電子のみ（紙を配らない）'), ('none', '配らない')], default='collect', max_length=12, verbose_name='資料')),
                ('recall_article', models.CharField(blank=True, max_length=120, verbose_name='その条文')),
                ('keeps_who_said', models.BooleanField(default=False, verbose_name='だれの発言かを残す')),
                ('made_at', models.DateTimeField(verbose_name='作成')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='廃止')),
                ('revision', models.PositiveIntegerField(default=1)),
                ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('office', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.office', verbose_name='庶務の機関')),
            ],
            options={
                'ordering': ['ended_at', 'name', 'id'],
            },
        ),
        migrations.CreateModel(
            name='BodyMember',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(blank=True, max_length=100, verbose_name='お名前（システムを使わない方）')),
                ('role', models.CharField(choices=[('chair', '会長'), ('deputy', '副会長'), ('member', '構成員'), ('secretary', '事務局'), ('observer', 'オブザーバー')], default='member', max_length=10, verbose_name='役')),
                ('from_on', models.DateField(verbose_name='任期の始まり')),
                ('until_on', models.DateField(blank=True, null=True, verbose_name='任期の終わり')),
                ('is_part_time', models.BooleanField(default=False, verbose_name='出番のときだけ来る')),
                ('added_at', models.DateTimeField(verbose_name='加えた時刻')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='外れた時刻')),
                ('added_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('body', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='members', to='meetings.body')),
                ('office', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.office', verbose_name='機関')),
                ('worker', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['body_id', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Acknowledgement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.PositiveSmallIntegerField(verbose_name='年度')),
                ('on', models.DateField(verbose_name='日')),
                ('how', models.CharField(choices=[('screen', '画面'), ('paper', '紙'), ('row', '一括（会場の署名簿）')], max_length=8, verbose_name='方法')),
                ('kept_where', models.CharField(blank=True, max_length=200, verbose_name='紙の保管場所')),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='acknowledgements', to='meetings.bodymember')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='Decision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('watch', '見守り'), ('roles', '役割分担'), ('seek_consent', '同意の求め方'), ('plan_fit', 'プラン：適切'), ('plan_revised', 'プラン：修正のうえ適切'), ('plan_again', 'プラン：再検討'), ('evaluated', '評価'), ('close', '終結'), ('suspend', '中断'), ('resource', 'はざま → 資源'), ('other', 'その他')], max_length=14, verbose_name='決定')),
                ('words', models.TextField(blank=True, verbose_name='決定のことば')),
                ('decided_at', models.DateTimeField(verbose_name='決めた時刻')),
                ('taken_back_at', models.DateTimeField(blank=True, null=True, verbose_name='取り消した時刻')),
                ('taken_back_reason', models.CharField(blank=True, max_length=300, verbose_name='取り消したわけ')),
                ('conference', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='plans.conference')),
                ('decided_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='記録した職員')),
                ('taken_back_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='DecisionRole',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('what', models.CharField(max_length=300, verbose_name='何を')),
                ('due_on', models.DateField(verbose_name='いつまでに')),
                ('facets', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=24), blank=True, default=list, size=None, verbose_name='見える範囲')),
                ('state', models.CharField(choices=[('asked', '返事待ち'), ('open', '取り組み中'), ('done', '済み（見直し待ち）'), ('reviewed', '見直し済み'), ('stopped', '取りやめ')], default='open', max_length=10, verbose_name='状態')),
                ('asked_at', models.DateTimeField(blank=True, null=True, verbose_name='頼んだ時刻')),
                ('settled_at', models.DateTimeField(blank=True, null=True, verbose_name='終えた時刻')),
                ('settled_words', models.CharField(blank=True, max_length=300, verbose_name='どうなったか')),
                ('reviewed_at', models.DateTimeField(blank=True, null=True, verbose_name='見直した時刻')),
                ('asked_office', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.office')),
                ('asked_worker', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('decision', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='roles', to='meetings.decision')),
                ('office', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.office')),
                ('promise', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='holding.promise')),
                ('reviewed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('settled_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('worker', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='答える職員')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='FeedAddress',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.CharField(max_length=64, unique=True)),
                ('made_at', models.DateTimeField(verbose_name='作った時刻')),
                ('last_read_at', models.DateTimeField(blank=True, null=True, verbose_name='最後に読まれた時刻')),
                ('revoked_at', models.DateTimeField(blank=True, null=True, verbose_name='止めた時刻')),
                ('worker', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='Item',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField(default=0, verbose_name='順')),
                ('kind', models.CharField(choices=[('person', '個別の支援'), ('plan', 'プランの協議'), ('closing', '評価・終結'), ('resources', 'はざま・資源'), ('progress', '進捗資料'), ('other', 'その他')], max_length=10, verbose_name='種類')),
                ('mode', models.CharField(choices=[('support', '支援会議'), ('support_needy', '支援会議（困窮法）'), ('layered', '重層的支援会議'), ('coordination', '支援調整会議'), ('no_persons', '個人を扱わない')], max_length=14, verbose_name='根拠')),
                ('state', models.CharField(choices=[('proposed', '提案'), ('taken', '取り上げる'), ('done', '済み'), ('deferred', '見送り'), ('withdrawn', '取り下げ')], default='proposed', max_length=10, verbose_name='状態')),
                ('source', models.CharField(choices=[('hand', '提案'), ('falling', 'こぼれそうな課題'), ('plan', '協議を待つプラン'), ('review', '見直しの時期'), ('closing', '終結を待つ支援'), ('gap', 'はざま'), ('again', '前の会議から')], default='hand', max_length=8, verbose_name='もと')),
                ('title', models.CharField(blank=True, max_length=120, verbose_name='題（個人を扱わない議題）')),
                ('asked', models.TextField(blank=True, verbose_name='論点（何を決めてほしいか）')),
                ('facets', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=24), blank=True, default=list, size=None, verbose_name='見せてよい範囲')),
                ('minutes', models.PositiveSmallIntegerField(default=15, verbose_name='予定の分数')),
                ('heard', models.TextField(blank=True, verbose_name='出た情報・意見')),
                ('live_decision', models.TextField(blank=True, verbose_name='決まりそうなこと')),
                ('live_revision', models.PositiveIntegerField(default=0)),
                ('began_at', models.DateTimeField(blank=True, null=True, verbose_name='始めた時刻')),
                ('proposed_at', models.DateTimeField(verbose_name='提案')),
                ('settled_at', models.DateTimeField(blank=True, null=True, verbose_name='終えた時刻')),
                ('settled_words', models.CharField(blank=True, max_length=300, verbose_name='わけ')),
                ('revision', models.PositiveIntegerField(default=1)),
                ('case', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.case')),
                ('concern', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='holding.concern')),
                ('gap', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='holding.gap')),
                ('party', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.party')),
                ('plan', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='plans.plan')),
                ('previous', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='meetings.item')),
                ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('proposed_office', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.office')),
                ('settled_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['sitting_id', 'position', 'id'],
            },
        ),
        migrations.AddField(
            model_name='decision',
            name='item',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='meetings.item'),
        ),
        migrations.CreateModel(
            name='ItemMember',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('facets', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=24), blank=True, default=list, size=None, verbose_name='見える範囲')),
                ('chosen_at', models.DateTimeField(verbose_name='選んだ時刻')),
                ('opened_at', models.DateTimeField(blank=True, null=True, verbose_name='開いた時刻')),
                ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='閉じた時刻')),
                ('acknowledgement', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='meetings.acknowledgement')),
                ('chosen_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='members', to='meetings.item')),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='meetings.bodymember')),
            ],
            options={
                'ordering': ['item_id', 'id'],
            },
        ),
        migrations.CreateModel(
            name='RoleNote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('deed', models.CharField(choices=[('accept', '受ける'), ('decline', '受けられない'), ('done', '済んだ'), ('go_on', '続ける（次の日を決める）'), ('pass', '別の職員に頼む'), ('stop', '取りやめる'), ('review', '見直した')], max_length=8)),
                ('words', models.CharField(blank=True, max_length=500, verbose_name='ようす')),
                ('due_on', models.DateField(blank=True, null=True, verbose_name='次の日')),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('role', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='notes', to='meetings.decisionrole')),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='Sitting',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(verbose_name='日')),
                ('begins', models.TimeField(blank=True, null=True, verbose_name='始まり')),
                ('place', models.CharField(blank=True, max_length=120, verbose_name='場所')),
                ('how', models.CharField(choices=[('together', '集合'), ('online', 'オンライン'), ('phone', '電話'), ('writing', '持ち回り')], default='together', max_length=8, verbose_name='開き方')),
                ('state', models.CharField(choices=[('planned', '予定'), ('called', '召集'), ('open', '開催中'), ('ended', '終了'), ('cancelled', '取りやめ')], default='planned', max_length=10, verbose_name='状態')),
                ('is_ad_hoc', models.BooleanField(default=False, verbose_name='随時')),
                ('reason', models.CharField(blank=True, max_length=300, verbose_name='随時に開くわけ・取りやめたわけ')),
                ('call_until_on', models.DateField(blank=True, null=True, verbose_name='議題の募集の締切')),
                ('made_at', models.DateTimeField(verbose_name='作成')),
                ('called_at', models.DateTimeField(blank=True, null=True, verbose_name='召集した時刻')),
                ('opened_at', models.DateTimeField(blank=True, null=True, verbose_name='始めた時刻')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='終えた時刻')),
                ('revision', models.PositiveIntegerField(default=1)),
                ('body', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sittings', to='meetings.body')),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('secretary', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='事務局の担当')),
            ],
            options={
                'ordering': ['day', 'begins', 'id'],
            },
        ),
        migrations.CreateModel(
            name='JointBody',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('body', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='meetings.body')),
                ('sitting', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='joint', to='meetings.sitting')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='ItemMove',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('was_mode', models.CharField(choices=[('support', '支援会議'), ('support_needy', '支援会議（困窮法）'), ('layered', '重層的支援会議'), ('coordination', '支援調整会議'), ('no_persons', '個人を扱わない')], max_length=14)),
                ('reason', models.CharField(blank=True, max_length=300, verbose_name='わけ')),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='moves', to='meetings.item')),
                ('was_sitting', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='meetings.sitting')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.AddField(
            model_name='item',
            name='sitting',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='items', to='meetings.sitting'),
        ),
        migrations.CreateModel(
            name='Attendance',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('presence', models.CharField(choices=[('expected', 'これから'), ('present', '出席'), ('absent', '欠席')], default='expected', max_length=10, verbose_name='出欠')),
                ('came_at', models.DateTimeField(blank=True, null=True, verbose_name='来た時刻')),
                ('left_at', models.DateTimeField(blank=True, null=True, verbose_name='帰った時刻')),
                ('told_at', models.DateTimeField(blank=True, null=True, verbose_name='結果を伝えた時刻')),
                ('told_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='meetings.bodymember')),
                ('sitting', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attendances', to='meetings.sitting')),
            ],
            options={
                'ordering': ['sitting_id', 'id'],
            },
        ),
        migrations.AddConstraint(
            model_name='body',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('name',), name='meeting_body_name_once', violation_error_message='同じ名前の会議が、もうあります。別の名前にしてください。'),
        ),
        migrations.AddConstraint(
            model_name='body',
            constraint=models.CheckConstraint(condition=models.Q(('modes__len__gt', 0)), name='meeting_body_has_a_basis', violation_error_message='議題の根拠を、ひとつは選んでください。'),
        ),
        migrations.AddConstraint(
            model_name='body',
            constraint=models.CheckConstraint(condition=models.Q(('by_phone', False), models.Q(('by_phone_article', ''), _negated=True), _connector='OR'), name='meeting_body_by_phone_names_its_article', violation_error_message='電話・持ち回りで開けるのは、要綱に定めがあるときです。条文を書いてください。'),
        ),
        migrations.AddConstraint(
            model_name='body',
            constraint=models.CheckConstraint(condition=models.Q(('outside_sittings', False), models.Q(('outside_article', ''), _negated=True), _connector='OR'), name='meeting_body_outside_names_its_article', violation_error_message='会議の外で共有できるのは、要綱に定めがあるときです。条文を書いてください。'),
        ),
        migrations.AddConstraint(
            model_name='body',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('week__isnull', True), ('weekday__isnull', True)), models.Q(('week__in', [-1, 1, 2, 3, 4]), ('weekday__gte', 0), ('weekday__lte', 6)), _connector='OR'), name='meeting_body_day_is_whole', violation_error_message='「第何」と曜日は、両方選ぶか、両方空けてください。'),
        ),
        migrations.AddIndex(
            model_name='bodymember',
            index=models.Index(condition=models.Q(('ended_at__isnull', True)), fields=['worker'], name='meeting_member_of_worker'),
        ),
        migrations.AddConstraint(
            model_name='bodymember',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('name', ''), ('worker__isnull', False)), models.Q(('worker__isnull', True), models.Q(('name', ''), _negated=True)), _connector='OR'), name='meeting_member_is_a_worker_or_named', violation_error_message='職員を選ぶか、システムを使わない方のお名前を書いてください（どちらかひとつ）。'),
        ),
        migrations.AddConstraint(
            model_name='bodymember',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True), ('worker__isnull', False)), fields=('body', 'worker'), name='meeting_member_once', violation_error_message='この職員は、すでにこの会議の構成員です。'),
        ),
        migrations.AddConstraint(
            model_name='bodymember',
            constraint=models.CheckConstraint(condition=models.Q(('until_on__isnull', True), ('until_on__gte', models.F('from_on')), _connector='OR'), name='meeting_member_term_in_order', violation_error_message='任期の終わりが、始まりより前です。日を確かめてください。'),
        ),
        migrations.AddConstraint(
            model_name='acknowledgement',
            constraint=models.UniqueConstraint(fields=('member', 'year'), name='meeting_acknowledged_once_a_year', violation_error_message='この年度の守秘義務の確認は、もう済んでいます。'),
        ),
        migrations.AddConstraint(
            model_name='acknowledgement',
            constraint=models.CheckConstraint(condition=models.Q(('how', 'screen'), models.Q(('kept_where', ''), _negated=True), _connector='OR'), name='meeting_acknowledgement_paper_is_somewhere', violation_error_message='署名した紙をどこに保管したかを書いてください。'),
        ),
        migrations.AddConstraint(
            model_name='decisionrole',
            constraint=models.CheckConstraint(condition=models.Q(('what', ''), _negated=True), name='meeting_role_says_what', violation_error_message='役割には「何を」を書いてください。'),
        ),
        migrations.AddConstraint(
            model_name='decisionrole',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'asked'), _negated=True), models.Q(('asked_office__isnull', False), ('asked_worker__isnull', False)), _connector='OR'), name='meeting_role_asked_of_somebody', violation_error_message='だれに頼むかを選んでください。'),
        ),
        migrations.AddConstraint(
            model_name='decisionrole',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('settled_at__isnull', True), ('state__in', ['asked', 'open'])), models.Q(('settled_at__isnull', False), ('state__in', ['done', 'reviewed', 'stopped'])), _connector='OR'), name='meeting_role_settled_somehow', violation_error_message='役割がどうなったかを、もう一度選んでください。'),
        ),
        migrations.AddConstraint(
            model_name='decisionrole',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('reviewed_at__isnull', False), ('state', 'reviewed')), models.Q(models.Q(('state', 'reviewed'), _negated=True), ('reviewed_at__isnull', True)), _connector='OR'), name='meeting_role_reviewed_iff_reviewed', violation_error_message='見直した役割にだけ、見直した時刻が入ります。'),
        ),
        migrations.AddConstraint(
            model_name='decisionrole',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'stopped'), _negated=True), models.Q(('settled_words', ''), _negated=True), _connector='OR'), name='meeting_role_stopped_with_a_reason', violation_error_message='取りやめるわけを書いてください。'),
        ),
        migrations.AddConstraint(
            model_name='feedaddress',
            constraint=models.UniqueConstraint(condition=models.Q(('revoked_at__isnull', True)), fields=('worker',), name='meeting_feed_one_per_worker', violation_error_message='カレンダーのアドレスは、もうあります。先に止めてください。'),
        ),
        migrations.AddConstraint(
            model_name='decision',
            constraint=models.CheckConstraint(condition=models.Q(('taken_back_at__isnull', True), models.Q(('taken_back_reason', ''), _negated=True), _connector='OR'), name='meeting_decision_taken_back_with_a_reason', violation_error_message='取り消すわけを書いてください。'),
        ),
        migrations.AddIndex(
            model_name='itemmember',
            index=models.Index(condition=models.Q(('closed_at__isnull', True)), fields=['member'], name='meeting_item_member'),
        ),
        migrations.AddConstraint(
            model_name='itemmember',
            constraint=models.UniqueConstraint(fields=('item', 'member'), name='meeting_item_member_once', violation_error_message='この方は、もうこの議題に選ばれています。'),
        ),
        migrations.AddConstraint(
            model_name='itemmember',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('acknowledgement__isnull', True), ('opened_at__isnull', True)), models.Q(('acknowledgement__isnull', False), ('opened_at__isnull', False)), _connector='OR'), name='meeting_item_opens_with_an_acknowledgement', violation_error_message='議題は、守秘義務を確かめた方にだけ開きます。'),
        ),
        migrations.AddIndex(
            model_name='sitting',
            index=models.Index(fields=['day'], name='meeting_sitting_day'),
        ),
        migrations.AddConstraint(
            model_name='sitting',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('is_ad_hoc', False), models.Q(('state', 'cancelled'), _negated=True)), models.Q(('reason', ''), _negated=True), _connector='OR'), name='meeting_sitting_ad_hoc_with_a_reason', violation_error_message='随時に開くわけ、取りやめるわけを書いてください。'),
        ),
        migrations.AddConstraint(
            model_name='sitting',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('state__in', ['planned', 'called', 'open'])), models.Q(('ended_at__isnull', False), ('state__in', ['ended', 'cancelled'])), _connector='OR'), name='meeting_sitting_ended_iff_over', violation_error_message='終わった会議にだけ、終えた時刻が入ります。'),
        ),
        migrations.AddConstraint(
            model_name='sitting',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'open'), _negated=True), ('opened_at__isnull', False), _connector='OR'), name='meeting_sitting_open_has_begun', violation_error_message='始めた会議には、始めた時刻が入ります。'),
        ),
        migrations.AddConstraint(
            model_name='sitting',
            constraint=models.UniqueConstraint(condition=models.Q(('is_ad_hoc', False), models.Q(('state', 'cancelled'), _negated=True)), fields=('body', 'day'), name='meeting_sitting_once_a_day', violation_error_message='この会議は、この日にもう予定があります。急ぐときは「随時に開く」を選んでください。'),
        ),
        migrations.AddConstraint(
            model_name='jointbody',
            constraint=models.UniqueConstraint(fields=('sitting', 'body'), name='meeting_joint_once', violation_error_message='この会議は、もう合同に入っています。'),
        ),
        migrations.AddIndex(
            model_name='item',
            index=models.Index(condition=models.Q(('state__in', ['proposed', 'taken'])), fields=['party'], name='meeting_item_of_party'),
        ),
        migrations.AddConstraint(
            model_name='item',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('case__isnull', True), ('concern__isnull', True), ('mode', 'no_persons'), ('party__isnull', True), ('plan__isnull', True)), models.Q(models.Q(('mode', 'no_persons'), _negated=True), ('party__isnull', False)), _connector='OR'), name='meeting_item_persons_by_mode', violation_error_message='個人を扱わない議題には方を、個人の議題には「個人を扱わない」を入れられません。'),
        ),
        migrations.AddConstraint(
            model_name='item',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('mode', 'no_persons'), _negated=True), models.Q(('title', ''), _negated=True), _connector='OR'), name='meeting_item_without_persons_has_a_title', violation_error_message='議題の題を書いてください。'),
        ),
        migrations.AddConstraint(
            model_name='item',
            constraint=models.CheckConstraint(condition=models.Q(('mode', 'no_persons'), ('title', ''), _connector='OR'), name='meeting_item_title_names_nobody', violation_error_message='個人の議題には題を付けません。論点に書いてください。'),
        ),
        migrations.AddConstraint(
            model_name='item',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('settled_at__isnull', True), ('state__in', ['proposed', 'taken'])), models.Q(('settled_at__isnull', False), ('state__in', ['done', 'deferred', 'withdrawn'])), _connector='OR'), name='meeting_item_settled_iff_over', violation_error_message='終えた議題にだけ、終えた時刻が入ります。'),
        ),
        migrations.AddConstraint(
            model_name='item',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['deferred', 'withdrawn']), _negated=True), models.Q(('settled_words', ''), _negated=True), _connector='OR'), name='meeting_item_put_off_with_a_reason', violation_error_message='見送る・取り下げるわけを書いてください。'),
        ),
        migrations.AddConstraint(
            model_name='attendance',
            constraint=models.UniqueConstraint(fields=('sitting', 'member'), name='meeting_attendance_once', violation_error_message='この方の出欠は、もう記録されています。画面を開き直してください。'),
        ),
        migrations.AddConstraint(
            model_name='attendance',
            constraint=models.CheckConstraint(condition=models.Q(('left_at__isnull', True), models.Q(('came_at__isnull', False), ('left_at__gte', models.F('came_at'))), _connector='OR'), name='meeting_attendance_came_before_leaving', violation_error_message='帰った時刻が、来た時刻より前です。時刻を確かめてください。'),
        ),
        migrations.AddConstraint(
            model_name='attendance',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('presence', 'present'), _negated=True), ('came_at__isnull', False), _connector='OR'), name='meeting_attendance_present_came', violation_error_message='出席には、来た時刻が入ります。'),
        ),
    ]
