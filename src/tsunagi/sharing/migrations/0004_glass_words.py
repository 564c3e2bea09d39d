"""The silent word of what was opened in an emergency."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('sharing', '0003_consents'),
    ]

    operations = [
        migrations.AlterField(
            model_name='silentword',
            name='kind',
            field=models.CharField(choices=[('consultation', '相談'), ('asked_about', 'ほかの方についての問い合わせ'), ('lookup', '検索'), ('enquiry', '心当たり照会'), ('number', '番号からの声かけ'), ('glass', '緊急に開くための検索')], max_length=16, verbose_name='なにが'),
        ),
    ]
