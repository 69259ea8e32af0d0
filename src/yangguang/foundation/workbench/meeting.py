"""填着的表和记录现在的样子碰到一起：各项显示的是什么，谁改了什么，合成一张。"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.http import QueryDict

from .differences import Pair, compared
from .drafts import Typed
from .forms import KeyedForm
from .merging import merged


@dataclass(frozen=True)
class Difference:
    """一项不一样的：``theirs`` 现在存着的，``mine`` 填着的，``pairs`` 对着看（左边现在的）。"""

    name: str
    label: str
    theirs: str
    mine: str

    @property
    def pairs(self) -> list[Pair]:
        """对着看。"""
        return compared(self.theirs, self.mine)


@dataclass(frozen=True)
class Meeting:
    """合好的表：``clashing`` 两边都改了的，``taken`` 别人改了、自己没有动、已经换上的。"""

    form: KeyedForm
    theirs: Typed
    typed: Typed
    clashing: list[Difference] = field(default_factory=list)
    taken: list[Difference] = field(default_factory=list)
    is_same: bool = False
    """填的和现在存着的没有一处不同。"""


def shown(form: forms.BaseForm) -> Typed:
    """一张还没有填的表，各项显示的值：原样交回来就是这些，连同看到的是哪一版。"""
    found = {bound.name: _shown(bound) for bound in form.visible_fields()}
    return found | ({"seen": _shown(form["seen"])} if "seen" in form.fields else {})


def told(form: forms.BaseForm, name: str, values: Sequence[str]) -> str:
    """一项的值说给人听：选项说名称，几个一行一个。"""
    choices: Any = getattr(form.fields[name], "choices", ())
    labels = {str(value): str(label) for value, label in _flat(choices)}
    if isinstance(form.fields[name].widget, forms.CheckboxInput):
        return "是" if values else "否"
    return "\n".join(labels.get(value, value) for value in values)


def taken_up(blank: Callable[..., KeyedForm], typed: Typed) -> KeyedForm:
    """接着填的表：显示写到一半的。"""
    data = QueryDict(mutable=True)
    for name, values in typed.items():
        data.setlist(name, values)
    form = blank(data=data)
    form.take_up()
    return form


def meet(blank: Callable[..., KeyedForm], typed: Typed, base: Typed | None) -> Meeting:
    """打开时的样子 ``base``、填着的 ``typed``、记录现在的样子，合成一张接着填的修改表。"""
    now, filled = blank(), taken_up(blank, typed)
    theirs = shown(now)
    mine = shown(filled)
    if base is not None and base.get("seen") != typed.get("seen"):
        base = None  # 另一个窗口后来又打开过：不是填的时候看到的那一版
    del mine["seen"]
    result = merged(base, mine, theirs)
    # 已经摆在一起看过，再存一次就以这次为准
    data = typed | {"seen": theirs["seen"]}
    for name in result.taken:
        for other in _alternates(now[name]):
            data.pop(other, None)
        data[name] = theirs[name]

    def rows(names: Sequence[str]) -> list[Difference]:
        return [
            Difference(
                name,
                str(now[name].label),
                told(now, name, theirs[name]),
                told(now, name, mine[name]),
            )
            for name in names
        ]

    return Meeting(
        taken_up(blank, data),
        theirs,
        data,
        rows(result.clashing),
        rows(result.taken),
        is_same=merged({}, result.values, theirs).clashing == [],
    )


def _alternates(bound: forms.BoundField) -> Sequence[str]:
    """一项交回来时还可能叫的名字（编辑器和文本框各有一个）。"""
    named: Any = getattr(bound.field.widget, "alternates", None)
    return named(bound.html_name) if named else ()


def _shown(bound: forms.BoundField) -> list[str]:
    value, widget = bound.value(), bound.field.widget
    if isinstance(widget, forms.CheckboxInput):
        return ["on"] if value else []
    given = widget.format_value(value) if hasattr(widget, "format_value") else value
    if given is None:
        return []
    return [str(each) for each in given] if isinstance(given, list | tuple) else [str(given)]


def _flat(choices: Any) -> list[tuple[Any, Any]]:
    found: list[tuple[Any, Any]] = []
    for value, label in choices:
        found += _flat(label) if isinstance(label, list | tuple) else [(value, label)]
    return found
