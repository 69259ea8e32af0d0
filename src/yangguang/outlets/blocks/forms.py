"""块的表单：由填写项的声明造出来；几行一组的可以再加行、排次序，没有脚本也行。"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict

from yangguang.foundation.workbench.fields import date_input
from yangguang.foundation.workbench.forms import ActionForm, KeyedForm

from .fields import Address, Choice, Day, Field, Items, Lines, PictureField, Prose, Text, Whole
from .kinds import BlockKind
from .models import BlockPage
from .rules import Block
from .selectors import Choices
from .services import fingerprint

SPARE = 3
"""新的一块，几行一组的先摆几行空的。"""
ROWS = "rows"
UPLOAD = "-upload"
"""上传框的名字：图片那一项的名字加上它。"""
ORDER = "order"


class _Loose:
    """值由填写项的规则查，表单自己不查：缘由只说一遍。"""

    def validate(self, value: Any) -> None:
        """不查。"""


class _Text(_Loose, forms.CharField):
    """文字。"""


class _Choice(_Loose, forms.ChoiceField):
    """选择。"""


@dataclass(frozen=True)
class Group:
    """表单上的一组：单独的一项，或者几行中的一行（``legend`` 是它的称呼）。"""

    fields: list[forms.BoundField]
    legend: str = ""
    more: str = ""
    """几行一组的末尾：再加一行的按钮。"""
    items: str = ""


class BlockForm(KeyedForm):
    """新加或修改一块。``block`` 为空是新加。"""

    use_required_attribute = False
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        *args: Any,
        page: BlockPage,
        kind: BlockKind,
        choices: Choices,
        block: Block | None = None,
        extra: int = 0,
        refused: Mapping[str, list[str]] | None = None,
        **kwargs: Any,
    ) -> None:
        self.page = page
        self.kind = kind
        self.choices = choices
        self.block = block
        self.extra = extra
        self.refused = refused or {}
        super().__init__(*args, **kwargs)
        self.fields["seen"].initial = fingerprint(block)
        if block is not None:
            self.initial = {**_flat(kind, block.values), "beside": block.beside, **self.initial}
        self.counts = {each.name: self._count(each) for each in kind.fields}
        for spec in kind.fields:
            if isinstance(spec, Items):
                self._add_rows(spec)
            else:
                self._add(spec.name, spec)
        if kind.may_stand_beside:
            self.fields["beside"] = forms.BooleanField(
                label="与上一块并排（宽屏上放在它右边）", required=False
            )

    @property
    def is_beside(self) -> bool:
        """与上一块并排。"""
        return bool(self.cleaned_data.get("beside"))

    def groups(self) -> Iterator[Group]:
        """按次序，一组一组。"""
        for spec in self.kind.fields:
            if not isinstance(spec, Items):
                yield Group(self._bound(spec.name, spec))
                continue
            count = self.counts[spec.name]
            if not count:
                yield Group([], more=spec.noun, items=spec.name)
            for number in range(count):
                prefix = f"{spec.name}-{number}-"
                bound = [one for each in spec.of for one in self._bound(prefix + each.name, each)]
                last = number == count - 1 and count < spec.most
                yield Group(
                    [*bound, self[prefix + ORDER]],
                    legend=f"{spec.label} {number + 1}",
                    more=spec.noun if last else "",
                    items=spec.name,
                )
        if "beside" in self.fields:
            yield Group([self["beside"]])

    def clean(self) -> dict[str, Any]:
        """照填写项的规则读；不合规矩的写在它的那一项下面。"""
        values: dict[str, Any] = super().clean() or {}
        given = {each.name: self._given(each, values) for each in self.kind.fields}
        options = {name: {code for code, _ in found} for name, found in self.choices.items()}
        read, faults = self.kind.read(given, options)
        for fault in faults:
            name = fault.path.replace(".", "-")
            if name not in self.refused:
                self.add_error(name if name in self.fields else None, fault.message)
        for name, reasons in self.refused.items():
            if name in self.fields:
                self.add_error(name, reasons)
        values["block"] = {
            each.name: (
                self._ordered(each, given[each.name], read[each.name])
                if isinstance(each, Items)
                else read[each.name]
            )
            for each in self.kind.fields
        }
        return values

    def _given(self, spec: Field, values: Mapping[str, Any]) -> Any:
        if not isinstance(spec, Items):
            return values.get(spec.name)
        return [
            {
                each.name: values.get(f"{spec.name}-{number}-{each.name}")
                for each in (*spec.of, Text(ORDER, ""))
            }
            for number in range(self.counts[spec.name])
        ]

    def _ordered(
        self, spec: Items, given: list[dict[str, Any]], rows: list[dict[str, Any]]
    ) -> list[dict[str, Any]]:
        """照写的次序排；没有写的照原来的。"""
        kept = [row for row in given if any(str(row[f.name] or "").strip() for f in spec.of)]
        places = [_place(row[ORDER], number) for number, row in enumerate(kept, 1)]
        return [row for _, row in sorted(zip(places, rows, strict=True), key=lambda pair: pair[0])]

    def _count(self, spec: Field) -> int:
        """摆几行。提交上来的照提交的，不超过限度太多。"""
        if not isinstance(spec, Items):
            return 0
        name = f"{spec.name}-{ROWS}"
        if self.is_bound:
            given = str(self.data.get(name, ""))
            count = int(given) if given.isascii() and given.isdigit() and len(given) < 4 else 0
        elif name in self.initial:
            count = int(self.initial[name])
        else:
            held = len((self.block.values if self.block else {}).get(spec.name, ()))
            count = held + 1 if held else max(spec.least, min(SPARE, spec.most))
        return min(count + self.extra, spec.most + SPARE)

    def _add(self, name: str, spec: Field, *, tells: bool = True) -> None:
        """加一项；图片另有一个上传框。几行一组的，提示只在头一行说。"""
        made = _made(spec, self.choices)
        made.help_text = made.help_text if tells else ""
        self.fields[name] = made
        if isinstance(spec, PictureField):
            self.fields[name + UPLOAD] = forms.FileField(
                label="或者上传一张",
                required=False,
                widget=forms.FileInput({"accept": "image/jpeg,image/png,image/webp"}),
                help_text="JPG、PNG 或 WebP，上传后留在图片库里。" if tells else "",
            )

    def _bound(self, name: str, spec: Field) -> list[forms.BoundField]:
        """这一项的框，连同图片的上传框。"""
        return [self[name], *([self[name + UPLOAD]] if isinstance(spec, PictureField) else [])]

    def _add_rows(self, spec: Items) -> None:
        count = self.counts[spec.name]
        self.fields[f"{spec.name}-{ROWS}"] = forms.CharField(
            widget=forms.HiddenInput, required=False
        )
        self.initial[f"{spec.name}-{ROWS}"] = count
        for number in range(count):
            for each in spec.of:
                self._add(f"{spec.name}-{number}-{each.name}", each, tells=not number)
            order = _Text(
                label="次序",
                required=False,
                initial=number + 1,
                widget=forms.NumberInput({"min": 1, "max": 99, "class": "order"}),
            )
            self.fields[f"{spec.name}-{number}-{ORDER}"] = order


def typed(data: QueryDict) -> dict[str, Any]:
    """已经填的，作为初值：再加一行时一个字也不丢。"""
    return {name: data.get(name) for name in data if name != "csrfmiddlewaretoken"}


def _made(spec: Field, choices: Choices) -> forms.Field:
    common: dict[str, Any] = {
        "label": spec.label,
        "help_text": spec.help,
        "required": spec.required,
    }
    if isinstance(spec, Choice):
        offered = choices.get(spec.source, []) if spec.source else list(spec.choices)
        first = [] if spec.required and not spec.source else [("", _unset(spec))]
        return _Choice(choices=[*first, *offered], **common)
    if isinstance(spec, Day):
        return _Text(widget=date_input(), **common)
    if isinstance(spec, Whole):
        limits = {"min": spec.least, "max": spec.most}
        return _Text(initial=spec.initial, widget=forms.NumberInput(limits), **common)
    if isinstance(spec, Lines):
        return _Text(widget=forms.Textarea({"rows": spec.rows}), strip=False, **common)
    if isinstance(spec, Prose):
        return _Text(widget=forms.Textarea({"rows": spec.rows, "data-prose": ""}), **common)
    if isinstance(spec, Text) and spec.rows > 1:
        return _Text(widget=forms.Textarea({"rows": spec.rows}), **common)
    kind = "url" if isinstance(spec, Address) else "text"
    return _Text(widget=forms.TextInput({"inputmode": kind, "autocomplete": "off"}), **common)


def _unset(spec: Choice) -> str:
    if spec.required and isinstance(spec, PictureField):
        return "请选一张"
    return "请选一个" if spec.required else spec.unset


def _flat(kind: BlockKind, values: Mapping[str, Any]) -> dict[str, Any]:
    """存下的值化为表单的初值。"""
    found: dict[str, Any] = {}
    for spec in kind.fields:
        value = values.get(spec.name)
        if isinstance(spec, Items):
            for number, row in enumerate(value or ()):
                found |= {f"{spec.name}-{number}-{name}": each for name, each in row.items()}
        else:
            found[spec.name] = "\n".join(value) if isinstance(value, list) else value
    return found


def _place(text: Any, default: int) -> tuple[int, int]:
    written = str(text or "")
    is_number = written.isascii() and written.isdigit() and len(written) < 4
    return (int(written) if is_number else default, default)


class BeginForm(KeyedForm):
    """开始编排一页：哪个站点的首页，或者哪个专题。"""

    target = forms.ChoiceField(
        label="哪一页", help_text="从现在公众看到的样子改起；发布之前公众看到的不变。"
    )

    def __init__(self, *args: Any, targets: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["target"]
        field.choices = targets


class PublishForm(ActionForm):
    """发布：看到的是哪一稿，改了什么。"""

    revision = forms.IntegerField(widget=forms.HiddenInput)
    message = forms.CharField(
        label="改了什么",
        required=False,
        max_length=300,
        help_text="一句话，记在历史里，公众看不到。",
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, page: BlockPage, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["revision"].initial = page.revision

    @property
    def inputs(self) -> Mapping[str, Any]:
        """发布的只能是看到的那一稿。"""
        return {"revision": self.cleaned_data["revision"]}
