"""网页化为正文的块：从编辑器来的，从 Word、WPS、微信、别的网页粘贴来的。纯函数。

只认得文字、段落、标题、列表、表格、链接和自己图片库里的图片，别的一概不带进来：所以没有要过滤的脚本、
样式和跟踪的图片。丢下了要紧的东西（图片、视频），在 ``notices`` 里说。
"""

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from lxml import etree

from . import styles, tables
from .blocks import MAX_TEXT, Block, is_address, plain_text
from .lists import WordItem, nested, word_item
from .runs import PLAIN, Marks, Runs
from .styles import Style, is_dropped, style_of, with_attributes
from .tidying import tidy

MAX_HTML = 8_000_000
"""一次最多收多少个字符的网页。"""
MAX_DEPTH = 120
"""元素最多套几层；正常的文稿不过三四十层。"""

PictureOf = Callable[[Mapping[str, str]], Block | None]
"""``<img>`` 的属性化为图片的块；不是自己图片库里的为 ``None``。"""

_DATA_ADDRESS = re.compile(r"""(\ssrc\s*=\s*)(["']?)data:[^"'\s>]*\2""", re.IGNORECASE)
_OFFICE_ONLY = re.compile(r"<!--\[if\b.*?<!\[endif\]-->", re.DOTALL | re.IGNORECASE)
_REVEALED = re.compile(r"<!\[(?:if|endif)[^>]*>", re.IGNORECASE)

_GONE = frozenset(
    "script style title meta link base xml noscript template iframe object embed applet audio "
    "svg canvas math map form input button select textarea option datalist progress meter dialog "
    "rt rp del o:shapelayout v:shapetype colgroup col".split()
)
_MOVING = frozenset({"video", "iframe", "audio", "embed", "object", "mp-common-mpaudio"})
_BLOCKS = frozenset(
    "html head body p div section article header footer main aside nav center address dl dt dd fieldset "
    "legend details summary figure figcaption pre blockquote hgroup li tr td th caption".split()
)
_MARKING = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline",
    "s": "strike", "strike": "strike", "sub": "sub", "sup": "sup",
}  # fmt: skip


class TooMuch(Exception):  # noqa: N818  说的是内容，不是程序
    """太大、套得太深，不能收；``reason`` 是一句话，说明怎么办。"""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Read:
    """读出的块，和丢下了什么（每样一句）。"""

    blocks: list[Block]
    notices: list[str]


def read_html(source: str, picture: PictureOf = lambda attributes: None) -> Read:
    """读一段网页。太大、套得太深的抛出 ``TooMuch``；字数的上限另查（``blocks.faults``）。"""
    source = _DATA_ADDRESS.sub(r"\1\2\2", source)
    if len(source) > MAX_HTML:
        raise TooMuch(
            f"内容有 {len(source) / 1_000_000:.1f} MB，超过 {MAX_HTML // 1_000_000} MB 的上限。"
            "多半是把整份文件的格式都带来了：请分几次复制，或者把文件作为附件。"
        )
    source = _REVEALED.sub("", _OFFICE_ONLY.sub("", source))
    if not source.strip():
        return Read([], [])
    root = etree.fromstring(source, etree.HTMLParser(huge_tree=True, remove_comments=True))
    if root is None:
        return Read([], [])
    if _is_deep(root):
        raise TooMuch(
            "内容一层套一层，套得太深，多半是整页网页或者转了许多次的邮件。请只复制正文，"
            "或者先粘贴到记事本里去掉格式再复制。"
        )
    if sum(map(len, root.itertext())) > 2 * MAX_TEXT:
        raise TooMuch(f"内容超过 {MAX_TEXT} 字的上限，请分成几篇，或者把文件作为附件。")
    reader = Reader(picture, Counter())
    reader.children(root, Context())
    return Read(tidy(reader.finish()), _told(reader.lost))


def _is_deep(root: Any) -> bool:
    depth = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > MAX_DEPTH:
            return True
    return False


def _told(lost: Counter[str]) -> list[str]:
    told = []
    if lost["picture"]:
        told.append(
            f"有 {lost['picture']} 张图片没有带过来：请把图片存下来，从“图片”上传后再插到文中。"
        )
    if lost["moving"]:
        told.append(f"有 {lost['moving']} 个视频或音频没有带过来：请作为附件上传。")
    if lost["link"]:
        told.append(f"有 {lost['link']} 个链接的地址不能用，只留了文字。")
    return told


@dataclass(frozen=True)
class Context:
    """读到这里，外层定下的：文字的样子，段落的样子，是不是标题，保不保留源码里的换行。"""

    marks: Marks = PLAIN
    align: str = "plain"
    is_quoted: bool = False
    heading: int = 0
    keeps_lines: bool = False


@dataclass
class Reader:
    """读一处：整篇、一个列表项、一格。"""

    picture: PictureOf
    lost: Counter[str]
    blocks: list[Block] = field(default_factory=list)
    runs: Runs = field(default_factory=Runs)
    context: Context = Context()
    waiting: list[WordItem] = field(default_factory=list)

    def below(self) -> "Reader":
        """读里面的一处，丢下了什么记在一起。"""
        return Reader(self.picture, self.lost)

    def children(self, element: Any, context: Context) -> None:
        """一个元素里的文字和各个子元素。"""
        self._text(element.text, context)
        for child in element:
            if isinstance(child.tag, str):
                self._element(child, context)
            self._text(child.tail, context)

    def finish(self) -> list[Block]:
        """读完：没有收尾的收尾。"""
        self._close_paragraph()
        self._close_list()
        return self.blocks

    def _text(self, text: str | None, context: Context) -> None:
        if not text:
            return
        if not self.runs:
            if not text.strip():
                return
            self.context = context
        if context.keeps_lines:
            first, *rest = text.split("\n")
            self.runs.add(first, context.marks)
            for line in rest:
                self.runs.break_line()
                self.runs.add(line, context.marks)
        else:
            self.runs.add(text, context.marks)

    def _element(self, element: Any, context: Context) -> None:
        tag = element.tag.lower()
        style = with_attributes(style_of(element.get("style") or ""), element.attrib)
        if tag in _GONE or is_dropped(style, element.get("class") or ""):
            self.lost["moving"] += tag in _MOVING
            self.lost["picture"] += len(element.findall(".//img")) if tag == "noscript" else 0
            return
        if tag == "br":
            self._break(context)
        elif tag == "img":
            self._picture(element)
        elif tag == "figure" and element.find(".//img") is not None:
            self._figure(element, context)
        elif tag in ("video", "mp-common-mpaudio"):
            self.lost["moving"] += 1
        elif tag == "v:imagedata":
            self.lost["picture"] += 1
        elif tag == "table":
            self._close_paragraph()
            self._close_list()
            self.blocks += tables.read(element, self, context)
        elif tag in ("ul", "ol"):
            self._close_paragraph()
            self._close_list()
            self.blocks += self._list(element, context)
        elif len(tag) == 2 and tag[0] == "h" and tag[1].isdecimal():
            self._block(element, replace(context, heading=int(tag[1])), style, tag)
        elif tag == "hr":
            self._close_paragraph()
        elif tag in _BLOCKS:
            self._block(element, context, style, tag)
        else:
            self.children(element, self._marked(element, tag, style, context))

    def _break(self, context: Context) -> None:
        if self.runs:
            self.runs.break_line()

    def _block(self, element: Any, context: Context, style: Style, tag: str) -> None:
        self._close_paragraph()
        if style.list_level and (item := word_item(element, style, self.below(), context)):
            self.waiting.append(item)
            return
        inner = replace(
            context,
            align=style.align or ("center" if tag == "center" else context.align),
            is_quoted=context.is_quoted or tag == "blockquote",
            heading=style.outline or context.heading,
            keeps_lines=context.keeps_lines or tag == "pre",
            marks=self._styled(context.marks, style),
        )
        self.children(element, inner)
        self._close_paragraph()

    def _marked(self, element: Any, tag: str, style: Style, context: Context) -> Context:
        marks = context.marks
        if name := _MARKING.get(tag):
            marks |= {(name, "")}
        elif tag == "a" and (href := (element.get("href") or "").strip()):
            if is_address(href):
                marks = frozenset({m for m in marks if m[0] != "link"} | {("link", href)})
            elif not href.startswith("#"):
                self.lost["link"] += 1
        marks = self._styled(marks, style)
        return context if marks is context.marks else replace(context, marks=marks)

    @staticmethod
    def _styled(marks: Marks, style: Style) -> Marks:
        if style is styles.PLAIN:
            return marks
        for name in ("bold", "italic", "underline", "strike"):
            wanted = getattr(style, name)
            if wanted is not None:
                marks = marks | {(name, "")} if wanted else marks - {(name, "")}
        return marks | {(style.raised, "")} if style.raised else marks

    def _picture(self, element: Any) -> bool:
        block = self.picture(element.attrib)
        if block:
            self._close_paragraph()
            self._close_list()
            self.blocks.append(block)
        elif (element.get("width"), element.get("height")) != ("1", "1"):
            self.lost["picture"] += 1
        return block is not None

    def _figure(self, element: Any, context: Context) -> None:
        """带说明的图片；图片没有带过来的，说明留下作一段。"""
        self._close_paragraph()
        taken = [self._picture(image) for image in element.iter("img")]
        caption = element.find(".//figcaption")
        if caption is None:
            return
        inner = self.below()
        inner.children(caption, replace(context, align="center"))
        blocks = inner.finish()
        if taken[-1]:
            self.blocks[-1]["caption"] = plain_text(blocks).replace("\n", " ")
        else:
            self.blocks += blocks

    def _list(self, element: Any, context: Context) -> list[Block]:
        """一个列表；项里的表格、图片放不进列表，接在后面。"""
        items: list[Block] = []
        after: list[Block] = []
        for child in element:
            if not isinstance(child.tag, str):
                continue
            inner = self.below()
            inner.children(child, replace(context, heading=0))
            if child.tag.lower() in ("ul", "ol"):
                inner.blocks = inner._list(child, context)
            item, rest = _item(inner.finish())
            after += rest
            if "list" in item and not item["text"] and items and "list" not in items[-1]:
                items[-1]["list"] = item["list"]
            elif item["text"] or "list" in item:
                items.append(item)
        ordered = element.tag.lower() == "ol"
        return ([{"type": "list", "ordered": ordered, "items": items}] if items else []) + after

    def _close_paragraph(self) -> None:
        if not self.runs:
            return
        text, marks = self.runs.finish()
        if not text:
            return
        self._close_list()
        context = self.context
        if context.heading and context.heading <= 6:
            self.blocks.append(
                {"type": "heading", "level": context.heading, "text": text.replace("\n", " ")}
            )
            return
        style = "quote" if context.is_quoted else context.align
        block: Block = {"type": "paragraph", "style": style, "text": text}
        self.blocks.append(block | ({"marks": marks} if marks else {}))

    def _close_list(self) -> None:
        waiting, self.waiting = self.waiting, []
        self.blocks += nested(waiting)


def _item(blocks: list[Block]) -> tuple[Block, list[Block]]:
    """一项里的各段并成一段，列表成为下一级，其余的交出去。"""
    runs = Runs()
    item: Block = {"text": ""}
    rest: list[Block] = []
    for block in blocks:
        if block["type"] in ("paragraph", "heading"):
            runs.append(block["text"], block.get("marks", ()))
        elif block["type"] == "list" and "list" not in item:
            item["list"] = block
        elif block["type"] == "list":
            item["list"]["items"] += block["items"]
        else:
            rest.append(block)
    item["text"], marks = runs.finish()
    return item | ({"marks": marks} if marks else {}), rest
