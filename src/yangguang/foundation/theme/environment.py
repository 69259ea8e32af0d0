"""公开页面的 Jinja2 环境：烘焙页、互动页、搜索页和错误页共用。"""

from typing import Any

from jinja2 import Environment, StrictUndefined

from . import assets, formats
from .phrases import phrase


def environment(**options: Any) -> Environment:
    """建一个环境：未定义的变量是错误，不是空白；一切输出先转义。"""
    options.pop("autoescape", None)
    options["undefined"] = StrictUndefined
    made = Environment(
        autoescape=True, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True, **options
    )
    made.filters.update(
        iso_date=formats.iso_date,
        cn_date=formats.cn_date,
        minute=formats.minute,
        rfc_date=formats.rfc_date,
        file_size=formats.file_size,
        media_label=formats.media_label,
        phrase=phrase,
    )
    made.globals.update(stylesheet=assets.stylesheet, script=assets.script)
    return made
