from django.db import migrations, models

from yangguang.foundation.audit.append_only import forbid_changes


class Migration(migrations.Migration):
    dependencies = [("publications", "0003_newest")]

    operations = [
        migrations.AddField(
            model_name="change",
            name="columns",
            field=models.JSONField(blank=True, default=list, verbose_name="所在栏目"),
        ),
        forbid_changes("publications_change"),
    ]
