"""正文的填写项：有脚本时是编辑器，没有脚本时是一个文本框，两样交回来的都化为块。"""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.urls import reverse

from . import assets
from .blocks import Block, faults, plain_text
from .reading import PictureOf, TooMuch, read_html
from .typed import retyped, typed
from .writing import PictureHtml, html_of

HTML = "{}-html"
"""编辑器交回的那一项的名字；文本框交回的就叫填写项的名字，两样只交一样。"""


class RichTextWidget(forms.Widget):
    """文本框和编辑器。"""

    template_name = "richtext/field.html"

    def __init__(self, attrs: Any = None) -> None:
        super().__init__(attrs)
        self.picture_html: PictureHtml = lambda block: ""
        self.pictures_href = ""
        """编辑器里选图片的一块从哪里取来；空的就不能插图片。"""

    def format_value(self, value: Any) -> str:
        """正文写成文字的样子：两个人同时改的，照它对照、合并。"""
        return typed(value or [])

    def alternates(self, name: str) -> tuple[str, ...]:
        """交回来时还可能叫的名字。"""
        return (HTML.format(name),)

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        """两种写法都备好：脚本来了换成编辑器。"""
        context = super().get_context(name, value, attrs)
        blocks: list[Block] = value or []
        return context | {
            "typed": typed(blocks),
            "html": html_of(blocks, self.picture_html, is_editing=True),
            "html_name": HTML.format(name),
            "paste_href": reverse("workbench:paste"),
            "pictures_href": self.pictures_href,
            "script": assets.script().path,
        }

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """交回来的网页或者文字。"""
        html = data.get(HTML.format(name))
        return {"html": html} if html is not None else {"text": data.get(name)}

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        """两样都没有交。"""
        return name not in data and HTML.format(name) not in data


class RichTextField(forms.Field):
    """正文，得到块（见 ``blocks``）。"""

    widget = RichTextWidget

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.current: list[Block] = []
        self.picture: PictureOf = lambda attributes: None

    def shelve(
        self, current: list[Block], picture_html: PictureHtml, pictures_href: str = ""
    ) -> None:
        """原来的正文，和它的图片在编辑器里怎样显示、从哪里选。在表单的 ``__init__`` 里调用。"""
        self.current = current
        self.picture = picture_of
        widget: Any = self.widget
        widget.picture_html = picture_html
        widget.pictures_href = pictures_href

    def prepare_value(self, value: Any) -> Any:
        """交回来而没有办成的，照样显示。"""
        if not isinstance(value, Mapping):
            return value
        try:
            return self._blocks(value)
        except TooMuch:
            return self.current

    def clean(self, value: Any) -> list[Block]:
        """块；太长、太大的报错。"""
        try:
            blocks = self._blocks(value or {})
        except TooMuch as refused:
            raise forms.ValidationError(refused.reason) from refused
        if reasons := faults(blocks):
            raise forms.ValidationError(reasons)
        if self.required and not plain_text(blocks):
            raise forms.ValidationError("请写正文。")
        return blocks

    def has_changed(self, initial: Any, data: Any) -> bool:
        """与原来的不同。"""
        return self.prepare_value(data) != (initial or [])

    def _blocks(self, value: Mapping[str, Any]) -> list[Block]:
        if value.get("html") is not None:
            return read_html(value["html"], self.picture).blocks
        return retyped(value.get("text") or "", self.current)


def picture_of(attributes: Mapping[str, str]) -> Block | None:
    """编辑器里的 ``<img>`` 化为图片的块；是不是真有这张图，由存的一方查。"""
    number = attributes.get("data-file", "")
    if not (number.isascii() and number.isdecimal() and len(number) < 19):
        return None
    alt = " ".join(attributes.get("alt", "").split())
    return {"type": "picture", "file": int(number), "alt": alt, "caption": ""}
