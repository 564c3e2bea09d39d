"""Files beside records: sealed on the disk, one row each that stays."""

import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models

STAYS = """
CREATE FUNCTION workbench_attachment_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF OLD.attached_at IS NOT NULL THEN
            RAISE EXCEPTION '記録に添えたファイルの行は消せません。「外す」を使ってください。'
                USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'law_attachment_stays';
        END IF;
        RETURN OLD;
    END IF;
    IF OLD.attached_at IS NOT NULL AND (NEW.attached_at, NEW.subject_kind, NEW.subject_id)
            IS DISTINCT FROM (OLD.attached_at, OLD.subject_kind, OLD.subject_id)
        OR OLD.removed_at IS NOT NULL AND (NEW.removed_at, NEW.removed_by_id, NEW.removed_reason)
            IS DISTINCT FROM (OLD.removed_at, OLD.removed_by_id, OLD.removed_reason)
        OR OLD.erased_at IS NOT NULL THEN
        RAISE EXCEPTION '添付は、ほかの記録に移したり、外したことを取り消したりできません。もう一度添えてください。'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'law_attachment_stays';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER workbench_attachment_stays BEFORE UPDATE OR DELETE ON workbench_attachment
    FOR EACH ROW EXECUTE FUNCTION workbench_attachment_stays();
"""
GOES = """
DROP TRIGGER workbench_attachment_stays ON workbench_attachment;
DROP FUNCTION workbench_attachment_stays();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_own_days_and_absences'),
        ('workbench', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Attachment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('blob', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('draft', models.UUIDField(blank=True, null=True, verbose_name='下書き')),
                ('subject_kind', models.CharField(blank=True, max_length=24, verbose_name='何に')),
                ('subject_id', models.BigIntegerField(blank=True, null=True, verbose_name='どれに')),
                ('name', models.CharField(max_length=255, verbose_name='名前')),
                ('media_type', models.CharField(max_length=100, verbose_name='形')),
                ('size', models.BigIntegerField(verbose_name='大きさ(バイト)')),
                ('digest', models.CharField(max_length=64, verbose_name='sha256')),
                ('marks', models.JSONField(default=list, verbose_name='気をつけること')),
                ('key_id', models.CharField(max_length=16, verbose_name='包んだ鍵')),
                ('wrapped_key', models.BinaryField(verbose_name='包まれた鍵')),
                ('scan', models.CharField(choices=[('none', '検査していません'), ('clean', '検査済み'), ('waiting', '検査待ち'), ('infected', 'ウイルスが見つかりました')], max_length=10, verbose_name='検査')),
                ('scanned_at', models.DateTimeField(blank=True, null=True, verbose_name='検査した時刻')),
                ('brought_at', models.DateTimeField(verbose_name='預かった時刻')),
                ('attached_at', models.DateTimeField(blank=True, null=True, verbose_name='添付した時刻')),
                ('removed_at', models.DateTimeField(blank=True, null=True, verbose_name='外した時刻')),
                ('removed_reason', models.CharField(blank=True, max_length=300, verbose_name='外したわけ')),
                ('erased_at', models.DateTimeField(blank=True, null=True, verbose_name='中身を消した時刻')),
                ('office', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.office')),
                ('removed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('worker', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['id'],
                'indexes': [models.Index(condition=models.Q(('attached_at__isnull', False)), fields=['subject_kind', 'subject_id'], name='attachment_of_record'), models.Index(condition=models.Q(('attached_at__isnull', True)), fields=['draft'], name='attachment_of_draft'), models.Index(condition=models.Q(('scan', 'waiting')), fields=['id'], name='attachment_to_scan')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('attached_at__isnull', True), ('draft__isnull', False), ('subject_id__isnull', True), ('subject_kind', '')), models.Q(('attached_at__isnull', False), ('subject_id__isnull', False), models.Q(('subject_kind', ''), _negated=True)), _connector='OR'), name='attachment_hangs_on_a_draft_or_a_record', violation_error_message='添付は、下書きか記録のどちらかに付きます。画面を開き直してください。'), models.CheckConstraint(condition=models.Q(models.Q(('removed_at__isnull', True), ('removed_by__isnull', True), ('removed_reason', '')), models.Q(('attached_at__isnull', False), ('removed_at__isnull', False), ('removed_by__isnull', False), models.Q(('removed_reason', ''), _negated=True)), _connector='OR'), name='attachment_removed_says_by_whom_and_why', violation_error_message='添付を外すときは、わけを書いてください。'), models.CheckConstraint(condition=models.Q(('erased_at__isnull', True), ('removed_at__isnull', False), ('scan', 'infected'), _connector='OR'), name='attachment_erased_only_when_removed', violation_error_message='中身を消せるのは、外した添付だけです。')],
            },
        ),
        migrations.RunSQL(STAYS, GOES),
    ]
