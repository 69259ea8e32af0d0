"""资金公开的填写项：钱数，一笔笔的分配。"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms

from yangguang.foundation.organisations.models import Organisation

from .money import Unread, fen, yuan
from .sheet import CELLS, LABELS

UNITS = ("giver", "receiver")
SUMS = ("amount", "received", "paid", "used")
DAYS = ("allocated_on", "received_on", "paid_on", "used_on")
LONGEST = {"project": 200, "document_number": 60}
SPARE = 4
"""表里另留几笔空的。"""
MOST = 300
"""一笔资金最多分成多少笔；一次能交多少格见设置的 ``DATA_UPLOAD_MAX_NUMBER_FIELDS``。"""


class MoneyField(forms.CharField):
    """钱数，填的是元，得到分；没有填为空。"""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput({"inputmode": "decimal"}))
        super().__init__(max_length=30, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """分显示成元；填着的照原样。"""
        return yuan(value) if isinstance(value, int) else value

    def clean(self, value: Any) -> Any:
        """分。读不懂的报错。"""
        text = super().clean(value)
        if not text:
            return None
        try:
            return fen(text)
        except Unread as unread:
            raise forms.ValidationError(str(unread)) from unread


class FlowsWidget(forms.Widget):
    """一笔笔的分配：每笔十二格，各格同一个名字，一格格排着交回来，不靠脚本。"""

    template_name = "funds/flows.html"
    use_fieldset = True

    def __init__(self, attrs: Any = None) -> None:
        super().__init__(attrs)
        self.names: Sequence[str] = ()
        """可以填的单位，供浏览器提示。"""

    def format_value(self, value: Any) -> list[str]:
        """各格的文字，末尾空着的几笔不算。"""
        rows = _rows(value or [])
        while rows and not any(rows[-1]):
            rows.pop()
        return [cell for row in rows for cell in row]

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        """各笔的各格，末尾留几笔空的。"""
        context = super().get_context(name, value, attrs)
        rows = _rows(self.format_value(value))
        rows += [[""] * len(CELLS)] * min(SPARE, max(MOST - len(rows), 0))
        own = context["widget"]["attrs"].get("id") or f"id_{name}"
        return context | {
            "names": self.names,
            "own": own,
            "most": MOST,
            "rows": [
                (number, [_cell(f"{own}_{number}_{n}", n, cell) for n, cell in zip(CELLS, row, strict=True)])
                for number, row in enumerate(rows, 1)
            ],
        }  # fmt: skip

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """一格格交回来的。"""
        return data.getlist(name) if hasattr(data, "getlist") else data.get(name, [])

    def id_for_label(self, id_: str | None) -> str:
        """整组没有一个代表的格。"""
        return ""


def _cell(own: str, name: str, value: str) -> dict[str, str]:
    kind = "date" if name in DAYS else "text"
    return {"id": own, "name": name, "label": LABELS[name], "value": value, "kind": kind}


def _rows(cells: Sequence[Any]) -> list[list[str]]:
    size = len(CELLS)
    found = [[str(cell).strip() for cell in cells[at : at + size]] for at in range(0, len(cells), size)]  # fmt: skip
    return [[*row, *[""] * (size - len(row))] for row in found]


def typed(rows: Sequence[Any]) -> list[str]:
    """存着的各笔分配写成一格格的文字。"""
    found = []
    for row in rows:
        for name in CELLS:
            value = getattr(row, name)
            if name in SUMS and value is not None:
                value = yuan(value)
            found.append("" if value is None else str(value.name if name in UNITS else value))
    return found


class FlowsField(forms.Field):
    """各笔分配，得到一笔一个字典（``sheet.CELLS``）。哪一笔的哪一项不对，都说出来。"""

    widget = FlowsWidget

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.units: Mapping[str, Organisation] = {}

    def offer(self, organisations: Sequence[Organisation]) -> None:
        """可以填哪些单位：全称，和没有重的简称。在表单的 ``__init__`` 里调用。"""
        short: dict[str, Organisation | None] = {}
        for each in organisations:
            short[each.short_name] = None if each.short_name in short else each
        self.units = {name: each for name, each in short.items() if each} | {
            each.name: each for each in organisations
        }
        widget: Any = self.widget
        widget.names = [each.name for each in organisations]

    def clean(self, value: Any) -> list[dict[str, Any]]:
        """各笔；空着的不算。"""
        found, wrong = [], list[str]()
        rows = _rows(value or [])
        if sum(map(any, rows)) > MOST:
            raise forms.ValidationError(f"一笔资金最多分成 {MOST} 笔，请按项目分开登记。")
        # 空着的去掉以后再编号：与存下的、页面上的第几笔一致
        for number, row in enumerate((row for row in rows if any(row)), 1):
            read, faults = self._read(dict(zip(CELLS, row, strict=True)))
            found.append(read)
            wrong += [f"第 {number} 笔：{fault}" for fault in faults]
        if wrong:
            raise forms.ValidationError(wrong)
        return found

    def has_changed(self, initial: Any, data: Any) -> bool:
        """与原来的不同。"""
        widget: Any = self.widget
        return widget.format_value(data) != widget.format_value(initial)

    def _read(self, cells: Mapping[str, str]) -> tuple[dict[str, Any], list[str]]:
        read: dict[str, Any] = dict(cells)
        faults = []
        for name in UNITS:
            if not cells[name]:
                faults.append(f"没有填{LABELS[name]}。")
            elif cells[name] not in self.units:
                faults.append(
                    f"{LABELS[name]}“{cells[name][:30]}”不在本级政府的名录里，请照提示填全称。"
                )
            read[name] = self.units.get(cells[name])
        for name in SUMS:
            label = LABELS[name].removesuffix("（元）")
            try:
                read[name] = fen(cells[name]) if cells[name] else None
            except Unread as unread:
                faults.append(f"{label}的数{unread}")
        if not cells["amount"]:
            faults.append("没有填分配多少元。")
        elif read["amount"] == 0:
            faults.append("分配的数是零，请填多少元，或者去掉这一笔。")
        for name in DAYS:
            try:
                read[name] = date.fromisoformat(cells[name]) if cells[name] else None
            except ValueError:
                faults.append(f"{LABELS[name]}“{cells[name][:20]}”请写成年月日，例如 2026-09-25。")
        faults += [
            f"{LABELS[name]}太长，最多 {most} 字。"
            for name, most in LONGEST.items()
            if len(cells[name]) > most
        ]
        return read, faults
