"""公开页面的 Jinja2 环境：烘焙页、互动页、搜索页和错误页共用。"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from django.urls import reverse
from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from . import assets, formats
from .chrome import SiteChrome
from .phrases import phrase, phrase_marked


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
        phrase_marked=phrase_marked,
    )
    made.globals.update(
        stylesheet=assets.stylesheet,
        script=assets.script,
        route=reverse,
        **_pieces_of_every_page(made),
    )
    return made


def _pieces_of_every_page(environment: Environment) -> dict[str, Callable[..., Markup]]:
    """每页都一样的几块，一个站点印一次：主导航（只因所在的入口而不同）和页脚。"""

    @lru_cache(maxsize=256)
    def entrances(site: SiteChrome, current: str, is_here: bool) -> Markup:
        template = environment.get_template("theme/entrances.html")
        # 模板已经转义过
        return Markup(template.render(site=site, current=current, is_here=is_here))  # noqa: S704

    @lru_cache(maxsize=64)
    def foot(site: SiteChrome) -> Markup:
        return Markup(environment.get_template("theme/foot.html").render(site=site))  # noqa: S704

    return {"entrances": entrances, "foot": foot}
