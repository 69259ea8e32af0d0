"""编辑器的脚本：Tiptap 的一份（随 django-prose-editor 来）和自己的一份，都按内容起名，只在有编辑器的页面上取。

不用导入表（``importmap``）：那是写在页面里的脚本，内容安全策略不准。
"""

from functools import cache
from pathlib import Path

import django_prose_editor

from yangguang.foundation.theme.assets import Asset, named

PREFIX = "/workbench/assets/"
SOURCE = Path(__file__).parent / "static" / "richtext" / "editor.js"
TIPTAP = Path(django_prose_editor.__file__).parent / "static" / "django_prose_editor" / "editor.js"
IMPORTED = '"django-prose-editor/editor"'
JAVASCRIPT = "text/javascript; charset=utf-8"


@cache
def tiptap() -> Asset:
    """Tiptap 和它的扩展，一个模块。去掉指向源码对照的一行：没有那个文件。"""
    kept = TIPTAP.read_text("utf-8").rpartition("//# sourceMappingURL=")[0]
    return named(kept, "js", JAVASCRIPT, PREFIX)


@cache
def script() -> Asset:
    """编辑器。"""
    own = SOURCE.read_text("utf-8").replace(IMPORTED, f'"./{tiptap().name}"')
    return named(own, "js", JAVASCRIPT, PREFIX)


def assets() -> tuple[Asset, ...]:
    """编辑器引用的全部文件。"""
    return (tiptap(), script())
