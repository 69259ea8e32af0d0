"""列表的索引；对照到哪一笔从此按变更日志的封存次序记，公布着的都重新对照一遍。"""

from typing import Any

from django.db import migrations, models


def check_again(apps: Any, schema_editor: Any) -> None:
    """从头对照：没有变的什么也不改。"""
    apps.get_model("compilations", "Compilation").objects.update(checked_up_to=0)


class Migration(migrations.Migration):
    dependencies = [("compilations", "0001_initial")]

    operations = [
        migrations.AddIndex(
            "compilation",
            models.Index(fields=["organisation", "id", "title"], name="compilation_listed"),
        ),
        migrations.AddIndex(
            "compilation",
            models.Index(fields=["state", "checked_up_to"], name="compilation_to_check"),
        ),
        migrations.AddIndex(
            "compilation",
            models.Index(fields=["updated_at", "id", "organisation"], name="compilation_by_update"),
        ),
        migrations.RunPython(check_again, migrations.RunPython.noop, elidable=True),
    ]
