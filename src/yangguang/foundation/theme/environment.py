"""公开页面的 Jinja2 环境：烘焙页、互动页、搜索页和错误页共用。"""

from typing import Any

from jinja2 import Environment, StrictUndefined


def environment(**options: Any) -> Environment:
    """建一个环境：未定义的变量是错误，不是空白。"""
    options.pop("autoescape", None)
    options["undefined"] = StrictUndefined
    return Environment(autoescape=True, **options)
