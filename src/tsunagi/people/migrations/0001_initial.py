
import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        ('places', '0002_stamps'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Alias',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('known_as', '通称'), ('maiden', '旧姓'), ('former', '以前の氏名'), ('spelling', '別の表記')], max_length=12, verbose_name='種類')),
                ('name', models.CharField(blank=True, max_length=120, verbose_name='氏名')),
                ('kana', models.CharField(blank=True, max_length=120, verbose_name='カナ')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='Party',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('person', '本人'), ('household', '世帯'), ('unknown', 'まだ分からない人')], max_length=10, verbose_name='種類')),
                ('created_at', models.DateTimeField(verbose_name='作成')),
                ('out_of_search', models.BooleanField(default=False, verbose_name='検索に出さない')),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('same_as', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='merged', to='people.party')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='Address',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('registered', '住民票'), ('living', '居所'), ('contact', '連絡先')], default='living', max_length=12, verbose_name='種類')),
                ('text', models.CharField(max_length=200, verbose_name='住所')),
                ('postal_code', models.CharField(blank=True, max_length=8, verbose_name='郵便番号')),
                ('key', models.CharField(blank=True, max_length=200)),
                ('district_by_hand', models.BooleanField(default=False, verbose_name='校区を手で選んだ')),
                ('shared_by_many', models.BooleanField(default=False, verbose_name='多くの人が使う住所')),
                ('from_on', models.DateField(blank=True, null=True, verbose_name='から')),
                ('until_on', models.DateField(blank=True, null=True, verbose_name='まで')),
                ('district', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.schooldistrict')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='Household',
            fields=[
                ('party', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='household', serialize=False, to='people.party')),
                ('label', models.CharField(blank=True, max_length=120, verbose_name='呼び名')),
                ('household_type', models.CharField(blank=True, max_length=24, verbose_name='世帯類型')),
                ('note', models.CharField(blank=True, max_length=300, verbose_name='ようす')),
                ('revision', models.PositiveIntegerField(default=1)),
            ],
            options={
                'ordering': ['party_id'],
            },
        ),
        migrations.CreateModel(
            name='Person',
            fields=[
                ('party', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='person', serialize=False, to='people.party')),
                ('name', models.CharField(blank=True, max_length=120, verbose_name='氏名')),
                ('kana', models.CharField(blank=True, max_length=120, verbose_name='カナ')),
                ('sex', models.CharField(blank=True, max_length=12, verbose_name='性別')),
                ('birth_on', models.DateField(blank=True, null=True, verbose_name='生年月日')),
                ('birth_year', models.SmallIntegerField(blank=True, null=True, verbose_name='生年')),
                ('birth_month', models.SmallIntegerField(blank=True, null=True, verbose_name='生月')),
                ('birth_about', models.BooleanField(default=False, verbose_name='生年はおよそ')),
                ('birth_text', models.CharField(blank=True, max_length=40, verbose_name='生年月日(書かれたまま)')),
                ('languages', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), blank=True, default=list, size=None, verbose_name='使うことば')),
                ('interpreter', models.CharField(blank=True, max_length=12, verbose_name='通訳')),
                ('note', models.CharField(blank=True, max_length=300, verbose_name='見分けの手がかり')),
                ('died_on', models.DateField(blank=True, null=True, verbose_name='亡くなった日')),
                ('moved_away_on', models.DateField(blank=True, null=True, verbose_name='転出日')),
                ('revision', models.PositiveIntegerField(default=1)),
            ],
            options={
                'ordering': ['party_id'],
            },
        ),
        migrations.CreateModel(
            name='UnknownPerson',
            fields=[
                ('party', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='unknown', serialize=False, to='people.party')),
                ('place', models.CharField(blank=True, max_length=200, verbose_name='場所')),
                ('looks', models.CharField(blank=True, max_length=300, verbose_name='見た目・ようす')),
                ('words', models.TextField(blank=True, verbose_name='聞いたこと')),
            ],
            options={
                'ordering': ['party_id'],
            },
        ),
        migrations.CreateModel(
            name='Involvement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('facets', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=24), size=None, verbose_name='見える範囲')),
                ('ground', models.CharField(max_length=4, verbose_name='根拠')),
                ('from_on', models.DateField(verbose_name='から')),
                ('until_on', models.DateField(blank=True, null=True, verbose_name='まで')),
                ('reason_kind', models.CharField(choices=[('consultation', '相談を受けている'), ('concern', '課題を受け持っている'), ('promise', '約束がある'), ('referral', 'つなぎを受けている・出している'), ('case', '支援をしている'), ('break_glass', '緊急に開いた'), ('registered', 'この記録を作った')], max_length=16, verbose_name='理由')),
                ('reason_id', models.BigIntegerField(verbose_name='理由の番号')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='終わり')),
                ('office', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.office')),
                ('party', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='involvements', to='people.party')),
                ('worker', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='Membership',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('relation', models.CharField(blank=True, max_length=24, verbose_name='続柄')),
                ('lives_here', models.BooleanField(default=True, verbose_name='同居')),
                ('from_on', models.DateField(blank=True, null=True, verbose_name='から')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='離れた')),
                ('household', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to='people.household')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='SearchKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=8)),
                ('key', models.CharField(db_collation='C', max_length=200)),
                ('shared_by_many', models.BooleanField(default=False)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='search_keys', to='people.person')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='SafeContact',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('way', models.CharField(blank=True, choices=[('phone', '電話'), ('mobile', '携帯電話'), ('message', 'SMS・メール'), ('letter', '手紙'), ('visit', '訪問'), ('through_other', '人を通して'), ('not_at_all', 'こちらからは連絡しない')], max_length=16, verbose_name='方法')),
                ('when', models.CharField(blank=True, max_length=100, verbose_name='曜日・時間')),
                ('under_name', models.CharField(blank=True, max_length=100, verbose_name='名乗り方')),
                ('message_allowed', models.CharField(blank=True, choices=[('yes', 'はい'), ('no', 'いいえ'), ('', 'まだ聞いていない')], max_length=4, verbose_name='留守番・伝言')),
                ('plain_envelope', models.CharField(blank=True, choices=[('yes', 'はい'), ('no', 'いいえ'), ('', 'まだ聞いていない')], max_length=4, verbose_name='市の名前のない封筒')),
                ('who_may_know', models.CharField(blank=True, max_length=100, verbose_name='家で知っている人')),
                ('note', models.CharField(blank=True, max_length=300, verbose_name='気をつけること')),
                ('asked_on', models.DateField(blank=True, null=True, verbose_name='聞いた日')),
                ('revision', models.PositiveIntegerField(default=1)),
                ('person', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='safe_contact', to='people.person')),
            ],
        ),
        migrations.CreateModel(
            name='Relation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('parent', '親'), ('spouse', '配偶者'), ('partner', '内縁・パートナー'), ('former_spouse', '元配偶者'), ('sibling', 'きょうだい'), ('grandparent', '祖父母'), ('other_kin', 'その他親族'), ('guardian', '後見人等'), ('acquaintance', '知人'), ('other', 'その他')], max_length=16, verbose_name='関係')),
                ('words', models.CharField(blank=True, max_length=60, verbose_name='ことばで')),
                ('untold', models.BooleanField(default=False, verbose_name='本人・子に未告知')),
                ('from_on', models.DateField(blank=True, null=True, verbose_name='から')),
                ('until_on', models.DateField(blank=True, null=True, verbose_name='まで')),
                ('written_at', models.DateTimeField(verbose_name='記録')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='取り消した')),
                ('other', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='relations_to', to='people.person')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='relations', to='people.person')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='Protection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('category', models.CharField(choices=[('provisional', '仮保護'), ('dv', 'DV等支援措置(配偶者からの暴力)'), ('stalking', 'DV等支援措置(ストーカー)'), ('child_abuse', 'DV等支援措置(児童虐待)'), ('similar', 'DV等支援措置(これらに準ずるもの)'), ('other', 'その他')], max_length=16, verbose_name='種類')),
                ('reason', models.CharField(blank=True, max_length=300, verbose_name='わけ')),
                ('from_on', models.DateField(verbose_name='から')),
                ('measure_until_on', models.DateField(blank=True, null=True, verbose_name='支援措置の期限')),
                ('municipality', models.CharField(blank=True, max_length=60, verbose_name='受け付けた市町村')),
                ('other_party_name', models.CharField(blank=True, max_length=120, verbose_name='相手方')),
                ('other_party_relation', models.CharField(blank=True, max_length=60, verbose_name='相手方との関係')),
                ('set_at', models.DateTimeField(verbose_name='かけた時刻')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='終えた時刻')),
                ('person_asked_on', models.DateField(blank=True, null=True, verbose_name='本人に確かめた日')),
                ('ended_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('ended_with', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('set_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('other_party', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='protections', to='people.person')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='Phone',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=60, verbose_name='電話')),
                ('digits', models.CharField(blank=True, max_length=20)),
                ('whose', models.CharField(blank=True, max_length=60, verbose_name='だれの番号')),
                ('shared_by_many', models.BooleanField(default=False, verbose_name='多くの人が使う番号')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='使われなくなった')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='phones', to='people.person')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='PersonChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(verbose_name='いつ')),
                ('what', models.CharField(max_length=16, verbose_name='何を')),
                ('before', models.JSONField(default=dict, verbose_name='前の内容')),
                ('revision', models.PositiveIntegerField(default=1, verbose_name='版')),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='changes', to='people.person')),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.AddIndex(
            model_name='person',
            index=models.Index(fields=['birth_on'], name='person_birth_on'),
        ),
        migrations.AddField(
            model_name='membership',
            name='person',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to='people.person'),
        ),
        migrations.AddField(
            model_name='alias',
            name='person',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='aliases', to='people.person'),
        ),
        migrations.AddField(
            model_name='address',
            name='person',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='addresses', to='people.person'),
        ),
        migrations.AddField(
            model_name='unknownperson',
            name='district',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.schooldistrict'),
        ),
        migrations.AddConstraint(
            model_name='party',
            constraint=models.CheckConstraint(condition=models.Q(('same_as__isnull', True), models.Q(('same_as', models.F('id')), _negated=True), _connector='OR'), name='party_is_not_its_own_same_as', violation_error_message='同じ記録どうしは統合できません。'),
        ),
        migrations.AddIndex(
            model_name='involvement',
            index=models.Index(condition=models.Q(('ended_at__isnull', True)), fields=['office', 'party'], name='involvement_living'),
        ),
        migrations.AddIndex(
            model_name='involvement',
            index=models.Index(condition=models.Q(('ended_at__isnull', True)), fields=['party'], name='involvement_of_party'),
        ),
        migrations.AddIndex(
            model_name='involvement',
            index=models.Index(fields=['reason_kind', 'reason_id'], name='involvement_reason'),
        ),
        migrations.AddConstraint(
            model_name='involvement',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True), ('worker__isnull', True)), fields=('party', 'office', 'reason_kind', 'reason_id'), name='involvement_once_per_reason', violation_error_message='この関わりは、すでに記録されています。'),
        ),
        migrations.AddConstraint(
            model_name='involvement',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('reason_kind', 'concern'), _negated=True), ('until_on__isnull', True), _connector='OR'), name='involvement_of_a_hold_has_no_end_date', violation_error_message='受け持ちによる関わりには、終わりの日を入れられません。'),
        ),
        migrations.AddIndex(
            model_name='searchkey',
            index=models.Index(fields=['kind', 'key', 'person'], include=('shared_by_many',), name='search_key_lookup'),
        ),
        migrations.AddConstraint(
            model_name='relation',
            constraint=models.CheckConstraint(condition=models.Q(('person', models.F('other')), _negated=True), name='relation_is_between_two', violation_error_message='関係は、ふたりの間に入れてください。'),
        ),
        migrations.AddIndex(
            model_name='protection',
            index=models.Index(condition=models.Q(('ended_at__isnull', True)), fields=['person'], name='protection_living'),
        ),
        migrations.AddConstraint(
            model_name='protection',
            constraint=models.CheckConstraint(condition=models.Q(('ended_at__isnull', True), models.Q(('ended_by__isnull', False), ('ended_with__isnull', False), ('person_asked_on__isnull', False), models.Q(('ended_by', models.F('ended_with')), _negated=True)), _connector='OR'), name='protection_ends_by_two_people', violation_error_message='保護を終えるには、本人に確かめた日と、ふたりの職員が必要です。'),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('household', 'person'), name='membership_once_at_a_time', violation_error_message='この方は、すでにこの世帯に入っています。'),
        ),
    ]
