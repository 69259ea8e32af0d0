"""工作台的样式和脚本：与公开页面同一套颜色和小件，自成一份，不靠烘好的站点。"""

from collections.abc import Iterable
from functools import cache
from pathlib import Path

import django_htmx

from yangguang.foundation.richtext import assets as richtext
from yangguang.foundation.theme import assets as theme
from yangguang.foundation.theme.assets import Asset, named

PREFIX = "/workbench/assets/"
SOURCE = Path(__file__).parent / "static" / "workbench"
SHARED = ("tokens", "base", "components")
STYLES = ("workbench", "lists", "forms", "sheets")
SCRIPTS = ("keys", "lists", "forms", "conditions", "uploads", "prose", "ordering", "passkeys")
HTMX = Path(django_htmx.__file__).parent / "static" / "django_htmx" / "htmx-2.min.js"


@cache
def stylesheet() -> Asset:
    """工作台的样式。"""
    parts = [
        *(theme.SOURCE / f"{name}.css" for name in SHARED),
        *(SOURCE / f"{name}.css" for name in STYLES),
    ]
    return named(_joined(parts), "css", "text/css; charset=utf-8", PREFIX)


@cache
def script() -> Asset:
    """工作台的脚本：htmx、键盘、列表、填表、收起用不着的、分段上传、拖动排次序、通行密钥。没有脚本时一切照样能办，通行密钥除外。"""
    parts = [HTMX, *(SOURCE / f"{name}.js" for name in SCRIPTS)]
    return named(_joined(parts), "js", "text/javascript; charset=utf-8", PREFIX)


def assets() -> tuple[Asset, ...]:
    """工作台引用的全部文件。"""
    return (stylesheet(), script(), *richtext.assets())


def _joined(parts: Iterable[Path]) -> str:
    return "\n".join(part.read_text("utf-8") for part in parts)
