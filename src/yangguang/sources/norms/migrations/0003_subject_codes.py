from django.db import migrations

from yangguang.hub.publications.recoding import recode
from yangguang.hub.publications.subjects import CODES

BEFORE = {code: wording for wording, code in CODES.items()}


class Migration(migrations.Migration):
    dependencies = [("norms", "0002_back_filled")]

    operations = [
        migrations.RunPython(
            recode("norms", "Norm", "subject", CODES),
            recode("norms", "Norm", "subject", BEFORE),
        )
    ]
