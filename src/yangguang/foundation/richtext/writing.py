"""正文的块化为网页：公开页面、工作台的预览和编辑器用同一个写法。纯函数。

文字一律转义；写好之后再由 nh3 按白名单过滤一遍，块里混进了什么也出不去。
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from html import escape
from typing import Any

import nh3

from .blocks import SCHEMES, Mark, is_address
from .runs import segments

TAGS = frozenset(
    "p br h2 h3 h4 ul ol li table thead tbody tr th td figure figcaption picture source img "
    "a strong em u s sub sup div".split()
)
_ATTRIBUTES = {
    "a": {"href", "target", "rel"},
    "p": {"class"},
    "div": {"class", "tabindex", "role", "aria-label"},
    "h2": {"id"},
    "h3": {"id"},
    "h4": {"id"},
    "th": {"colspan", "rowspan", "scope"},
    "td": {"colspan", "rowspan"},
    "figure": {"class"},
    "img": {"src", "alt", "width", "height", "loading", "decoding", "data-file"},
    "source": {"type", "srcset", "sizes"},
}
_CLEANER = nh3.Cleaner(
    tags=set(TAGS), attributes=_ATTRIBUTES, url_schemes=set(SCHEMES), link_rel=None
)
_TAGS_OF = {
    "bold": "strong", "italic": "em", "underline": "u", "strike": "s", "sub": "sub", "sup": "sup",
}  # fmt: skip

Href = Callable[[str], str]
PictureHtml = Callable[[Mapping[str, Any]], str]
"""图片的块怎样写成 ``<img>`` 或 ``<picture>``；没有这张图的为空串，整块不出现。"""


def html_of(
    blocks: Iterable[Mapping[str, Any]],
    picture: PictureHtml,
    *,
    href: Href = str,
    is_editing: bool = False,
) -> str:
    """写成网页。``href`` 把站内路径化为本站的地址。

    标题块里有 ``anchor``、``rank`` 的照它写（公开页面的目录）。``is_editing`` 是给编辑器的：表格外面
    不套滚动的框，项和格里的文字各成一段。
    """
    write = _Writer(picture, href, is_editing)
    return _CLEANER.clean("".join(map(write.block, blocks)))


class _Writer:
    def __init__(self, picture: PictureHtml, href: Href, is_editing: bool) -> None:
        self.picture = picture
        self.href = href
        self.is_editing = is_editing

    def block(self, block: Mapping[str, Any]) -> str:
        match block["type"]:
            case "heading":
                return self.heading(block)
            case "list":
                return self.list(block)
            case "table":
                return self.table(block["rows"])
            case "picture":
                return self.figure(block)
        style = block.get("style", "plain")
        kind = "" if style == "plain" else f' class="{escape(style)}"'
        return f"<p{kind}>{self.inline(block)}</p>"

    def heading(self, block: Mapping[str, Any]) -> str:
        rank = block.get("rank", block["level"])
        anchor = f' id="{escape(block["anchor"])}"' if "anchor" in block else ""
        return f"<h{rank}{anchor}>{escape(block['text'])}</h{rank}>"

    def list(self, block: Mapping[str, Any]) -> str:
        tag = "ol" if block["ordered"] else "ul"
        items = "".join(self.item(item) for item in block["items"])
        return f"<{tag}>{items}</{tag}>"

    def item(self, item: Mapping[str, Any]) -> str:
        text = self.inline(item)
        own = f"<p>{text}</p>" if self.is_editing else text
        return f"<li>{own}{self.list(item['list']) if 'list' in item else ''}</li>"

    def table(self, rows: Sequence[Sequence[Any]]) -> str:
        body = "".join(f"<tr>{''.join(self.cell(cell) for cell in row)}</tr>" for row in rows)
        table = f"<table><tbody>{body}</tbody></table>"
        if self.is_editing:
            return table
        return f'<div class="table" tabindex="0" role="region" aria-label="表格">{table}</div>'

    def cell(self, cell: Any) -> str:
        if isinstance(cell, str):
            cell = {"text": cell}
        tag = "th" if cell.get("is_header") else "td"
        spans = "".join(
            f' {name}="{int(cell[name])}"' for name in ("colspan", "rowspan") if name in cell
        )
        text = self.inline(cell)
        return f"<{tag}{spans}>{f'<p>{text}</p>' if self.is_editing else text}</{tag}>"

    def figure(self, block: Mapping[str, Any]) -> str:
        image = self.picture(block)
        if not image:
            return ""
        caption = escape(block["caption"])
        told = f"<figcaption>{caption}</figcaption>" if caption else ""
        return f"<figure>{image}{told}</figure>"

    def inline(self, piece: Mapping[str, Any]) -> str:
        text, marks = piece["text"], piece.get("marks", ())
        if not marks:
            return _escaped(text)
        return self.marked(text, marks)

    def marked(self, text: str, marks: Sequence[Mark]) -> str:
        written = []
        for start, end, on in segments(text, marks):
            shown = _escaped(text[start:end])
            for name, address in reversed(on):
                shown = self.wrap(shown, name, address)
            written.append(shown)
        return "".join(written)

    def wrap(self, shown: str, name: str, address: str) -> str:
        if name != "link":
            tag = _TAGS_OF[name]
            return f"<{tag}>{shown}</{tag}>"
        if not is_address(address):
            return shown
        outside = ' rel="noopener"' if address.startswith("http") else ""
        return f'<a href="{escape(self.href(address))}"{outside}>{shown}</a>'


def _escaped(text: str) -> str:
    return escape(text, quote=False).replace("\n", "<br>")
