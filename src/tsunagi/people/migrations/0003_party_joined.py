"""Few records turned out to be another one; every list asks for them."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("people", "0002_laws")]
    operations = [
        migrations.AddIndex(
            model_name="party",
            index=models.Index(condition=Q(same_as__isnull=False), fields=["same_as", "kind"], name="party_joined"),
        ),
    ]
