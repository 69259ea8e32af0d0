"""列表现存多少条，从此记在列表上：不再每烘一页就数一遍。"""

from typing import Any

from django.db import migrations, models


def count(apps: Any, schema_editor: Any) -> None:
    """把现有的列表数一遍。"""
    public_lists = apps.get_model("website", "PublicList")
    for public_list in public_lists.objects.annotate(entered=models.Count("entries")):
        public_list.live = public_list.entered
        public_list.save(update_fields=["live"])


class Migration(migrations.Migration):
    dependencies = [("website", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="publiclist",
            name="live",
            field=models.PositiveIntegerField(default=0, verbose_name="现存"),
        ),
        migrations.RunPython(count, migrations.RunPython.noop, elidable=True),
    ]
