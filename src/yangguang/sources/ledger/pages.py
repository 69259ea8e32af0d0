"""取来的网页读成文字和附件的链接。纯函数。"""

import re
from dataclasses import dataclass
from urllib.parse import unquote, urljoin, urlsplit

from lxml import etree, html

from yangguang.foundation.files.extraction import Unreadable, read_text
from yangguang.foundation.files.passages import read_passages

from .comparing import Linked, folded

_CHARSET = re.compile(r"charset=[\"']?([A-Za-z0-9_-]+)", re.IGNORECASE)
_FILE = re.compile(r"\.(?:docx?|xlsx?|pptx?|pdf|ofd|wps|et|txt|csv|zip|rar|7z|jpe?g|png)$", re.I)
_UNSEEN = "|".join(f"//{name}" for name in ("script", "style", "noscript", "template", "head"))
_BODY = "//main//div[contains(concat(' ', normalize-space(@class), ' '), ' text ')]"


class Unread(Exception):  # noqa: N818  读不出是答复，不是程序出错
    """取来的东西读不出文字。信息是一句中文。"""


@dataclass(frozen=True)
class Page:
    """一页：文字，指向文件的链接。``body`` 是本平台的页面上单划出来的正文，别的网站没有。"""

    text: str
    links: tuple[Linked, ...]
    body: str = ""


def read(content: bytes, media_type: str, url: str) -> Page:
    """读成文字。网页以外的（pdf、docx、txt）照文件读；读不出抛出 ``Unread``。"""
    kind = media_type.partition(";")[0].strip().lower()
    if kind in ("text/html", "application/xhtml+xml") or (
        not kind and content.lstrip()[:1] == b"<"
    ):
        return _page(content, media_type, url)
    try:
        return Page(read_text(content).text, ())
    except Unreadable as unreadable:
        raise Unread(f"网址给的不是网页，读不出：{unreadable.reason}") from unreadable


def _page(content: bytes, media_type: str, url: str) -> Page:
    text = _decoded(content, media_type)
    try:
        tree = html.document_fromstring(text, parser=html.HTMLParser(huge_tree=True))
    except (etree.ParserError, ValueError) as error:
        raise Unread("网页是空的，或者残缺不全。") from error
    links = tuple(_links(tree, url))
    for element in tree.xpath(_UNSEEN):
        element.drop_tree()
    bodies = tree.xpath(_BODY)
    body = bodies[0].text_content() if len(bodies) == 1 else ""
    return Page(tree.text_content(), links, body)


def _decoded(content: bytes, media_type: str) -> str:
    """照应答头、网页自己写的编码解；都没有写、写错的先试 UTF-8，再按 GB18030。"""
    told = _CHARSET.search(media_type) or _CHARSET.search(
        content[:2048].decode("ascii", errors="ignore")
    )
    names = [told[1].lower()] if told else []
    # GB2312、GBK 都是 GB18030 的一部分，网站常写前者而用后者的字
    names = ["gb18030" if name in ("gb2312", "gbk") else name for name in names]
    for name in (*names, "utf-8", "gb18030"):
        try:
            return _without_declaration(content.decode(name))
        except (UnicodeDecodeError, LookupError):
            continue
    return _without_declaration(content.decode("utf-8", errors="replace"))


def _without_declaration(text: str) -> str:
    """去掉 XML 声明和空字符：解好的文字再写编码，解析器不收。"""
    return re.sub(r"^\s*<\?xml[^>]*\?>", "", text.replace("\x00", ""))


def _links(tree: html.HtmlElement, url: str) -> list[Linked]:
    found = []
    for anchor in tree.iter("a"):
        href = anchor.get("href") or ""
        try:
            full = urljoin(url, href)
            tail = unquote(urlsplit(full).path.rpartition("/")[2])
        except ValueError:
            continue
        download = anchor.get("download") or ""
        if not href or not (download or _FILE.search(tail)):
            continue
        names = (download, " ".join(anchor.text_content().split()), anchor.get("title") or "", tail)
        found.append(Linked(full, tuple(name for name in names if name)))
    return found


def is_same_file(mine: bytes, other: bytes) -> bool:
    """两份文件是不是一样：字节相同，或者读出的文字相同（公开时去掉了属性、换了容器的）。"""
    if mine == other:
        return True
    try:
        here, there = read_passages(mine), read_passages(other)
    except Unreadable:
        return False
    return bool(here.passages) and (
        [folded(each.text) for each in here.passages]
        == [folded(each.text) for each in there.passages]
    )
