"""通报怎样写：由核对的结果排成公文的正文。纯函数。"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from .rules import FAULTS, Ranked, Tally

MOST_LISTED = 200
"""一张表最多列几件；再多的说还有几件。"""
BASIS = "主动公开文件印发实施后 20 个工作日内上网发布"
HIDDEN = "（不是主动公开的文件，标题从略）"
"""通报人人看得到：不该公开的，只写文号。"""
NUMERALS = "一二三四五六七八九十"

Block = dict[str, Any]


@dataclass(frozen=True)
class Behind:
    """逾期的一件，各项都是写好的。"""

    unit: str
    document_number: str
    title: str
    issued_on: str
    due: str
    online_on: str
    days_late: int


@dataclass(frozen=True)
class Found:
    """查出的一个问题。"""

    code: str
    unit: str
    document_number: str
    title: str
    address: str
    detail: str


def title_of(issuer: str, as_of: date) -> str:
    """标题。"""
    return f"{issuer}关于主动公开文件上网发布情况的通报（截至{spoken(as_of)}）"


def spoken(day: date) -> str:
    """通报里的日期。"""
    return f"{day.year}年{day.month}月{day.day}日"


def blocks(
    issuer: str,
    as_of: date,
    signed_on: date,
    whole: Tally,
    ranks: Sequence[Ranked],
    behind: Sequence[Behind],
    found: Sequence[Found],
) -> list[Block]:
    """正文的各块：总的情况、各单位排名、逾期的、查出的问题、要求。``behind`` 是要列的，至多 ``MOST_LISTED`` 件。"""
    parts = [
        _overall(as_of, whole, found),
        _ranking(ranks),
        *([_behind(behind, whole.late + whole.overdue)] if behind else []),
        *([_found(found)] if found else []),
        _demands(bool(behind or found)),
    ]
    made: list[Block] = [_paragraph("各有关单位：", "flush")]
    for numeral, (heading, body) in zip(NUMERALS, parts, strict=False):
        made.append({"type": "heading", "level": 2, "text": f"{numeral}、{heading}"})
        made += body
    return [*made, _paragraph(issuer, "right"), _paragraph(spoken(signed_on), "right")]


Part = tuple[str, list[Block]]


def _overall(as_of: date, whole: Tally, found: Sequence[Found]) -> Part:
    told = (
        f"按照{BASIS}的要求，对截至{spoken(as_of)}的发文台账逐件到网上核对。"
        f"各单位印发文件 {whole.total} 件，其中主动公开 {whole.public} 件，不公开 {whole.not_public} 件。"
        f"主动公开的，按期上网 {whole.on_time} 件，逾期上网 {whole.late} 件，"
        f"未上网 {whole.not_online} 件（其中期限已过 {whole.overdue} 件），按期率 {whole.rate_told}。"
        f"核对查出问题 {len(found)} 个。"
    )
    return "总的情况", [_paragraph(told)]


def _ranking(ranks: Sequence[Ranked]) -> Part:
    head = [
        "名次", "单位", "印发", "不公开", "主动公开", "按期", "逾期", "未上网", "其中已过期限",
        "按期率", "查出问题",
    ]  # fmt: skip
    rows = [
        [
            str(each.place or "—"), each.name,
            *(
                str(number)
                for number in (
                    each.tally.total, each.tally.not_public, each.tally.public,
                    each.tally.on_time, each.tally.late, each.tally.not_online,
                    each.tally.overdue,
                )
            ),
            each.tally.rate_told, str(each.faults),
        ]
        for each in ranks
    ]  # fmt: skip
    note = "按期率是按期上网的占已上网和期限已过的；同率的，查出问题少的在前。还看不出按期没有的不排名次。"
    return "各单位排名", [_table(head, rows), _paragraph(note)]


def _behind(behind: Sequence[Behind], count: int) -> Part:
    head = ["单位", "发文字号", "标题", "印发日期", "上网期限", "上网日期", "超期工作日"]
    rows = [
        [
            each.unit, each.document_number or "无字号", each.title, each.issued_on, each.due,
            each.online_on or "未上网", str(each.days_late),
        ]
        for each in behind
    ]  # fmt: skip
    return "逾期上网和到期没有上网的", [_table(head, rows), *_rest(count)]


def _found(found: Sequence[Found]) -> Part:
    made: list[Block] = []
    codes = [code for code in FAULTS if any(each.code == code for each in found)]
    for numeral, code in zip(NUMERALS, codes, strict=False):
        made.append({"type": "heading", "level": 3, "text": f"（{numeral}）{FAULTS[code]}"})
        same = [each for each in found if each.code == code]
        made += [
            _paragraph(f"{number}. {_told(each)}")
            for number, each in enumerate(same[:MOST_LISTED], start=1)
        ]
        made += _rest(len(same))
    return "核对查出的问题", made


def _told(found: Found) -> str:
    hidden = found.code == "not_public"
    title = HIDDEN if hidden and found.document_number else f"《{found.title}》"
    number = f"（{found.document_number}）" if found.document_number else ""
    detail = " ".join(found.detail.split())
    return f"{found.unit}：{title}{number}。{detail}" + (
        f" 网址：{found.address}" if found.address else ""
    )


def _demands(is_wanting: bool) -> Part:
    if not is_wanting:
        return "有关要求", [_paragraph("请继续在印发后 20 个工作日内上网发布，随时更新发文台账。")]
    told = (
        "请有关单位对照所列文件逐件办理：没有上网的立即上网，文字、附件与印发的不一致的立即更正，"
        "不应公开的立即撤下并查明原因，台账里没有的补登；办完在台账上登记，并书面报送办理情况。"
    )
    return "有关要求", [_paragraph(told)]


def _rest(count: int) -> list[Block]:
    left = count - MOST_LISTED
    return [_paragraph(f"另有 {left} 件，见发文台账。")] if left > 0 else []


def _paragraph(text: str, style: str = "plain") -> Block:
    return {"type": "paragraph", "text": text, "style": style}


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Block:
    return {"type": "table", "rows": [list(head), *map(list, rows)]}


def text_of(title: str, made: Sequence[Block]) -> str:
    """全文：收文时查密级用。"""
    lines = [title]
    for block in made:
        if block["type"] == "table":
            lines += [" | ".join(row) for row in block["rows"]]
        else:
            lines.append(block["text"])
    return "\n".join(lines)
