"""A password that was handed over on paper is changed at the first sign-in."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_laws_of_sign_in")]
    operations = [
        migrations.AddField(
            model_name="worker",
            name="password_is_temporary",
            field=models.BooleanField("仮のパスワード", default=False, db_default=False),
        ),
    ]
