"""对照的时候排法是哪一版：升级换了排法的，公布着的各部重排。"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("compilations", "0003_collected")]

    operations = [
        migrations.AddField(
            "compilation",
            "checked_edition",
            models.PositiveSmallIntegerField(
                default=0, editable=False, verbose_name="照哪一版排法"
            ),
        )
    ]
