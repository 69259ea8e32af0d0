"""从文字到行：空格、折行、全文挤在一行。纯函数。"""

import re
from dataclasses import dataclass

from yangguang.foundation.files.plain_text import normalise

_D = "0-9０-９"
_CN = "〇○◯零OＯ一二三四五六七八九十元"
_OPEN, _CLOSE = r"〔［\[(（﹝【{｛「〖", r"〕］\])）﹞】}｝」〗"
_HAN = "\u4e00-\u9fff"
FAR = 99
"""相当于空了很多行。"""
_CROWDED = 0.5
_LONG = 150
_FEW = 12
_EDGES = " \t\u3000"
# 转码时丢了的空白，成了一串问号
_LOST_SPACES = re.compile(r"^(?:\?[ \t\u3000]*){2,}")
_DATE_GAP = re.compile(rf"(?<=[{_D}{_CN}年月])[ \t\u3000]+(?=[年月日{_D}{_CN}])")
_DATE_LIKE = re.compile(
    rf"[{_D}{_CN}](?:[ \t\u3000]*[{_D}{_CN}]){{3}}[ \t\u3000]*年[ \t\u3000]*[{_D}{_CN}]{{1,3}}[ \t\u3000]*月"
    rf"[ \t\u3000]*[{_D}{_CN}](?:[ \t\u3000]*[{_D}{_CN}]){{0,2}}[ \t\u3000]*日"
)
_NUMBER_LIKE = re.compile(
    rf"[ \t\u3000]*[{_OPEN}][ \t\u3000]*[{_D}][{_D} \t\u3000]{{2,10}}[{_CLOSE}][ \t\u3000]*(?:第[ \t\u3000]*)?[{_D}]+[ \t\u3000]*号"
)
_ORDER_LIKE = re.compile(
    rf"(?:(?<=[令告])[ \t\u3000]*)?第[ \t\u3000]*[{_D}一二三四五六七八九十百〇]+[ \t\u3000]*号"
)
_TYPE = "决议|决定|命令|令|公报|公告|通告|意见|通知|通报|报告|请示|批复|议案|函|纪要"
_DATE = rf"[{_D}{_CN}]{{4}}年[{_D}{_CN}]{{1,3}}月[{_D}{_CN}]{{1,3}}日"
_NUMBER = rf"[{_OPEN}][{_D}]{{4}}[{_CLOSE}]第?[{_D}]+号"


@dataclass(frozen=True)
class Row:
    """一行文字和它前面空了几行。"""

    text: str
    gap: int = 0


def split_rows(text: str) -> list[Row]:
    """不空的行，两端空白已去；日期和字号里撑开的空格已收紧；挤成一行的已拆开。"""
    rows: list[Row] = []
    gap = 0
    for raw in normalise(text).split("\n"):
        line = _LOST_SPACES.sub("", raw)
        if line.strip(_EDGES):
            rows.append(Row(line, gap))
            gap = 0
        else:
            gap += 1
    total = sum(len(row.text) for row in rows)
    made: list[Row] = []
    for row in rows:
        crowded = len(row.text) > max(_LONG, total * _CROWDED) and len(rows) <= _FEW
        for place, piece in enumerate(unfold(row.text) if crowded else [row.text]):
            kept = tighten_figures(piece).strip(_EDGES)
            if kept:
                made.append(Row(kept, 0 if place else row.gap))
    return made


def tighten_figures(line: str) -> str:
    """收紧“2020 年 9 月 25 日”“〔 2020 〕 81 号”里的空格。"""
    line = _DATE_LIKE.sub(lambda m: re.sub(r"\s", "", m[0]), line)
    line = _NUMBER_LIKE.sub(lambda m: re.sub(r"\s", "", m[0]), line)
    return _ORDER_LIKE.sub(lambda m: re.sub(r"\s", "", m[0]), line)


def unfold(line: str) -> list[str]:
    """全文挤在一行：有空格的按空格拆，没有空格的在公文要素的接缝处拆。"""
    line = tighten_figures(line)
    gaps = re.split(r"(?<![A-Za-z])[ \t\u3000]+|[ \t\u3000]+(?![A-Za-z])", line)
    parts = [part for part in gaps if part.strip()]
    pieces: list[str] = []
    for part in parts:
        pieces += _cut(part) if len(part) > 60 else [part]
    return pieces


def _cut(part: str) -> list[str]:
    for pattern in (
        # 标题和它后面的字号之间
        rf"(?<=的)(?:{_TYPE})(?=[{_HAN}]{{2,12}}{_NUMBER})",
        # 字号之后
        rf"^(?:.{{1,24}}?{_NUMBER})",
        # 标题之后
        rf"(?<=的)(?:{_TYPE})(?=[各{_HAN}]{{2}}[^。；]{{0,150}}?[：:])",
        # 主送机关之后
        r"^[^。；，：:《》]{2,150}[：:]",
    ):
        part = re.sub(pattern, lambda m: m[0] + "\n", part, count=1, flags=re.MULTILINE)
    # 附件说明、署名、日期、附注之前
    part = re.sub(r"(?<=[。；])(?=附件[：:1１一])", "\n", part)
    part = re.sub(
        rf"(?<=[。])([{_HAN}（）]{{4,60}}?)({_DATE})(?!印发)(?=[（(]|$|附)", r"\n\1\n\2\n", part
    )
    part = re.sub(rf"(?<=[。])({_DATE})(?=[（(]|$|附)", r"\n\1\n", part)
    part = re.sub(r"([（(\[［〔【](?:此件|本件)[^（）()]{1,20}[)）\]］〕】])", r"\n\1\n", part)
    part = re.sub(r"(?<=[。；：])(?=[一二三四五六七八九十]{1,3}、)", "\n", part)
    part = re.sub(r"(?<=[。；：])(?=（[一二三四五六七八九十]{1,3}）)", "\n", part)
    return [piece for piece in part.split("\n") if piece.strip()]
