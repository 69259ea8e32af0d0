"""列表的序号从此照变更日志数：头一回照日志重数一遍，全站重烘。"""

from typing import Any

from django.db import migrations, models


def from_the_log(apps: Any, schema_editor: Any) -> None:
    """序号数到进度所在；指纹清空，下一趟跟进就会重数、重烘。"""
    cursors = apps.get_model("website", "Cursor").objects
    cursors.update(numbered=models.F("sequence"), release="")


class Migration(migrations.Migration):
    dependencies = [("website", "0006_calendar_edition"), ("publications", "0004_change_columns")]

    operations = [
        migrations.AddField(
            model_name="cursor",
            name="numbered",
            field=models.PositiveBigIntegerField(default=0, verbose_name="序号数到"),
        ),
        migrations.RunPython(from_the_log, migrations.RunPython.noop, elidable=True),
    ]
