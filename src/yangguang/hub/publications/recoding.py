"""升级：从前手填、直接存说法的，认得出代码的改存代码。给各应用的迁移用。"""

from collections.abc import Callable, Mapping
from typing import Any


def recode(app: str, model: str, field: str, codes: Mapping[str, str]) -> Callable[..., None]:
    """迁移的一步：``field`` 里是 ``codes`` 里的说法的，换成代码；认不出的不动，照写。

    退回去的一步用 ``{代码: 说法}`` 再做一次。
    """

    def step(apps: Any, schema_editor: Any) -> None:
        rows = apps.get_model(app, model).objects
        held = set(rows.exclude(**{field: ""}).values_list(field, flat=True).distinct())
        for wording in held & set(codes):
            rows.filter(**{field: wording}).update(**{field: codes[wording]})

    return step
