"""公文排成版面的各个部分：版头、主体、版记，照 GB/T 9704—2012。纯规则，不碰数据库、时钟和配置。

正文的块里已有的字号、主送、署名、成文日期、附注，认出来放到各自的位置，不印两遍。
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from .dates import only_date
from .marks import is_mark
from .numbers import line_number
from .organs import split_signature, tighten

PAGE = (210, 297)
"""A4，毫米。"""
TOP, LEFT = 37, 28
"""天头、订口，毫米。"""
TYPE_AREA = (156, 225)
"""版心，毫米。"""
LINES, CHARACTERS = 22, 28
"""每页行数、每行字数。"""
THREE, TWO, FOUR = 16, 22, 14
"""三号、二号、四号，磅。"""
TITLE_CHARACTERS = int(TYPE_AREA[0] / 25.4 * 72 / TWO)
"""标题一行几个字。"""
LARGEST_MARK = 48
"""发文机关标志最大多少磅。"""
MARKS = {
    "proactive": "（此件公开发布）",
    "on_request": "（此件依申请公开）",
    "withheld": "（此件不予公开）",
}
"""附注。"""
SIGNER, COPIED = "签发人：", "抄送："
TITLE_LINES = 4
"""写在正文开头的标题最多分几行。"""
MOST_SIGNED = 4
"""署名、成文日期、附注之后再往前看几行。"""


@dataclass(frozen=True)
class Paper:
    """排版要的一切，都是文字。``body`` 是去掉了各要素的正文的块，``tail`` 是附注之后的（所印发的办法、附件）。"""

    mark: str
    number: str
    title: str
    addressees: str
    body: Sequence[Mapping[str, Any]]
    attachments: Sequence[str]
    signatures: Sequence[str]
    written_on: str
    note: str
    tail: Sequence[Mapping[str, Any]] = field(default_factory=tuple)
    issued_by: str = ""
    issued_on: str = ""
    signer: str = ""
    copied_to: str = ""


def in_figures(day: date | None) -> str:
    """成文日期：阿拉伯数字，不编虚位。"""
    return f"{day.year}年{day.month}月{day.day}日" if day else ""


def lay_out_paper(
    *,
    title: str,
    number: str,
    issuers: Sequence[str],
    addressees: Sequence[str],
    disclosure: str,
    disclosure_mark: str,
    written_on: date | None,
    issued_on: date | None,
    body: Sequence[Mapping[str, Any]],
    attachments: Sequence[str],
    printed_by: str,
    signer: str = "",
    copied_to: Sequence[str] = (),
) -> Paper:
    """把一份公文的要素和正文排成版面的各个部分。

    ``signer`` 是签发人的姓名，只有上行文给（7.2.6）；``copied_to`` 是各抄送机关。
    """
    blocks = list(body)
    blocks = _without_title(_without_head(blocks, number), title)
    sent_to, blocks = _take_addressees(blocks, addressees)
    main, note, tail = _take_signoff(blocks, issuers)
    # 没有印发日期就没有版记，原文末尾写着的抄送留在原处
    copied, tail = _take_copied(tail, copied_to) if issued_on else ("", tail)
    stated = any("附件" in str(b.get("text", ""))[:3] for b in main)
    lead = issuers[0] if issuers else ""
    return Paper(
        mark=f"{lead}文件" if lead else "",
        number=number,
        title=title,
        addressees=sent_to,
        body=main,
        attachments=() if stated else tuple(attachments),
        signatures=tuple(issuers),
        written_on=in_figures(written_on),
        note=note or disclosure_mark or MARKS.get(disclosure, ""),
        tail=tail,
        issued_by=printed_by,
        issued_on=f"{in_figures(issued_on)}印发" if issued_on else "",
        signer=f"{SIGNER}{signer}" if signer else "",
        copied_to=copied,
    )


def title_lines(title: str) -> list[str]:
    """标题分行：一行排不下的，在“关于”之前分开，词意完整。"""
    lead, about, rest = title.partition("关于")
    if len(title) <= TITLE_CHARACTERS or not lead or not about:
        return [title]
    return [lead, about + rest]


def mark_size(mark: str) -> int:
    """发文机关标志用多少磅，排得进一行。"""
    return min(LARGEST_MARK, int(TYPE_AREA[0] / 25.4 * 72 / len(mark)))


def attachment_lines(names: Sequence[str]) -> list[str]:
    """附件说明：一个的不编号，几个的编号。"""
    if len(names) == 1:
        return [f"附件：{names[0]}"]
    return [
        f"附件：1.{name}" if number == 1 else f"\u3000\u3000\u3000{number}.{name}"
        for number, name in enumerate(names, 1)
    ]


def _text(block: Mapping[str, Any]) -> str:
    return str(block.get("text", "")).strip()


def _without_head(blocks: list[Mapping[str, Any]], number: str) -> list[Mapping[str, Any]]:
    """开头的字号版头里有，不印两遍。"""
    for position, block in enumerate(blocks[:3]):
        found = line_number(_text(block)) if _text(block) else None
        if found is not None and found.text == number:
            return [*blocks[:position], *blocks[position + 1 :]]
    return blocks


def _without_title(blocks: list[Mapping[str, Any]], title: str) -> list[Mapping[str, Any]]:
    """开头的标题版头之下另排，不印两遍；分了几行写的，连起来是标题的也算。"""
    wanted, lines = tighten(title), ""
    for count, block in enumerate(blocks[:TITLE_LINES], 1):
        lines += tighten(_text(block))
        if lines == wanted:
            return blocks[count:]
    return blocks


def _take_addressees(
    blocks: list[Mapping[str, Any]], addressees: Sequence[str]
) -> tuple[str, list[Mapping[str, Any]]]:
    """主送机关：正文里写了的照写的，没有写的顿开。"""
    first = next((b for b in blocks if _text(b)), None)
    if first is not None and first.get("style") == "flush" and _text(first)[-1:] in "：:":
        position = blocks.index(first)
        return _text(first), [*blocks[:position], *blocks[position + 1 :]]
    return (f"{'、'.join(addressees)}：" if addressees else ""), blocks


def _take_copied(
    tail: list[Mapping[str, Any]], copied_to: Sequence[str]
) -> tuple[str, list[Mapping[str, Any]]]:
    """抄送机关：原文末尾写了的照写的，没有写的逗开，末尾句号（7.4.2）。"""
    written = next((block for block in tail if _text(block).startswith(COPIED)), None)
    if written is not None:
        return _text(written), [block for block in tail if block is not written]
    return (f"{COPIED}{'，'.join(copied_to)}。" if copied_to else ""), tail


def _take_signoff(
    blocks: list[Mapping[str, Any]], issuers: Sequence[str]
) -> tuple[list[Mapping[str, Any]], str, list[Mapping[str, Any]]]:
    """分出署名、日期、附注之前的正文，附注，和之后的部分。"""
    for position, block in enumerate(blocks):
        if block.get("style") != "right" or not only_date(_text(block)):
            continue
        start = position
        names = {tighten(name) for name in issuers}
        while (
            start and position - start < MOST_SIGNED and blocks[start - 1].get("style") == "right"
        ):
            above = split_signature(_text(blocks[start - 1]))
            if not above or not set(above) <= names:
                break
            start -= 1
        if start == position:
            continue
        end, note = position + 1, ""
        if end < len(blocks) and is_mark(_text(blocks[end])):
            note, end = _text(blocks[end]), end + 1
        return list(blocks[:start]), note, list(blocks[end:])
    return list(blocks), "", []
