"""公文的 PDF：照 GB/T 9704—2012 的版心、字体、字号。同样的公文，字节相同。不碰数据库。

没有装 Pango 的机器排不出（``docs/operations.md``）。
"""

import hashlib
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from html import escape
from typing import Any

from yangguang.foundation.audit.rules import canonical_json
from yangguang.foundation.typesetting import (
    POINTS,
    NoPango,
    Printed,
    Untypeset,
    differing,
    pdf_from,
    text_within,
)

from .sheet import (
    CHARACTERS,
    FOUR,
    LEFT,
    LINES,
    PAGE,
    SIGNER,
    THREE,
    TOP,
    TWO,
    TYPE_AREA,
    Paper,
    attachment_lines,
    mark_size,
    title_lines,
)

EDITION = 2
"""排法的版本：改了排法就加一，内容没有变的也重排。"""
STEPS = {"queued": "等待排版", "setting": "正在排版", "made": "已排好", "failed": "排不成"}
"""排版走到哪一步。"""
SLACK = 0.2
"""版心右边缘多留多少毫米：各个字宽的零头加起来，不能把第二十八个字挤下去。"""
PITCH = math.floor(TYPE_AREA[1] * POINTS / LINES * 100) / 100
"""行距，磅。"""
CELL = math.floor(TYPE_AREA[0] * POINTS / CHARACTERS * 1000) / 1000
"""一个字占多宽，磅：三号字比版心的二十八分之一略宽，字距紧一点才排得下。"""
HEAD = 35
"""发文机关标志的上边缘离版心上边缘，毫米（7.2.4）。"""
HEAD_LINES = 9
"""版头共占几行：到红色分隔线为止。"""
RULE = 4
"""红色分隔线在发文字号之下，毫米（7.2.7）。"""
MARK = (HEAD_LINES - 3) * PITCH - (HEAD + RULE) * POINTS - 1.5
"""发文机关标志占多高，磅：版头除去上面的空白、下面空的二行、发文字号和分隔线。"""
DASH = 7
"""页码的一字线上距版心下边缘，毫米（7.5）。"""
COPIED_CHARACTERS = int(TYPE_AREA[0] * POINTS / FOUR) - 5
"""抄送机关一行排几个字：左右各空一字，回行与冒号后的第一个字对齐。"""
CROWDED = 6
"""表格多于几列的，字用小的。"""
NARROW, WIDE = 4, 24
"""表格一列最窄、最宽当作几个字。"""
TOLD = 3
"""排出的文字不对，最多说几处。"""
RED = "#e60000"
FANG = '"仿宋_GB2312", "FangSong_GB2312", "FangSong", "STFangsong", "Noto Serif CJK SC", serif'
SONG = '"方正小标宋简体", "FZXiaoBiaoSong-B05S", "Noto Serif CJK SC", serif'
HEI = '"SimHei", "黑体", "Noto Sans CJK SC", sans-serif'
KAI = '"楷体_GB2312", "KaiTi_GB2312", "KaiTi", "STKaiti", "Noto Serif CJK SC", serif'
FIGURES = '"SimSun", "宋体", "Noto Serif CJK SC", serif'

STYLE = f"""
@page {{ size: {PAGE[0]}mm {PAGE[1]}mm;
  margin: {TOP}mm {PAGE[0] - LEFT - TYPE_AREA[0] - SLACK:.1f}mm
          {PAGE[1] - TOP - TYPE_AREA[1]}mm {LEFT}mm }}
@page :right {{ @bottom-right {{ content: "— " counter(page) " —"; font: {FOUR}pt {FIGURES};
  vertical-align: top; padding: {DASH}mm {FOUR}pt 0 0 }} }}
@page :left {{ @bottom-left {{ content: "— " counter(page) " —"; font: {FOUR}pt {FIGURES};
  vertical-align: top; padding: {DASH}mm 0 0 {FOUR}pt }} }}
body {{ font: {THREE}pt/{PITCH}pt {FANG}; letter-spacing: {CELL - THREE:.3f}pt; margin: 0;
  orphans: 1; widows: 1 }}
p, h1, h2, h3 {{ margin: 0; font-weight: normal; font-size: {THREE}pt;
  white-space: pre-wrap; overflow-wrap: anywhere }}
.head {{ box-sizing: border-box; height: {HEAD_LINES * PITCH:.2f}pt; text-align: center;
  padding: {HEAD}mm 0 {RULE}mm; border-bottom: 1.5pt solid {RED} }}
.mark {{ height: {MARK:.2f}pt; margin-bottom: {2 * PITCH:.2f}pt; color: {RED};
  font-family: {SONG}; font-weight: bold; letter-spacing: 0; white-space: nowrap }}
.upward {{ display: flex; justify-content: space-between; padding: 0 {CELL:.3f}pt;
  text-align: left; white-space: nowrap }}
.signer {{ font-family: {KAI} }}
.gap {{ height: {PITCH}pt }}
h1 {{ font: bold {TWO}pt/{PITCH}pt {SONG}; letter-spacing: 0; text-align: center;
  break-inside: avoid }}
h2, h3 {{ text-indent: {2 * CELL:.3f}pt; break-after: avoid }}
h2 {{ font-family: {HEI} }} h3 {{ font-family: {KAI} }}
.plain {{ text-indent: {2 * CELL:.3f}pt }}
.center {{ text-align: center }} .right {{ text-align: right }}
.listed {{ padding-left: {6 * CELL:.3f}pt; text-indent: {-4 * CELL:.3f}pt }}
.signed {{ break-inside: avoid; break-before: avoid }}
.signature {{ text-align: right; padding-right: {2 * CELL:.3f}pt }}
.dated {{ text-align: right; padding-right: {4 * CELL:.3f}pt }}
.tail {{ break-before: page }}
table {{ border-collapse: collapse; width: 100%; font-size: {FOUR}pt; line-height: 20pt;
  letter-spacing: 0; table-layout: fixed }}
table.crowded {{ font-size: 9pt; line-height: 13pt }}
td {{ border: 0.5pt solid; padding: 1pt 3pt; overflow-wrap: anywhere; white-space: pre-wrap }}
tr {{ break-inside: avoid }}
.imprint {{ break-inside: avoid }}
.last {{ position: absolute; bottom: 0; left: 0; right: 0; font-size: {FOUR}pt; letter-spacing: 0;
  border-top: 1pt solid; border-bottom: 1pt solid; line-height: {PITCH - 2:.2f}pt }}
.copied {{ padding: 0 {FOUR}pt 0 {4 * FOUR}pt; text-indent: -{3 * FOUR}pt;
  border-bottom: 0.7pt solid }}
.issued {{ display: flex; justify-content: space-between; padding: 0 {FOUR}pt }}
"""
BROKEN = "排出的文字与公文对不上：{told}。请联系系统管理员。"
NO_PANGO = "这台机器没有装排版用的 Pango，排不出 PDF，请联系系统管理员；可以先用 Word 文档。"


def paper_digest(paper: Paper) -> str:
    """所排内容的摘要。"""
    return hashlib.sha256(canonical_json({"edition": EDITION, **asdict(paper)})).hexdigest()


def pdf_of(paper: Paper) -> Printed:
    """一份公文的 PDF。排不出、排出的文字与公文对不上的抛出 ``Untypeset``。不取任何外面的东西。"""
    try:
        printed = pdf_from(page_of(paper))
    except NoPango as missing:
        raise Untypeset(NO_PANGO) from missing
    if faults := unlike(paper, printed.content):
        raise Untypeset(BROKEN.format(told="；".join(faults[:TOLD])))
    return printed


# ---- 版面 ----


def page_of(paper: Paper) -> str:
    """整份公文的 HTML：版头、主体、版记。"""
    title = "".join(f"<h1>{escape(line)}</h1>" for line in title_lines(paper.title))
    return (
        '<!doctype html><html lang="zh-CN"><meta charset="utf-8">'
        f"<title>{escape(paper.title)}</title><style>{STYLE}</style>"
        f"{_head(paper)}{_gap()}{_gap()}{title}{_gap()}{_line('flush', paper.addressees)}"
        f"{''.join(map(_block, paper.body))}{_attachments(paper.attachments)}{_signoff(paper)}"
        f"{_tail(paper.tail)}{_imprint(paper)}</html>"
    )


def _head(paper: Paper) -> str:
    """版头：红色的发文机关标志，字号，红色分隔线。上行文字号居左、签发人居右，各空一字。"""
    size = mark_size(paper.mark) if paper.mark else 0
    look = f"font-size: {size}pt; line-height: {size}pt"
    reference = f"<div>{escape(paper.number)}</div>"
    if paper.signer:
        name = paper.signer.removeprefix(SIGNER)
        reference = (
            f'<div class="upward"><span>{escape(paper.number)}</span>'
            f'<span>{SIGNER}<span class="signer">{escape(name)}</span></span></div>'
        )
    return (
        f'<div class="head"><div class="mark" style="{look}">{escape(paper.mark)}</div>'
        f"{reference}</div>"
    )


def _gap() -> str:
    return '<div class="gap"></div>'


def _line(kind: str, text: str) -> str:
    return f'<p class="{escape(kind)}">{escape(text)}</p>' if text else ""


def _block(block: Mapping[str, Any]) -> str:
    if block.get("type") == "table":
        return _table(block["rows"])
    text = str(block.get("text", ""))
    if block.get("type") == "heading":
        level = "h2" if block.get("level", 2) == 2 else "h3"
        return f"<{level}>{escape(text)}</{level}>"
    return _line(str(block.get("style", "plain")), text)


def _table(rows: Sequence[Sequence[str]]) -> str:
    width = max((len(row) for row in rows), default=0)
    if not width:
        return ""
    kind = "crowded" if width > CROWDED else "roomy"
    return (
        f'<table class="{kind}"><colgroup>{_columns(rows, width)}</colgroup>'
        f"{''.join(_row(row, width) for row in rows)}</table>"
    )


def _columns(rows: Sequence[Sequence[str]], width: int) -> str:
    """各列的宽窄照最长的一格，长短过于悬殊的不全照。"""
    longest = [
        max((len(str(row[place])) for row in rows if place < len(row)), default=0)
        for place in range(width)
    ]
    shares = [min(max(each, NARROW), WIDE) for each in longest]
    return "".join(f'<col style="width: {100 * each / sum(shares):.2f}%">' for each in shares)


def _row(row: Sequence[str], width: int) -> str:
    full = [*row, *[""] * (width - len(row))]
    return f"<tr>{''.join(f'<td>{escape(str(text))}</td>' for text in full)}</tr>"


def _attachments(names: Sequence[str]) -> str:
    """附件说明：正文之下空一行，左空二字；一行排不下的，与附件名称的第一个字对齐。"""
    if not names:
        return ""
    return _gap() + "".join(_line("listed", text) for text in attachment_lines(names))


def _signoff(paper: Paper) -> str:
    """署名、成文日期（右空四字）、附注（左空二字）。"""
    signatures = "".join(_line("signature", name) for name in paper.signatures)
    return (
        f'<div class="signed">{_gap()}{signatures}{_line("dated", paper.written_on)}'
        f"{_line('plain', paper.note)}</div>"
    )


def _tail(blocks: Sequence[Mapping[str, Any]]) -> str:
    """附注之后的：所印发的办法、附件，另面排。"""
    return f'<div class="tail">{"".join(map(_block, blocks))}</div>' if blocks else ""


def _imprint(paper: Paper) -> str:
    """版记：在最后一面的末尾，末条分隔线与版心下边缘重合。"""
    if not paper.issued_on:
        return ""
    copied = f'<div class="copied">{escape(paper.copied_to)}</div>' if paper.copied_to else ""
    lines = math.ceil(len(paper.copied_to) / COPIED_CHARACTERS)
    return (
        f'<div class="imprint" style="height: {(2 + lines) * PITCH:.2f}pt"><div class="last">{copied}'
        f'<div class="issued"><span>{escape(paper.issued_by)}</span>'
        f"<span>{escape(paper.issued_on)}</span></div></div></div>"
    )


# ---- 核对 ----


def unlike(paper: Paper, content: bytes) -> list[str]:
    """PDF 里读出的文字与公文的不同，每处一句：各段要在，依着次序，一个字不多不少。"""
    return differing(printed_text(content), passages(paper), cells(paper))


def passages(paper: Paper) -> Iterator[str]:
    """依次印出的各段，表格除外。"""
    yield from (paper.mark, paper.number, paper.signer, paper.title, paper.addressees)
    yield from _texts(paper.body)
    yield from attachment_lines(paper.attachments) if paper.attachments else ()
    yield from (*paper.signatures, paper.written_on, paper.note)
    yield from _texts(paper.tail)
    yield from (paper.copied_to, paper.issued_by, paper.issued_on) if paper.issued_on else ()


def _texts(blocks: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    return (str(each.get("text", "")) for each in blocks if each.get("type") != "table")


def cells(paper: Paper) -> Iterator[str]:
    """表格里的各格。"""
    for block in (*paper.body, *paper.tail):
        if block.get("type") == "table":
            yield from (str(text) for row in block["rows"] for text in row)


def printed_text(content: bytes) -> str:
    """PDF 版心里的文字，页码不算。"""
    return text_within(content, below=(PAGE[1] - TOP - TYPE_AREA[1]) * POINTS - 2)
