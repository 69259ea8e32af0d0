"""模板标签：``{% screening_panel record actor %}`` 在记录页上显示三关。"""

from typing import Any

from django import template

from yangguang.foundation.accounts.rules import Actor

from ..panel import panel_context
from ..selectors import examine_record

register = template.Library()


@register.inclusion_tag("screening/panel.html", takes_context=True)
def screening_panel(context: Any, record: Any, actor: Actor) -> dict[str, Any]:
    """三关一块；``record`` 是登记过种类的来源记录。"""
    examination, may_edit = examine_record(record), context.get("may_edit")
    return panel_context(record, actor, examination, may_edit=may_edit) | {
        "csrf_token": context.get("csrf_token")
    }
