"""More reasons why an office is involved: a consent, an item of a meeting, a role given there."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0022_a_pointer_has_its_merge'),
    ]

    operations = [
        migrations.AlterField(
            model_name='involvement',
            name='reason_kind',
            field=models.CharField(choices=[('consultation', '相談を受けている'), ('concern', '課題を受け持っている'), ('promise', '約束がある'), ('referral', 'つなぎを受けている・出している'), ('case', '支援をしている'), ('consent', '本人の同意がある'), ('meeting', '会議で扱う'), ('role', '会議で決まった役割がある'), ('break_glass', '緊急に開いた'), ('registered', 'この記録を作った')], max_length=16, verbose_name='理由'),
        ),
    ]
