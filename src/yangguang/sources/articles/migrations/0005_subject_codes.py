from django.db import migrations

from yangguang.hub.publications.recoding import recode
from yangguang.hub.publications.subjects import CODES

BEFORE = {code: wording for wording, code in CODES.items()}


class Migration(migrations.Migration):
    dependencies = [("articles", "0004_captions")]

    operations = [
        migrations.RunPython(
            recode("articles", "Article", "subject", CODES),
            recode("articles", "Article", "subject", BEFORE),
        )
    ]
