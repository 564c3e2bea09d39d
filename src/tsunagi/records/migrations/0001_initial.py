"""Rules of keeping, legal holds, disposals, demands, incidents, complaints and wishes."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0010_a_password_handed_over'),
        ('people', '0023_reasons'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Demand',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('disclosure_self', '開示請求(本人)'), ('disclosure_legal', '開示請求(法定代理人)'), ('disclosure_agent', '開示請求(任意代理人)'), ('correction', '訂正請求'), ('stop_use', '利用停止請求'), ('information', '情報公開請求'), ('court', '裁判所(嘱託・提出命令)'), ('police', '捜査関係事項照会'), ('bar', '弁護士会照会'), ('child_centre', '児童相談所等(児虐法13条の4)'), ('other_city', '他市町村'), ('family', '家族・親族の申出'), ('councillor', '議員'), ('press', '報道')], max_length=20, verbose_name='種類')),
                ('came_on', models.DateField(verbose_name='受けた日')),
                ('due_on', models.DateField(verbose_name='答える期限')),
                ('extended_words', models.CharField(blank=True, max_length=200, verbose_name='延ばしたわけ')),
                ('requester', models.CharField(max_length=120, verbose_name='だれから')),
                ('requester_contact', models.CharField(blank=True, max_length=200, verbose_name='連絡先')),
                ('agent', models.CharField(blank=True, max_length=120, verbose_name='代理人')),
                ('their_number', models.CharField(blank=True, max_length=80, verbose_name='先方の文書番号・事件番号')),
                ('identity', models.CharField(choices=[('not_yet', 'まだ'), ('photo_card', '顔写真のある公的な証(免許証など)'), ('two_papers', '顔写真のない証を2点'), ('called_back', '公表されている番号へかけ直した'), ('official_paper', '公印のある文書'), ('by_post', '郵送(住民票の写しと証の写し)')], default='not_yet', max_length=20, verbose_name='本人確認')),
                ('powers', models.CharField(choices=[('not_needed', '要らない(本人・機関)'), ('not_yet', 'まだ'), ('family_register', '戸籍(30日以内)'), ('guardian_register', '後見の登記事項証明書(30日以内)'), ('mandate', '委任状(30日以内)と印鑑登録証明書など'), ('statute', '法令に基づく文書(条と事件番号を確かめた)')], default='not_needed', max_length=20, verbose_name='代理権の確認')),
                ('child', models.CharField(choices=[('not_a_child', '子どものことではない'), ('not_asked', 'まだ聞いていない'), ('fine', 'よいと言っている'), ('no', 'いやだと言っている')], default='not_a_child', max_length=12, verbose_name='お子さんの気持ち')),
                ('about_name', models.CharField(max_length=120, verbose_name='だれのこと')),
                ('about_kana', models.CharField(blank=True, max_length=120, verbose_name='カナ')),
                ('about_birth', models.CharField(blank=True, max_length=40, verbose_name='生年月日')),
                ('wanted', models.TextField(verbose_name='何を求めているか')),
                ('candidates', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), blank=True, default=list, size=None)),
                ('looked_at', models.DateTimeField(blank=True, null=True, verbose_name='記録を確かめた')),
                ('taken_at', models.DateTimeField(verbose_name='書いた時刻')),
                ('state', models.CharField(choices=[('open', '検討中'), ('decided', '決定済み'), ('answered', '答えました'), ('withdrawn', '取り下げ')], default='open', max_length=10, verbose_name='段階')),
                ('answer', models.CharField(blank=True, choices=[('full', 'すべて応じる'), ('part', '一部に応じる'), ('refused', '応じない'), ('not_said', 'あるかないかを答えない(存否応答拒否)'), ('nothing', '記録がない'), ('passed', 'ほかの機関へ移送')], max_length=10, verbose_name='決定')),
                ('answer_words', models.TextField(blank=True, verbose_name='決定のわけ')),
                ('document_number', models.CharField(blank=True, max_length=60, verbose_name='文書番号')),
                ('decided_at', models.DateTimeField(blank=True, null=True, verbose_name='決めた時刻')),
                ('answered_on', models.DateField(blank=True, null=True, verbose_name='答えた日')),
                ('answered_how', models.CharField(blank=True, max_length=120, verbose_name='渡し方')),
                ('withdrawn_words', models.CharField(blank=True, max_length=200, verbose_name='取り下げのわけ')),
                ('revision', models.PositiveIntegerField(default=1)),
                ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('decided_with', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('looked_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('office', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.office')),
                ('party', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.party')),
                ('settled_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('taken_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='DemandMask',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('words', models.CharField(max_length=120, verbose_name='消すことば')),
                ('why', models.CharField(choices=[('78-1', '本人の生命・健康・生活・財産を害するおそれ(個情法78条1項1号)'), ('78-2', '本人以外の個人に関する情報(同2号)'), ('78-3', '法人等の正当な利益(同3号)'), ('78-5', '犯罪の予防・捜査など(同5号)'), ('78-6', '審議・検討(同6号)'), ('78-7', '事務の適正な遂行に支障(同7号)'), ('informant', '情報をくださった方(児虐法7条・高虐法8条など)'), ('tax', '税情報(地方税法22条)'), ('meeting', '支援会議・要対協の守秘義務')], max_length=12, verbose_name='理由')),
                ('at', models.DateTimeField()),
                ('removed_at', models.DateTimeField(blank=True, null=True, verbose_name='外した')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('demand', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='masks', to='records.demand')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='DemandPackage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('made_at', models.DateTimeField(verbose_name='作った時刻')),
                ('mask', models.CharField(max_length=10, verbose_name='秘匿の程度')),
                ('forms', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=24), default=list, size=None)),
                ('pages', models.PositiveIntegerField(verbose_name='頁数')),
                ('digest', models.CharField(max_length=64, verbose_name='sha256')),
                ('journal_seq', models.BigIntegerField(blank=True, null=True, verbose_name='記録の鎖の番号')),
                ('journal_head', models.CharField(blank=True, max_length=64, verbose_name='記録の鎖の先頭')),
                ('demand', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='packages', to='records.demand')),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='DemandPage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(verbose_name='頁')),
                ('form', models.CharField(max_length=24, verbose_name='帳票')),
                ('blacked', models.PositiveIntegerField(default=0, verbose_name='消したところ')),
                ('reasons', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=12), default=list, size=None)),
                ('withheld', models.BooleanField(default=False, verbose_name='渡さない')),
                ('package', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='page_rows', to='records.demandpackage')),
            ],
            options={
                'ordering': ['number'],
            },
        ),
        migrations.CreateModel(
            name='Disposal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.PositiveSmallIntegerField(verbose_name='年度')),
                ('words', models.CharField(blank=True, max_length=300, verbose_name='ひとこと')),
                ('document_number', models.CharField(max_length=60, verbose_name='文書番号')),
                ('proposed_at', models.DateTimeField(verbose_name='起案')),
                ('agreed_at', models.DateTimeField(blank=True, null=True, verbose_name='二人目が確かめた')),
                ('taken_back_at', models.DateTimeField(blank=True, null=True, verbose_name='取り下げた')),
                ('done_at', models.DateTimeField(blank=True, null=True, verbose_name='終わった')),
                ('counts', models.JSONField(default=dict, verbose_name='何を何件')),
                ('digest', models.CharField(blank=True, max_length=64, verbose_name='要約値')),
                ('agreed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('taken_back_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='DisposalItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('what', models.CharField(max_length=16, verbose_name='何を')),
                ('subject_id', models.BigIntegerField(verbose_name='番号')),
                ('kind', models.CharField(choices=[('person', '人・世帯の基本情報'), ('consultation', '相談の記録'), ('concern', '課題・受け持ち・連絡の記録'), ('case', '支援(ケース記録・経過)'), ('assessment', 'アセスメント'), ('plan', 'プラン・モニタリング・評価'), ('referral', 'つなぎ(つなぐシート)'), ('guardianship', '成年後見・市長申立て'), ('meeting', '会議(資料・議事録)'), ('sharing', '同意・情報提供・照会'), ('protection', '保護・DV等支援措置'), ('demand', '開示などの請求・照会'), ('incident', '事故'), ('complaint', '苦情・要望'), ('ledger', '取り込んだ台帳のファイル'), ('message', '伝言')], max_length=16, verbose_name='いちばん長い種類')),
                ('due_on', models.DateField(verbose_name='廃棄できる日')),
                ('state', models.CharField(choices=[('waiting', '待っています'), ('done', '廃棄しました'), ('held', '止まっていたので廃棄しませんでした'), ('not_due', '新しい記録ができたので廃棄しませんでした'), ('taken_out', '外しました')], default='waiting', max_length=10, verbose_name='どうなったか')),
                ('settled_at', models.DateTimeField(blank=True, null=True, verbose_name='いつ')),
                ('counts', models.JSONField(default=dict, verbose_name='表ごとの件数')),
                ('files', django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), blank=True, default=list, size=None)),
                ('disposal', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='items', to='records.disposal')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='Incident',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('missent', '誤送付・誤手渡し'), ('merged', 'ちがう方の記録を統合した'), ('seen', '見てはいけない人が見た'), ('lost', '紛失'), ('not_back', '持ち出したものが戻らない'), ('other', 'その他')], max_length=10, verbose_name='種類')),
                ('reported_at', models.DateTimeField(verbose_name='届け出た時刻')),
                ('found_on', models.DateField(verbose_name='気づいた日')),
                ('from_on', models.DateField(blank=True, null=True, verbose_name='いつから')),
                ('until_on', models.DateField(blank=True, null=True, verbose_name='いつまで')),
                ('words', models.TextField(verbose_name='何が起きたか')),
                ('items', models.TextField(blank=True, verbose_name='どんな情報か')),
                ('persons', models.PositiveIntegerField(default=1, verbose_name='何人分か')),
                ('sensitive', models.BooleanField(default=True, verbose_name='要配慮個人情報を含む')),
                ('money', models.BooleanField(default=False, verbose_name='財産的な被害のおそれ')),
                ('wilful', models.BooleanField(default=False, verbose_name='不正の目的のおそれ')),
                ('who_saw', models.CharField(blank=True, max_length=200, verbose_name='だれに渡ったか')),
                ('cause', models.TextField(blank=True, verbose_name='なぜ起きたか')),
                ('spread', models.TextField(blank=True, verbose_name='二次被害のおそれと広がり')),
                ('told_on', models.DateField(blank=True, null=True, verbose_name='本人に伝えた日')),
                ('told_words', models.TextField(blank=True, verbose_name='どう伝えたか・伝えられないわけ')),
                ('public_words', models.TextField(blank=True, verbose_name='公表')),
                ('measures', models.TextField(blank=True, verbose_name='再び起こさないために')),
                ('quick_on', models.DateField(blank=True, null=True, verbose_name='速報した日')),
                ('full_on', models.DateField(blank=True, null=True, verbose_name='確報した日')),
                ('state', models.CharField(choices=[('open', '対応中'), ('look_back', 'ふりかえり待ち'), ('closed', '終わりました')], default='open', max_length=10, verbose_name='段階')),
                ('finished_at', models.DateTimeField(blank=True, null=True, verbose_name='まとめた時刻')),
                ('look_back_words', models.TextField(blank=True, verbose_name='ふりかえり')),
                ('looked_back_at', models.DateTimeField(blank=True, null=True, verbose_name='ふりかえった時刻')),
                ('revision', models.PositiveIntegerField(default=1)),
                ('finished_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('looked_back_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('office', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.office')),
                ('reported_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='IncidentParty',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('incident', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='parties', to='records.incident')),
                ('party', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.party')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='IncidentStop',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=16)),
                ('applies', models.BooleanField(default=True, verbose_name='当てはまる')),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('incident', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='stops', to='records.incident')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='KeepingRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('person', '人・世帯の基本情報'), ('consultation', '相談の記録'), ('concern', '課題・受け持ち・連絡の記録'), ('case', '支援(ケース記録・経過)'), ('assessment', 'アセスメント'), ('plan', 'プラン・モニタリング・評価'), ('referral', 'つなぎ(つなぐシート)'), ('guardianship', '成年後見・市長申立て'), ('meeting', '会議(資料・議事録)'), ('sharing', '同意・情報提供・照会'), ('protection', '保護・DV等支援措置'), ('demand', '開示などの請求・照会'), ('incident', '事故'), ('complaint', '苦情・要望'), ('ledger', '取り込んだ台帳のファイル'), ('message', '伝言')], max_length=16, verbose_name='種類')),
                ('years', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='年数')),
                ('begins', models.CharField(choices=[('ended', '終結した日'), ('year_end', '終結した年度の末日'), ('death', '亡くなった日(亡くなっていないときは終結した年度の末日)')], max_length=10, verbose_name='起算')),
                ('article', models.CharField(max_length=120, verbose_name='根拠(文書管理規程の条)')),
                ('note', models.CharField(blank=True, max_length=200, verbose_name='ひとこと')),
                ('at', models.DateTimeField(verbose_name='決めた時刻')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='LegalHold',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(choices=[('court', '裁判・調停'), ('investigation', '捜査・検察'), ('audit', '監査・議会の調査'), ('claim', '審査請求・損害賠償'), ('wish', '本人・家族の申出'), ('other', 'その他')], max_length=16, verbose_name='理由')),
                ('words', models.CharField(max_length=300, verbose_name='わけ')),
                ('set_at', models.DateTimeField(verbose_name='止めた時刻')),
                ('released_at', models.DateTimeField(blank=True, null=True, verbose_name='解いた時刻')),
                ('released_words', models.CharField(blank=True, max_length=300, verbose_name='解いたわけ')),
                ('party', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.party')),
                ('released_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('set_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='Overseer',
            fields=[
                ('office', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='+', serialize=False, to='accounts.office')),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('worker', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['office_id'],
            },
        ),
        migrations.CreateModel(
            name='Voice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('complaint', '苦情'), ('wish', '要望'), ('praise', 'お礼・よかったこと')], max_length=10, verbose_name='種類')),
                ('said_by', models.CharField(choices=[('person', '本人'), ('family', '家族'), ('neighbour', '近隣・民生委員'), ('agency', '関係機関'), ('worker', '職員'), ('unnamed', '名前を言わない方')], max_length=10, verbose_name='だれから')),
                ('name', models.CharField(blank=True, max_length=120, verbose_name='名前')),
                ('contact', models.CharField(blank=True, max_length=200, verbose_name='連絡先')),
                ('wants_answer', models.BooleanField(default=True, verbose_name='返事がほしい')),
                ('words', models.TextField(verbose_name='内容')),
                ('topic', models.CharField(blank=True, max_length=24, verbose_name='何について')),
                ('came_on', models.DateField(verbose_name='受けた日')),
                ('due_on', models.DateField(verbose_name='答える日')),
                ('taken_at', models.DateTimeField(verbose_name='書いた時刻')),
                ('state', models.CharField(choices=[('open', '答える前'), ('answered', '答えました'), ('closed', '返事は要らない')], default='open', max_length=10, verbose_name='段階')),
                ('answer', models.TextField(blank=True, verbose_name='どう答えたか')),
                ('changed', models.TextField(blank=True, verbose_name='何を変えたか')),
                ('answered_at', models.DateTimeField(blank=True, null=True, verbose_name='答えた時刻')),
                ('revision', models.PositiveIntegerField(default=1)),
                ('about_office', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.office')),
                ('about_worker', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('answered_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('answers', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('party', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.party')),
                ('taken_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.AddIndex(
            model_name='demand',
            index=models.Index(condition=models.Q(('state__in', ['open', 'decided'])), fields=['party'], name='demand_open_of_party'),
        ),
        migrations.AddIndex(
            model_name='demand',
            index=models.Index(fields=['state', 'due_on'], name='demand_by_day'),
        ),
        migrations.AddConstraint(
            model_name='demand',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['open', 'withdrawn']), models.Q(('decided_at__isnull', False), ('decided_by__isnull', False), models.Q(('answer', ''), _negated=True), models.Q(('document_number', ''), _negated=True)), _connector='OR'), name='demand_decided_by_somebody', violation_error_message='決定には、決めた人・決定・文書番号が要ります。'),
        ),
        migrations.AddConstraint(
            model_name='demand',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'answered'), _negated=True), ('answered_on__isnull', False), _connector='OR'), name='demand_answered_on_a_day', violation_error_message='答えた日を入れてください。'),
        ),
        migrations.AddConstraint(
            model_name='demand',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'withdrawn'), _negated=True), models.Q(('withdrawn_words', ''), _negated=True), _connector='OR'), name='demand_withdrawn_with_words', violation_error_message='取り下げのわけを書いてください。'),
        ),
        migrations.AddConstraint(
            model_name='demandpage',
            constraint=models.UniqueConstraint(fields=('package', 'number'), name='demand_page_once', violation_error_message='同じ頁が二度書かれています。'),
        ),
        migrations.AddConstraint(
            model_name='disposal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('agreed_at__isnull', True), ('agreed_by__isnull', True)), models.Q(('agreed_at__isnull', False), ('agreed_by__isnull', False), models.Q(('agreed_by', models.F('proposed_by')), _negated=True)), _connector='OR'), name='disposal_by_two_people', violation_error_message='廃棄は二人で決めます。起案した人とは別の人が確かめてください。'),
        ),
        migrations.AddConstraint(
            model_name='disposal',
            constraint=models.CheckConstraint(condition=models.Q(('done_at__isnull', True), models.Q(('agreed_at__isnull', False), ('taken_back_at__isnull', True)), _connector='OR'), name='disposal_done_only_when_agreed', violation_error_message='二人目が確かめていない廃棄は、行えません。'),
        ),
        migrations.AddIndex(
            model_name='disposalitem',
            index=models.Index(fields=['what', 'subject_id'], name='disposal_item_of'),
        ),
        migrations.AddConstraint(
            model_name='disposalitem',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'waiting')), fields=('what', 'subject_id'), name='disposal_item_waits_once', violation_error_message='同じ記録が、ほかの廃棄の一覧で待っています。'),
        ),
        migrations.AddIndex(
            model_name='incident',
            index=models.Index(fields=['office', '-id'], name='incident_of_office'),
        ),
        migrations.AddConstraint(
            model_name='incident',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'closed'), _negated=True), models.Q(('finished_by__isnull', False), ('looked_back_at__isnull', False), ('looked_back_by__isnull', False), models.Q(('looked_back_by', models.F('finished_by')), _negated=True), models.Q(('looked_back_by', models.F('reported_by')), _negated=True), models.Q(('look_back_words', ''), _negated=True)), _connector='OR'), name='incident_closed_by_a_second_person', violation_error_message='事故は、届け出た人・まとめた人とは別の人のふりかえりで終わります。'),
        ),
        migrations.AddConstraint(
            model_name='incidentparty',
            constraint=models.UniqueConstraint(fields=('incident', 'party'), name='incident_party_once', violation_error_message='この方は、すでに書かれています。'),
        ),
        migrations.AddConstraint(
            model_name='incidentstop',
            constraint=models.UniqueConstraint(fields=('incident', 'code'), name='incident_stop_once', violation_error_message='ほかの人が先に付けています。画面を開き直してください。'),
        ),
        migrations.AddIndex(
            model_name='keepingrule',
            index=models.Index(fields=['kind', '-id'], name='keeping_rule_of_kind'),
        ),
        migrations.AddConstraint(
            model_name='keepingrule',
            constraint=models.CheckConstraint(condition=models.Q(('article', ''), _negated=True), name='keeping_rule_names_its_article', violation_error_message='文書管理規程などの条を書いてください。'),
        ),
        migrations.AddIndex(
            model_name='legalhold',
            index=models.Index(condition=models.Q(('released_at__isnull', True)), fields=['party'], name='legal_hold_living'),
        ),
        migrations.AddConstraint(
            model_name='legalhold',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('released_at__isnull', True), ('released_by__isnull', True), ('released_words', '')), models.Q(('released_at__isnull', False), ('released_by__isnull', False), models.Q(('released_words', ''), _negated=True)), _connector='OR'), name='legal_hold_is_released_with_a_reason', violation_error_message='停止を解くわけを書いてください。'),
        ),
        migrations.AddIndex(
            model_name='voice',
            index=models.Index(condition=models.Q(('state', 'open')), fields=['answers'], name='voice_to_answer'),
        ),
        migrations.AddIndex(
            model_name='voice',
            index=models.Index(condition=models.Q(('state', 'open')), fields=['party'], name='voice_open_of_party'),
        ),
        migrations.AddConstraint(
            model_name='voice',
            constraint=models.CheckConstraint(condition=models.Q(('about_worker__isnull', True), models.Q(('about_worker', models.F('answers')), _negated=True), _connector='OR'), name='voice_not_answered_by_whom_it_is_about', violation_error_message='苦情に、その苦情の相手の職員は答えられません。別の人を選んでください。'),
        ),
        migrations.AddConstraint(
            model_name='voice',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answered_at__isnull', True), ('state', 'open')), models.Q(('answered_at__isnull', False), ('answered_by__isnull', False), models.Q(('state', 'open'), _negated=True), models.Q(('answer', ''), _negated=True)), _connector='OR'), name='voice_answered_with_words', violation_error_message='どう答えたかを書いてください。'),
        ),
    ]
