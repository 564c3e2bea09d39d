"""What stands beside the record: supervision, jottings, the person's own words; templates for notes; the consent."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0010_a_password_handed_over'),
        ('cases', '0004_stage'),
        ('people', '0020_paper_allowed'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='case',
            name='consent',
            field=models.CharField(blank=True, choices=[('', 'まだ説明していない'), ('thinking', '説明した・検討中'), ('whole', '同意あり'), ('partly', '一部に同意'), ('refused', '拒否'), ('difficult', '同意が難しい'), ('withdrawn', '撤回')], max_length=12, verbose_name='同意'),
        ),
        migrations.AddField(
            model_name='case',
            name='consent_on',
            field=models.DateField(blank=True, null=True, verbose_name='同意の日'),
        ),
        migrations.CreateModel(
            name='Jotting',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('words', models.TextField(verbose_name='覚え書き')),
                ('written_at', models.DateTimeField(verbose_name='書いた時刻')),
                ('gone_on', models.DateField(verbose_name='消える日')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cases.case')),
                ('worker', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['id'],
                'indexes': [models.Index(fields=['worker', 'case'], name='jotting_of_worker'), models.Index(fields=['gone_on'], name='jotting_gone')],
            },
        ),
        migrations.CreateModel(
            name='NoteTemplate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('of', models.CharField(choices=[('city', '市の定型'), ('office', '機関の定型'), ('own', 'わたしの定型')], max_length=8, verbose_name='だれの')),
                ('name', models.CharField(max_length=60, verbose_name='名前')),
                ('kind', models.CharField(blank=True, choices=[('phone', '電話相談・連絡'), ('visit', '訪問・同行支援'), ('meeting', '面談'), ('internal', '所内会議'), ('other_office', '他機関との電話照会・協議'), ('conference', '他機関との会議'), ('other', 'その他(メール・手紙等)')], max_length=14, verbose_name='対応方法')),
                ('facts', models.TextField(blank=True, verbose_name='事実')),
                ('judgement', models.TextField(blank=True, verbose_name='見立て')),
                ('policy', models.TextField(blank=True, verbose_name='方針')),
                ('next_step', models.CharField(blank=True, max_length=300, verbose_name='次の予定')),
                ('written_at', models.DateTimeField(verbose_name='書いた時刻')),
                ('retired_at', models.DateTimeField(blank=True, null=True, verbose_name='使わなくした時刻')),
                ('revision', models.PositiveIntegerField(default=1)),
                ('office', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.office')),
                ('worker', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('written_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['id'],
                'indexes': [models.Index(condition=models.Q(('retired_at__isnull', True)), fields=['of', 'office'], name='note_template_in_use'), models.Index(condition=models.Q(('of', 'own'), ('retired_at__isnull', True)), fields=['worker'], name='note_template_own')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('of', 'city'), ('office__isnull', True), ('worker__isnull', True)), models.Q(('of', 'office'), ('office__isnull', False), ('worker__isnull', True)), models.Q(('of', 'own'), ('office__isnull', True), ('worker__isnull', False)), _connector='OR'), name='note_template_is_somebodys', violation_error_message='だれの定型かを選んでください。')],
            },
        ),
        migrations.CreateModel(
            name='OwnWords',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('on', models.CharField(choices=[('file', '支援の全体'), ('note', 'ひとつの記録'), ('assessment', 'アセスメント')], max_length=12, verbose_name='何について')),
                ('on_words', models.CharField(blank=True, max_length=120, verbose_name='どの記録か')),
                ('words', models.TextField(verbose_name='本人の言葉')),
                ('said_on', models.DateField(verbose_name='いつ')),
                ('how', models.CharField(choices=[('spoken', '話した'), ('written', '書いた'), ('read_out', '代読・代筆')], max_length=12, verbose_name='どうやって')),
                ('written_at', models.DateTimeField(verbose_name='書きとめた時刻')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='own_words', to='cases.case')),
                ('note', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='own_words', to='cases.note')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person', verbose_name='だれの言葉')),
                ('replaces', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replaced_by', to='cases.ownwords')),
                ('worker', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='書きとめた人')),
            ],
            options={
                'ordering': ['said_on', 'id'],
                'indexes': [models.Index(fields=['case', 'said_on'], name='own_words_of_case')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('note__isnull', False), ('on', 'note')), models.Q(models.Q(('on', 'note'), _negated=True), ('note__isnull', True)), _connector='OR'), name='own_words_on_a_note_name_it', violation_error_message='どの記録への付記かを選んでください。'), models.CheckConstraint(condition=models.Q(('words', ''), _negated=True), name='own_words_say_something', violation_error_message='本人の言葉を書いてください。')],
            },
        ),
        migrations.CreateModel(
            name='Supervision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('held_on', models.DateField(verbose_name='日')),
                ('supervisor', models.CharField(max_length=120, verbose_name='だれと')),
                ('about', models.TextField(verbose_name='何について')),
                ('next_try', models.TextField(blank=True, verbose_name='次に試すこと')),
                ('written_at', models.DateTimeField(verbose_name='書いた時刻')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='supervisions', to='cases.case')),
                ('office', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.office')),
                ('worker', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-held_on', '-id'],
                'indexes': [models.Index(fields=['case', '-held_on', '-id'], name='supervision_of_case')],
            },
        ),
    ]
