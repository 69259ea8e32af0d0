"""站点与栏目的动作。"""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.db import transaction

from yangguang.foundation.organisations.models import Organisation

from .models import Column, Site


@transaction.atomic
def load_site(path: Path) -> Site:
    """从数据文件装入一个站点及其栏目；再装一次只更新改了的，不重复。

    文件里的机构代码须已存在，否则抛出 ``Organisation.DoesNotExist``；
    标识码不合格式、主色看不清的，抛出 ``ValidationError``。
    """
    data = json.loads(path.read_text(encoding="utf-8"))
    fields = dict(data["site"])
    fields["organisation"] = Organisation.objects.get(code=fields["organisation"])
    code = fields.pop("code")
    site = Site.objects.filter(code=code).first() or Site(code=code)
    if site.pk is None or any(getattr(site, name) != value for name, value in fields.items()):
        for name, value in fields.items():
            setattr(site, name, value)
        site.full_clean()
        site.save()
    plant(site, data["columns"])
    return site


def plant(site: Site, columns: Iterable[dict[str, Any]]) -> None:
    """按给出的树种下栏目；已有的（代码相同）只更新。须在事务里。"""
    for entry in columns:
        _load_column(site, entry, None)


def _load_column(site: Site, entry: dict[str, Any], parent: Column | None) -> None:
    fields = {key: value for key, value in entry.items() if key != "children"}
    column = Column.objects.filter(site=site, code=fields["code"]).first()
    if column is None:
        column = Column(site=site, **fields)
        if parent is None:
            Column.objects.add_root(instance=column)
        else:
            Column.objects.add_child(Column.objects.get(pk=parent.pk), instance=column)
    else:
        for key, value in fields.items():
            setattr(column, key, value)
        column.save()
    for child in entry.get("children", ()):
        _load_column(site, child, column)
