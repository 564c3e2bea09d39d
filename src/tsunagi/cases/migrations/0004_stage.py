"""How far the work on a file has come, and the days its plan names."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0010_a_password_handed_over'),
        ('cases', '0003_words'),
        ('people', '0020_paper_allowed'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='case',
            name='plan_until',
            field=models.DateField(blank=True, null=True, verbose_name='プランの期限'),
        ),
        migrations.AddField(
            model_name='case',
            name='review_on',
            field=models.DateField(blank=True, null=True, verbose_name='次のモニタリング'),
        ),
        migrations.AddField(
            model_name='case',
            name='stage',
            field=models.CharField(choices=[('received', '受付'), ('screening', '受理審査中'), ('consent', '同意待ち(支援会議対応)'), ('assessing', 'アセスメント中'), ('deciding', '支援決定待ち'), ('planning', 'プラン作成中'), ('conferring', '会議協議待ち'), ('supporting', '支援中'), ('monitoring', 'モニタリング'), ('replanning', '再プラン'), ('ending', '終結協議'), ('watching', '見守り'), ('suspended', '中断'), ('reopened', '再開'), ('closed', '終結'), ('elsewhere', '他機関対応で終了'), ('informed', '情報提供のみで終了'), ('following', 'フォローアップ中'), ('done', '完了'), ('moved', '転出'), ('died', '死亡'), ('merged', '統合')], default='received', max_length=12, verbose_name='段階'),
        ),
        # What is open was being supported, what is closed had ended; who works on a file says it more exactly.
        migrations.RunSQL(
            "UPDATE cases_case SET stage = CASE WHEN state = 'closed' THEN 'closed' ELSE 'supporting' END",
            migrations.RunSQL.noop,
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('stage__in', ['closed', 'died', 'done', 'elsewhere', 'following', 'informed', 'merged', 'moved']), ('state', 'closed')), models.Q(models.Q(('state', 'closed'), _negated=True), models.Q(('stage__in', ['closed', 'died', 'done', 'elsewhere', 'following', 'informed', 'merged', 'moved']), _negated=True)), _connector='OR'), name='case_stage_fits_its_state', violation_error_message='終わりの段階は、終結した支援にだけ付けられます。'),
        ),
    ]
