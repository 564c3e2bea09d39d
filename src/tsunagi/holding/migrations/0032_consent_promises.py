"""Promises about a consent (ask again, tell, paper back) and about what was opened in an emergency."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('holding', '0031_plan_promises'),
    ]

    operations = [
        migrations.AlterField(
            model_name='promise',
            name='kind',
            field=models.CharField(choices=[('triage', '相談の整理'), ('stocktaking', '棚卸し（移行分）'), ('role', '役割分担'), ('cliff', '制度の切れ目'), ('look_back', 'ふりかえり'), ('offer', 'もう一度の声かけ'), ('second_person', 'もう一人の同意'), ('word_back', '知らせてくれた人への返事'), ('first_contact', 'つないだあとの初回接触の確認'), ('name_holder', '担当者を決める'), ('coordination_request', 'くらし連携担当への依頼'), ('gap_solved', '使えるものができました'), ('message', '伝言'), ('safety_check', '安全確認（48時間）'), ('enquiry', '心当たり照会への返事'), ('protection', '保護を続けるかを、ふたりで決める'), ('secret_door', '特別な秘密の入れ方を選ぶ'), ('mend_place', '居場所の分かる記録を直す'), ('appointment', '予定・約束の日'), ('plan_role', 'プランの役割'), ('monitoring', 'モニタリング'), ('follow_up', '終結後のフォローアップ'), ('consent', '同意のこと'), ('break_glass', '緊急に開いたあとの確かめ'), ('other', 'その他の約束')], max_length=24, verbose_name='種類'),
        ),
    ]
