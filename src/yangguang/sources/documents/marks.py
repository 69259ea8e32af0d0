"""公开方式标注：（此件公开发布）（此件主动公开）（此件依申请公开）（此件不予公开）。纯函数。"""

import re

_OPEN, _CLOSE = r"[（(〔［\[【﹝{]", r"[）)〕］\]】﹞}]"
_WORD = r"(?:此|本)[\s\u3000]*(?:件|文件|文)"
_LABEL = r"(?:政府|政务)?(?:信息|公文)?公开(?:形式|属性|方式|选项|类别|类型|情况)[\s\u3000]*[：:]"
_KIND = (
    r"(?:主动公开|公开发布|全文公开|依申请公开|不予公开|不公开|不宜公开|免予公开|删减后公开|公开)"
)
_BRACKETED = re.compile(
    rf"{_OPEN}[\s\u3000]*(?:{_WORD}[^（）()\n“”]{{0,12}}?公[\s\u3000]*开[^（）()\n“”]{{0,6}}|(?:{_LABEL})?[\s\u3000]*{_KIND}(?:发布)?)[\s\u3000]*{_CLOSE}"
)
_WHOLE_LINE = re.compile(
    rf"^(?:{_LABEL}[\s\u3000]*{_KIND}|{_WORD}[\s\u3000]*(?:{_KIND}(?:发布)?))[。]?$"
)
_QUOTES = '“”‘’《》"「」'


def split_marks(line: str) -> list[str]:
    """把行首或行尾的标注拆成单独的一行；句子中间提到的不动。"""
    for match in _BRACKETED.finditer(line):
        before, after = line[: match.start()].rstrip(), line[match.end() :].lstrip()
        if before[-1:] and before[-1] in _QUOTES or after[:1] and after[0] in _QUOTES:
            continue
        if not before or not after or before.endswith(("。", "日")):
            return [*([before] if before else []), match[0], *([after] if after else [])]
    return [line]


def is_mark(line: str) -> bool:
    """整行就是公开方式标注。"""
    bare = line.strip()
    return bool(_BRACKETED.fullmatch(bare) or _WHOLE_LINE.match(bare))


def is_bare_mark(line: str) -> bool:
    """整行只有“主动公开”一类的字，没有括号也没有名称。"""
    return bool(re.fullmatch(_KIND, re.sub(r"[\s。]", "", line)))


def disclosure_of(mark: str) -> str | None:
    """标注所说的公开属性；“删减后公开”一类说不准的为空。"""
    bare = re.sub(r"\s", "", mark)
    if "依申请" in bare:
        return "on_request"
    if re.search(r"不予公开|不公开|不宜公开|免予公开|不得公开", bare):
        return "withheld"
    if re.search(r"删减|部分", bare):
        return None
    return "proactive" if "公开" in bare else None
