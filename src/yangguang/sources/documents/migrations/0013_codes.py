from django.db import migrations, models

from yangguang.hub.publications.recoding import recode
from yangguang.hub.publications.subjects import CODES
from yangguang.sources.documents.codes import TYPE_CODES

TYPES_BEFORE = {code: wording for wording, code in reversed(TYPE_CODES.items())}
SUBJECTS_BEFORE = {code: wording for wording, code in CODES.items()}


class Migration(migrations.Migration):
    dependencies = [("documents", "0012_print")]

    operations = [
        migrations.AlterField(
            model_name="officialdocument",
            name="document_type",
            field=models.CharField(blank=True, max_length=20, verbose_name="文种"),
        ),
        migrations.RunPython(
            recode("documents", "OfficialDocument", "document_type", TYPE_CODES),
            recode("documents", "OfficialDocument", "document_type", TYPES_BEFORE),
        ),
        migrations.RunPython(
            recode("documents", "OfficialDocument", "subject", CODES),
            recode("documents", "OfficialDocument", "subject", SUBJECTS_BEFORE),
        ),
    ]
