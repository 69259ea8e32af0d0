"""文字里的英文：页面上不该有的。"""

import re
from collections.abc import Iterable

from lxml import html

ABBREVIATIONS = {
    "txt", "docx", "pdf", "xlsx", "csv", "ofd", "TXT", "DOCX", "PDF", "jpg", "JPG", "JPEG", "PNG",
    "WebP", "MP", "KB", "MB", "GB", "Linux", "srt", "vtt", "RSS", "Atom",
}  # fmt: skip
"""中文里照写的缩写。"""

CODES = r"(?:[\w-]+\.)+(?:example|cn)\b[^\s。]*|SHA-256|(?=[A-Za-z_/-]*\d)[A-Za-z\d_/-]+"
"""网址，和字母里夹着数字的：索引号、摘要、识别码。"""
READ_OUT = ("aria-label", "title", "placeholder", "alt")
"""读屏念得到、鼠标停着看得到的属性。"""


def english_in(text: str, usernames: Iterable[str] = ()) -> set[str]:
    """一段文字里的英文词；账号、网址、编号、照写的缩写不算。"""
    for username in usernames:
        text = re.sub(rf"{re.escape(username[:10])}[a-z.-]*", "", text)
    return set(re.findall(r"[A-Za-z]{2,}", re.sub(CODES, "", text))) - ABBREVIATIONS


def spoken(page: str) -> str:
    """一页 HTML 里看得见的和念得出的文字。"""
    whole = html.fromstring(page)
    for unseen in whole.xpath("//script | //style | //template"):
        unseen.drop_tree()
    told = [value for name in READ_OUT for value in whole.xpath(f"//@{name}")]
    return "\n".join((*whole.itertext(), *told))
