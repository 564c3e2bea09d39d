"""Consent, the 説明文書, the ledger of what was given, usual flows, and what was opened in an emergency."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0010_a_password_handed_over'),
        ('people', '0023_reasons'),
        ('sharing', '0002_enquiries'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Explanation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(unique=True, verbose_name='版')),
                ('title', models.CharField(max_length=120, verbose_name='題')),
                ('words', models.TextField(verbose_name='文')),
                ('plain_words', models.TextField(blank=True, verbose_name='やさしい日本語')),
                ('from_on', models.DateField(verbose_name='いつから')),
                ('written_at', models.DateTimeField(blank=True, null=True, verbose_name='書いた時刻')),
                ('written_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['number'],
            },
        ),
        migrations.CreateModel(
            name='Consent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('not_explained', '未説明'), ('considering', '説明済・検討中'), ('given_all', '同意あり(全部)'), ('given_part', '同意あり(一部)'), ('refused', '拒否'), ('unable', '同意困難'), ('withdrawn', '撤回')], max_length=16, verbose_name='状態')),
                ('preset', models.CharField(blank=True, choices=[('standard', '標準(支援に必要な関係機関。触法・情報提供者・性的指向等を除く)'), ('this_office', 'この機関だけ'), ('this_time', '今回だけ'), ('own', '機関と項目を選ぶ')], max_length=12, verbose_name='しかた')),
                ('facets', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=24), blank=True, default=list, size=None, verbose_name='項目')),
                ('purpose', models.CharField(blank=True, max_length=300, verbose_name='何のために')),
                ('way', models.CharField(blank=True, choices=[('signed', '署名'), ('oral', '口頭'), ('proxy', '代理')], max_length=8, verbose_name='方法')),
                ('given_by', models.CharField(choices=[('person', '本人'), ('child_and_parent', '子ども本人と親権者'), ('child_alone', '子ども本人(親権者に聞くと子どもを害するおそれ)'), ('guardian', '後見人等(権限の範囲)')], default='person', max_length=20, verbose_name='だれの同意')),
                ('given_by_name', models.CharField(blank=True, max_length=120, verbose_name='お名前・続柄')),
                ('child_word', models.CharField(blank=True, max_length=500, verbose_name='子ども本人のことば')),
                ('parent_harm', models.CharField(blank=True, max_length=500, verbose_name='親権者に聞かないわけ')),
                ('instead', models.CharField(blank=True, max_length=300, verbose_name='そのかわりにしたこと')),
                ('explained_on', models.DateField(blank=True, null=True, verbose_name='説明した日')),
                ('present', models.CharField(blank=True, max_length=200, verbose_name='その場にいた人')),
                ('kept_where', models.CharField(blank=True, max_length=200, verbose_name='紙の保管場所')),
                ('words', models.TextField(blank=True, verbose_name='本人のことば')),
                ('judged_by', models.CharField(blank=True, max_length=120, verbose_name='だれが判断したか')),
                ('judged_on', models.CharField(blank=True, max_length=300, verbose_name='何を見て')),
                ('ask_again_on', models.DateField(blank=True, null=True, verbose_name='もう一度聞く日')),
                ('until_on', models.DateField(blank=True, null=True, verbose_name='本人が決めた終わりの日')),
                ('of_age_on', models.DateField(blank=True, null=True, verbose_name='18歳になる日')),
                ('looked_at_on', models.DateField(verbose_name='見直した日')),
                ('recorded_at', models.DateTimeField(verbose_name='記録')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='終わり')),
                ('ended_how', models.CharField(blank=True, choices=[('withdrawn', '撤回'), ('partly', '一部の撤回'), ('changed', '新しい同意に替わった'), ('day', '本人が決めた日が来た'), ('of_age', '18歳になった'), ('support_ended', '支援が終わった'), ('died', '亡くなった'), ('office_closed', '機関がなくなった')], max_length=16, verbose_name='終わり方')),
                ('ended_words', models.CharField(blank=True, max_length=300, verbose_name='終わりのことば')),
                ('revision', models.PositiveIntegerField(default=1)),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('ended_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('office', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.office', verbose_name='聞いた機関')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='consents', to='people.person')),
                ('previous', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='sharing.consent')),
                ('second', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('explanation', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='sharing.explanation')),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='PaperAskedBack',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('asked_at', models.DateTimeField(verbose_name='頼んだ')),
                ('answer', models.CharField(blank=True, choices=[('returned', '返ってきた'), ('destroyed', '廃棄したと返事があった'), ('kept', '返せないと返事があった(わけ)'), ('none', '紙は渡っていなかった')], max_length=12, verbose_name='返事')),
                ('words', models.CharField(blank=True, max_length=300, verbose_name='ひとこと')),
                ('answered_at', models.DateTimeField(blank=True, null=True, verbose_name='返事の時刻')),
                ('answered_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('consent', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='papers_back', to='sharing.consent')),
                ('office', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.office')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='UsualFlow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=20, verbose_name='協議番号')),
                ('ground', models.CharField(max_length=4, verbose_name='根拠')),
                ('facets', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=24), size=None, verbose_name='項目')),
                ('purpose', models.CharField(max_length=300, verbose_name='目的')),
                ('conditions', models.CharField(blank=True, max_length=300, verbose_name='受け手への条件(70条)')),
                ('from_on', models.DateField(verbose_name='から')),
                ('until_on', models.DateField(verbose_name='まで')),
                ('decided_words', models.CharField(max_length=120, verbose_name='決裁')),
                ('decided_on', models.DateField(verbose_name='決裁の日')),
                ('written_at', models.DateTimeField(verbose_name='記録')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='取りやめ')),
                ('ended_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('giver', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.office', verbose_name='渡す機関')),
                ('receiver', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.office', verbose_name='受ける機関')),
                ('written_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='Disclosure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(blank=True, max_length=20, verbose_name='協議番号')),
                ('on', models.DateField(verbose_name='日付')),
                ('receiver_words', models.CharField(blank=True, max_length=120, verbose_name='提供先')),
                ('facets', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=24), blank=True, default=list, size=None, verbose_name='項目')),
                ('items', models.CharField(blank=True, max_length=300, verbose_name='項目(ことば)')),
                ('reason', models.CharField(max_length=300, verbose_name='目的外利用の理由')),
                ('ground', models.CharField(max_length=4, verbose_name='根拠号')),
                ('ground_why', models.CharField(blank=True, max_length=300, verbose_name='根拠を替えたわけ')),
                ('from_on', models.DateField(blank=True, null=True, verbose_name='期間(から)')),
                ('until_on', models.DateField(blank=True, null=True, verbose_name='期間(まで)')),
                ('decision', models.CharField(blank=True, max_length=120, verbose_name='決裁')),
                ('conditions', models.CharField(blank=True, max_length=300, verbose_name='受け手への条件(70条)')),
                ('source', models.CharField(choices=[('referral', 'つなぎ'), ('meeting', '会議'), ('consent', '同意による共有'), ('paper', '紙を渡した'), ('demand', '請求・照会'), ('glass', '緊急の閲覧'), ('by_hand', '手で書いた')], max_length=12, verbose_name='何から')),
                ('source_id', models.BigIntegerField(blank=True, null=True, verbose_name='番号')),
                ('recorded_at', models.DateTimeField(verbose_name='記録')),
                ('giver', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.office', verbose_name='提供元課')),
                ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.party')),
                ('receiver', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.office')),
                ('recorded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('flow', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='sharing.usualflow')),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='BrokenGlass',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('asked_name', models.CharField(max_length=120, verbose_name='氏名')),
                ('asked_birth', models.CharField(blank=True, max_length=40, verbose_name='生年月日')),
                ('asked_phone', models.CharField(blank=True, max_length=40, verbose_name='電話')),
                ('reason', models.TextField(verbose_name='わけ')),
                ('ground', models.CharField(max_length=4, verbose_name='根拠')),
                ('at', models.DateTimeField(verbose_name='いつ')),
                ('until_on', models.DateField(verbose_name='いつまで')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='終わり')),
                ('review', models.CharField(blank=True, choices=[('right', '必要だった'), ('not_right', '必要ではなかった(事故として届け出る)')], max_length=12, verbose_name='確かめ')),
                ('review_words', models.CharField(blank=True, max_length=500, verbose_name='確かめのことば')),
                ('reviewed_at', models.DateTimeField(blank=True, null=True, verbose_name='確かめた時刻')),
                ('office', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.office')),
                ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
                ('reviewed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('second', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('worker', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-id'],
                'indexes': [models.Index(fields=['worker', '-id'], name='broken_glass_of_worker'), models.Index(condition=models.Q(('ended_at__isnull', True)), fields=['until_on'], name='broken_glass_open')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('review', ''), ('reviewed_at__isnull', True), ('reviewed_by__isnull', True)), models.Q(models.Q(('review', ''), _negated=True), ('reviewed_at__isnull', False), models.Q(('reviewed_by', models.F('worker')), _negated=True)), _connector='OR'), name='broken_glass_reviewed_by_somebody_else', violation_error_message='緊急に開いた本人ではない人が確かめてください。'), models.CheckConstraint(condition=models.Q(('second__isnull', True), models.Q(('second', models.F('worker')), _negated=True), _connector='OR'), name='broken_glass_second_is_somebody_else', violation_error_message='二人目は、開いた本人ではない職員にしてください。')],
            },
        ),
        migrations.CreateModel(
            name='ConsentOffice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ground', models.CharField(max_length=4, verbose_name='根拠')),
                ('added_at', models.DateTimeField(verbose_name='加えた')),
                ('why', models.CharField(blank=True, max_length=300, verbose_name='加えたわけ')),
                ('told_on', models.DateField(blank=True, null=True, verbose_name='本人に伝えた日')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='終わり')),
                ('ended_how', models.CharField(blank=True, choices=[('withdrawn', '撤回'), ('partly', '一部の撤回'), ('changed', '新しい同意に替わった'), ('day', '本人が決めた日が来た'), ('of_age', '18歳になった'), ('support_ended', '支援が終わった'), ('died', '亡くなった'), ('office_closed', '機関がなくなった')], max_length=16, verbose_name='終わり方')),
                ('added_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('consent', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='offices', to='sharing.consent')),
                ('office', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.office')),
                ('told_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['id'],
                'indexes': [models.Index(condition=models.Q(('ended_at__isnull', True)), fields=['office'], name='consent_office_living')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('consent', 'office'), name='consent_office_once', violation_error_message='この機関は、もうこの同意に入っています。'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('ended_how', '')), models.Q(('ended_at__isnull', False), models.Q(('ended_how', ''), _negated=True)), _connector='OR'), name='consent_office_ended_says_how', violation_error_message='終わりには、終わり方が要ります。')],
            },
        ),
        migrations.AddIndex(
            model_name='consent',
            index=models.Index(fields=['person', '-id'], name='consent_of_person'),
        ),
        migrations.AddIndex(
            model_name='consent',
            index=models.Index(condition=models.Q(('ended_at__isnull', True)), fields=['until_on'], name='consent_until'),
        ),
        migrations.AddIndex(
            model_name='consent',
            index=models.Index(condition=models.Q(('ended_at__isnull', True)), fields=['of_age_on'], name='consent_of_age'),
        ),
        migrations.AddConstraint(
            model_name='consent',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['given_all', 'given_part']), _negated=True), models.Q(models.Q(('facets', []), _negated=True), models.Q(('way', ''), _negated=True), models.Q(('preset', ''), _negated=True), ('explained_on__isnull', False)), _connector='OR'), name='consent_given_names_what', violation_error_message='同意には、しかた・項目・方法・説明した日が要ります。'),
        ),
        migrations.AddConstraint(
            model_name='consent',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['given_all', 'given_part']), ('facets', []), _connector='OR'), name='consent_opens_only_when_given', violation_error_message='同意のない記録に、伝えてよい項目は入れられません。'),
        ),
        migrations.AddConstraint(
            model_name='consent',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'unable'), _negated=True), models.Q(models.Q(('judged_by', ''), _negated=True), models.Q(('judged_on', ''), _negated=True), ('ask_again_on__isnull', False)), _connector='OR'), name='consent_unable_says_who_judged', violation_error_message='同意困難には、だれが、何を見て判断したか、もう一度聞く日が要ります。'),
        ),
        migrations.AddConstraint(
            model_name='consent',
            constraint=models.CheckConstraint(condition=models.Q(('state', 'withdrawn'), _negated=True), name='consent_is_never_stored_withdrawn', violation_error_message='撤回は、同意の終わりとして記録します。'),
        ),
        migrations.AddConstraint(
            model_name='consent',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('ended_how', '')), models.Q(('ended_at__isnull', False), models.Q(('ended_how', ''), _negated=True)), _connector='OR'), name='consent_ended_says_how', violation_error_message='同意の終わりには、終わり方が要ります。'),
        ),
        migrations.AddConstraint(
            model_name='consent',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('given_by__in', ['child_and_parent', 'child_alone']), _negated=True), models.Q(('state__in', ['given_all', 'given_part']), _negated=True), models.Q(('child_word', ''), _negated=True), _connector='OR'), name='consent_of_a_child_has_its_word', violation_error_message='子ども本人がどう言っているかを書いてください。'),
        ),
        migrations.AddConstraint(
            model_name='paperaskedback',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answer', ''), ('answered_at__isnull', True)), models.Q(models.Q(('answer', ''), _negated=True), ('answered_at__isnull', False)), _connector='OR'), name='paper_back_answered_by_somebody', violation_error_message='返事には、いつ聞いたかが要ります。'),
        ),
        migrations.AddConstraint(
            model_name='usualflow',
            constraint=models.CheckConstraint(condition=models.Q(('until_on__gte', models.F('from_on'))), name='usual_flow_days_in_order', violation_error_message='期間の終わりが、始まりより前です。日を確かめてください。'),
        ),
        migrations.AddIndex(
            model_name='disclosure',
            index=models.Index(fields=['on', 'id'], name='disclosure_by_day'),
        ),
        migrations.AddIndex(
            model_name='disclosure',
            index=models.Index(fields=['person'], name='disclosure_of_person'),
        ),
        migrations.AddConstraint(
            model_name='disclosure',
            constraint=models.CheckConstraint(condition=models.Q(('receiver__isnull', False), models.Q(('receiver_words', ''), _negated=True), _connector='OR'), name='disclosure_has_a_receiver', violation_error_message='だれに渡したかを入れてください。'),
        ),
    ]
