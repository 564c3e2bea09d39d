"""死者情報: a kind of demand, and as what somebody asks."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('records', '0002_overseers_written_down'),
    ]

    operations = [
        migrations.AddField(
            model_name='demand',
            name='asks_as',
            field=models.CharField(blank=True, db_default='', default='', max_length=40, verbose_name='亡くなった方との関係'),
        ),
        migrations.AlterField(
            model_name='demand',
            name='kind',
            field=models.CharField(choices=[('disclosure_self', '開示請求(本人)'), ('disclosure_legal', '開示請求(法定代理人)'), ('disclosure_agent', '開示請求(任意代理人)'), ('correction', '訂正請求'), ('stop_use', '利用停止請求'), ('information', '情報公開請求'), ('court', '裁判所(嘱託・提出命令)'), ('police', '捜査関係事項照会'), ('bar', '弁護士会照会'), ('child_centre', '児童相談所等(児虐法13条の4)'), ('other_city', '他市町村'), ('dead', '死者情報の申出(遺族など)'), ('family', '家族・親族の申出'), ('councillor', '議員'), ('press', '報道')], max_length=20, verbose_name='種類'),
        ),
    ]
