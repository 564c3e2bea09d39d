"""The room of a sitting, what is typed in it, numbered copies, minutes that are frozen once they were agreed."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

FROZEN = """
CREATE FUNCTION meetings_minutes_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM law_refuse('law_minutes_agreed_are_frozen',
        '確定した議事録は書き換えられません。「訂正版をつくる」で、となりに新しい版を作ってください。');
    RETURN NULL;
END $$;
CREATE TRIGGER minutes_are_frozen BEFORE UPDATE OR DELETE ON meetings_minutes
    FOR EACH ROW WHEN (OLD.state = 'agreed') EXECUTE FUNCTION meetings_minutes_is_frozen();

CREATE FUNCTION meetings_part_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    wanted bigint := CASE WHEN TG_OP = 'INSERT' THEN NEW.minutes_id ELSE OLD.minutes_id END;
BEGIN
    -- FOR SHARE: a part that is written while somebody agrees waits, and is refused then.
    PERFORM 1 FROM meetings_minutes WHERE id = wanted AND state = 'agreed' FOR SHARE;
    IF FOUND OR (TG_OP = 'UPDATE' AND NEW.minutes_id <> OLD.minutes_id) THEN
        PERFORM law_refuse('law_minutes_agreed_are_frozen',
            '確定した議事録は書き換えられません。「訂正版をつくる」で、となりに新しい版を作ってください。');
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER minutes_parts_are_frozen BEFORE INSERT OR UPDATE OR DELETE ON meetings_minutespart
    FOR EACH ROW EXECUTE FUNCTION meetings_part_is_frozen();

CREATE FUNCTION meetings_is_appended() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM law_refuse('law_meeting_record_is_kept', '会議の記録は、書き足すことだけができます。画面を開き直してください。');
    RETURN NULL;
END $$;
CREATE TRIGGER read_out_is_kept BEFORE UPDATE OR DELETE ON meetings_readout
    FOR EACH ROW EXECUTE FUNCTION meetings_is_appended();
CREATE TRIGGER line_word_is_kept BEFORE UPDATE OR DELETE ON meetings_lineword
    FOR EACH ROW EXECUTE FUNCTION meetings_is_appended();
CREATE TRIGGER copy_item_is_kept BEFORE UPDATE OR DELETE ON meetings_copyitem
    FOR EACH ROW EXECUTE FUNCTION meetings_is_appended();
CREATE TRIGGER copy_is_kept BEFORE DELETE ON meetings_copy
    FOR EACH ROW EXECUTE FUNCTION meetings_is_appended();
CREATE TRIGGER minutes_given_is_kept BEFORE UPDATE OR DELETE ON meetings_minutesgiven
    FOR EACH ROW EXECUTE FUNCTION meetings_is_appended();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('meetings', '0002_laws'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Copy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(verbose_name='部の番号')),
                ('handing', models.CharField(choices=[('collect', '回収する'), ('electronic', '電子のみ（紙を配らない）'), ('none', '配らない')], max_length=12, verbose_name='配り方')),
                ('made_at', models.DateTimeField(verbose_name='作った時刻')),
                ('run_id', models.BigIntegerField(blank=True, null=True, verbose_name='まとめて作った作業')),
                ('asked_back_at', models.DateTimeField(blank=True, null=True, verbose_name='返却を頼んだ時刻')),
                ('recalled_at', models.DateTimeField(blank=True, null=True, verbose_name='閉じた時刻')),
                ('settled_at', models.DateTimeField(blank=True, null=True, verbose_name='どうなったかを書いた時刻')),
                ('how', models.CharField(blank=True, choices=[('returned', '戻ってきた'), ('shredded', '会場で裁断した'), ('kept', '持ち帰りを認めた'), ('not_given', '渡さなかった（欠席など）'), ('lost', '見つからない')], max_length=10, verbose_name='どうなったか')),
                ('asked_back_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='meetings.bodymember')),
                ('recalled_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('settled_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('sitting', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='copies', to='meetings.sitting')),
            ],
            options={
                'ordering': ['sitting_id', 'number'],
            },
        ),
        migrations.CreateModel(
            name='CopyItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('level', models.CharField(choices=[('real', '実名'), ('initial', 'イニシャル・番号'), ('relation', '関係と年代だけ')], max_length=10, verbose_name='秘匿の程度')),
                ('facets', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=24), blank=True, default=list, size=None, verbose_name='載せた範囲')),
                ('copy', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='items', to='meetings.copy')),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='meetings.item')),
            ],
            options={
                'ordering': ['copy_id', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Line',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.UUIDField(unique=True, verbose_name='入力した端末が付けた番号')),
                ('kind', models.CharField(choices=[('role', '役割'), ('decision', '決まったこと'), ('missing', '足りない資源'), ('next', '次に見る日')], default='role', max_length=8, verbose_name='種類')),
                ('what', models.CharField(max_length=300, verbose_name='決まったこと')),
                ('owner_words', models.CharField(blank=True, max_length=100, verbose_name='だれが（構成員のほか）')),
                ('due_on', models.DateField(blank=True, null=True, verbose_name='いつまで')),
                ('made_at', models.DateTimeField(verbose_name='入力した時刻')),
                ('removed_at', models.DateTimeField(blank=True, null=True, verbose_name='取り消した時刻')),
                ('settled_at', models.DateTimeField(blank=True, null=True, verbose_name='確かめた時刻')),
                ('revision', models.PositiveIntegerField(default=1)),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='meetings.item')),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='meetings.bodymember', verbose_name='だれが')),
                ('role', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='meetings.decisionrole')),
            ],
            options={
                'ordering': ['item_id', 'id'],
            },
        ),
        migrations.CreateModel(
            name='LineWord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('write', models.UUIDField(unique=True, verbose_name='入力した端末が付けた番号')),
                ('revision', models.PositiveIntegerField()),
                ('values', models.JSONField(verbose_name='行のことば')),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('line', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='words', to='meetings.line')),
            ],
            options={
                'ordering': ['line_id', 'revision'],
            },
        ),
        migrations.CreateModel(
            name='Minutes',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField(verbose_name='版')),
                ('state', models.CharField(choices=[('draft', '下書き'), ('agreed', '確定')], default='draft', max_length=8, verbose_name='状態')),
                ('reason', models.CharField(blank=True, max_length=200, verbose_name='訂正のわけ')),
                ('made_at', models.DateTimeField(verbose_name='作成')),
                ('agreed_at', models.DateTimeField(blank=True, null=True, verbose_name='確定した時刻')),
                ('digest', models.CharField(blank=True, max_length=64, verbose_name='ハッシュ（SHA-256）')),
                ('agreed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('sitting', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='minutes', to='meetings.sitting')),
            ],
            options={
                'ordering': ['sitting_id', 'number'],
            },
        ),
        migrations.CreateModel(
            name='MinutesGiven',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('was_absent', models.BooleanField(default=False, verbose_name='欠席だった')),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='meetings.bodymember')),
                ('minutes', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='given', to='meetings.minutes')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='MinutesPart',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField(verbose_name='順')),
                ('heading', models.CharField(max_length=120, verbose_name='見出し')),
                ('lines', models.JSONField(default=list, verbose_name='記録から書いた行')),
                ('words', models.TextField(blank=True, verbose_name='補足')),
                ('revision', models.PositiveIntegerField(default=1)),
                ('item', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='meetings.item')),
                ('minutes', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='parts', to='meetings.minutes')),
            ],
            options={
                'ordering': ['minutes_id', 'position'],
            },
        ),
        migrations.CreateModel(
            name='ReadOut',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(verbose_name='読み上げた時刻')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('item', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='read_out', to='meetings.item')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='Room',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('opened_at', models.DateTimeField(verbose_name='会議室を開いた時刻')),
                ('revision', models.PositiveIntegerField(default=1)),
                ('item', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='meetings.item')),
                ('opened_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('sitting', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='room', to='meetings.sitting')),
            ],
        ),
        migrations.CreateModel(
            name='Showing',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('begun_at', models.DateTimeField(verbose_name='始めた時刻')),
                ('shown_at', models.DateTimeField(blank=True, null=True, verbose_name='映した時刻')),
                ('outside', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), blank=True, null=True, size=None, verbose_name='席を外した構成員')),
                ('circle', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), blank=True, default=list, size=None, verbose_name='聞いていた構成員')),
                ('confirmed_at', models.DateTimeField(blank=True, null=True, verbose_name='退室を確かめた時刻')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='終えた時刻')),
                ('ended_why', models.CharField(blank=True, choices=[('next', '次の件へ'), ('break', '画面を空けた'), ('consent', '同意が変わった'), ('over', '会議が終わった')], max_length=8)),
                ('begun_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('confirmed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='showings', to='meetings.item')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.AddConstraint(
            model_name='copy',
            constraint=models.UniqueConstraint(fields=('sitting', 'number'), name='meeting_copy_number_once', violation_error_message='この番号の資料は、もうあります。もう一度作ってください。'),
        ),
        migrations.AddConstraint(
            model_name='copy',
            constraint=models.CheckConstraint(condition=models.Q(('handing__in', ['collect', 'electronic'])), name='meeting_copy_is_handed_out', violation_error_message='配らない会議体の資料は作れません。'),
        ),
        migrations.AddConstraint(
            model_name='copy',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('how', ''), ('settled_at__isnull', True)), models.Q(('settled_at__isnull', False), models.Q(('how', ''), _negated=True)), _connector='OR'), name='meeting_copy_settled_somehow', violation_error_message='資料がどうなったかを選んでください。'),
        ),
        migrations.AddConstraint(
            model_name='copyitem',
            constraint=models.UniqueConstraint(fields=('copy', 'item'), name='meeting_copy_item_once', violation_error_message='この件は、もうこの資料に入っています。'),
        ),
        migrations.AddConstraint(
            model_name='line',
            constraint=models.CheckConstraint(condition=models.Q(('what', ''), _negated=True), name='meeting_line_says_what', violation_error_message='決まったことを書いてください。'),
        ),
        migrations.AddConstraint(
            model_name='lineword',
            constraint=models.UniqueConstraint(fields=('line', 'revision'), name='meeting_line_word_once', violation_error_message='ほかの端末が先に書きました。もう一度保存してください。'),
        ),
        migrations.AddConstraint(
            model_name='minutes',
            constraint=models.UniqueConstraint(fields=('sitting', 'number'), name='meeting_minutes_number_once', violation_error_message='この版は、もうあります。画面を開き直してください。'),
        ),
        migrations.AddConstraint(
            model_name='minutes',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'draft')), fields=('sitting',), name='meeting_minutes_one_draft', violation_error_message='下書きが、もうあります。そちらを開いてください。'),
        ),
        migrations.AddConstraint(
            model_name='minutes',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('agreed_at__isnull', True), ('digest', ''), ('state', 'draft')), models.Q(('agreed_at__isnull', False), ('state', 'agreed'), models.Q(('digest', ''), _negated=True)), _connector='OR'), name='meeting_minutes_agreed_are_hashed', violation_error_message='確定した議事録には、確定した時刻とハッシュが入ります。'),
        ),
        migrations.AddConstraint(
            model_name='minutes',
            constraint=models.CheckConstraint(condition=models.Q(('number', 1), models.Q(('reason', ''), _negated=True), _connector='OR'), name='meeting_minutes_corrected_with_a_reason', violation_error_message='訂正するわけを書いてください。'),
        ),
        migrations.AddConstraint(
            model_name='minutesgiven',
            constraint=models.UniqueConstraint(fields=('minutes', 'member'), name='meeting_minutes_given_once', violation_error_message='この方には、もうお知らせしました。'),
        ),
        migrations.AddConstraint(
            model_name='minutespart',
            constraint=models.UniqueConstraint(fields=('minutes', 'position'), name='meeting_minutes_part_once', violation_error_message='議事録の順が重なりました。画面を開き直してください。'),
        ),
        migrations.AddConstraint(
            model_name='showing',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('item',), name='meeting_item_before_the_room_once', violation_error_message='この件は、もう会議室に出ています。画面を開き直してください。'),
        ),
        migrations.AddConstraint(
            model_name='showing',
            constraint=models.CheckConstraint(condition=models.Q(('ended_at__isnull', True), ('ended_at__gte', models.F('begun_at')), _connector='OR'), name='meeting_showing_ends_after_it_began', violation_error_message='終えた時刻が、始めた時刻より前です。時計を確かめてください。'),
        ),
        migrations.AddConstraint(
            model_name='showing',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('ended_why', '')), models.Q(('ended_at__isnull', False), models.Q(('ended_why', ''), _negated=True)), _connector='OR'), name='meeting_showing_ended_somehow', violation_error_message='件をどう終えたかが要ります。'),
        ),
        migrations.RunSQL(FROZEN, migrations.RunSQL.noop),
    ]
