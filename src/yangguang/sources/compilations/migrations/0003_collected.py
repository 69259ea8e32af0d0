"""收哪几种：原来的各部，公文和规范性文件都收。"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("compilations", "0002_listed_and_followed")]

    operations = [
        migrations.AddField(
            "compilation",
            "collected",
            models.CharField(
                choices=[("all", "公文和规章、规范性文件"), ("norms", "只收规章、规范性文件")],
                default="all", max_length=8, verbose_name="收哪几种",
            ),
        ),
        migrations.AddConstraint(
            "compilation",
            models.CheckConstraint(
                condition=models.Q(("collected__in", ["all", "norms"])),
                name="compilation_collected_known",
            ),
        ),
    ]  # fmt: skip
