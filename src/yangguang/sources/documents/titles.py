"""标题和文种。纯函数。"""

import re
from dataclasses import dataclass

from .dates import find_dates, only_date
from .lines import FAR, Row
from .numbers import is_bare_number, line_number, order_number, tail_number
from .organs import is_full_organ, split_prefix, tighten

TYPES = (
    "决议", "决定", "命令", "令", "公报", "公告", "通告", "意见", "通知", "通报", "报告", "请示", "批复", "议案", "函", "纪要",
)  # fmt: skip
"""十五个文种（党政机关公文处理工作条例第八条）；“命令”也作“令”。"""
_TYPE = re.compile(rf"({'|'.join(TYPES)})$")
_ATTACHED = re.compile(
    r"(?:方案|要点|计划|办法|规定|细则|规则|规程|条例|规划|纲要|预案|标准|规范|指南|目录|清单|制度|措施|章程|准则|若干政策|政策|分工|安排|说明|解读|报告|总结|须知|指引|名单|公示|启事|通知书|决定书|意见书|倡议书|公开信|讲话|简报|情况|复函|答复|任务|行动|举措|一览表|分解表|分工表)$"
)
_NOT_TYPE = re.compile(
    r"(?:通知书|决定书|意见书|年度报告|年报|工作报告|调研报告|评估报告|监测报告|信函|公函|来函)$"
)
_TAIL = re.compile(
    r"[\s\u3000]*[（(〔\[【](?:试行|暂行|修订|修正|征求意见稿|草案|送审稿|代拟稿|节选|摘要|摘录|废止|失效|已废止|已失效|有效|第[^（）()]{1,8}号|[一二三四五六七八九十\d]{1,3}|\d{4}年[^（）()]{0,12})[)）〕\]】]$"
)
_HEADWORD = re.compile(r"^.{2,40}(?:文件|便函|公文)$")
_MARKS = re.compile(
    r"^(?:(?:绝密|机密|秘密|内部)[★☆*]?.{0,8}|特急|特提|加急|平急|急件|紧急|\d{6}|000\d+|份号.*|密级.*|缓急.*|紧急程度.*|签发人.*|会签人.*)$"
)
_NOTE = re.compile(
    r"^[（(].*(?:\d|[〇一二三四五六七八九])年.*(?:通过|公布|发布|修订|修正|施行|批准|第).*[)）]$"
)
_SENTENCE = re.compile(r"[。；;！!？?]")
_NUMBERED = re.compile(
    r"^(?:[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[)）]|\d{1,2}[.．、]|第[一二三四五六七八九十]{1,3}[章条节])"
)
_OPENING = re.compile(
    r"^(?:为(?:了|进一步|贯彻|认真|切实|深入|加强|规范|确保|全面|做好|落实|推动|促进|加快|提高)|根据|按照|依据|现将|经|近日|近期|近年来|当前|兹|你(?:县|市|区|局|委|州|厅|单位|办|公司|部|院|镇|乡|省)|《|自\d|今年|最近|由于|鉴于|因)"
)
_ABOUT = re.compile(r"关于|转发|批转|印发|发布")
_PREFIX = re.compile(
    rf"^[\u4e00-\u9fff]{{2,10}}[：:][ \u3000]*(?=(?:[^：:]*关于|印发|转发).*(?:{'|'.join(TYPES)})$)"
)
_LABELLED = re.compile(r"^[\u4e00-\u9fff]{2,8}[ \u3000]*[：:]")
_MAX_LINES = 8
_MAX_LENGTH = 200


@dataclass(frozen=True)
class Title:
    """标题。``start``、``end`` 是它占的行；``sure`` 为假表示拿不准。"""

    text: str
    start: int
    end: int
    sure: bool = True


def document_type(title: str) -> str | None:
    """按标题末尾定文种；“方案”“要点”单发的没有文种。命令一律作“令”。"""
    bare = strip_tail(tighten(title))
    if _NOT_TYPE.search(bare):
        return None
    if order_number(bare) and re.search(r"令(?:〔\d{4}〕)?[（(]?第.{1,8}号[)）]?$", bare):
        return "令"
    found = _TYPE.search(bare)
    if not found or bare == found[1] and found[1] in ("函", "令", "意见", "决定"):
        return None
    return "令" if found[1] == "命令" else found[1]


def strip_tail(title: str) -> str:
    """去掉标题末尾括号里的“试行”“第2号”等。"""
    before = ""
    while before != title:
        before, title = title, _TAIL.sub("", title)
    return title


def is_redhead(line: str) -> bool:
    """版头的发文机关标志：“某某市人民政府文件”。"""
    bare = tighten(line)
    return (
        bool(_HEADWORD.match(bare))
        and "关于" not in bare
        and is_full_organ(re.sub(r"(?:文件|便函|公文)$", "", bare))
    )


def is_head_mark(line: str) -> bool:
    """份号、紧急程度、签发人一类。"""
    return bool(_MARKS.match(tighten(line)))


def is_note(line: str) -> bool:
    """题注：“（2011年3月3日某会议通过）”。"""
    return bool(_NOTE.match(line.strip()))


def starts_body(line: str) -> bool:
    """这一行已是正文。"""
    line = _cleaned(line)
    if _NUMBERED.match(line) and "关于" not in line[:12]:
        return True
    if _OPENING.match(line) and (len(line) > 25 or _SENTENCE.search(line)):
        return True
    return len(line) > 30 and bool(re.search(r"[。；]", line.rstrip("。")))


def find_title(rows: list[Row], end: int, hint: str | None) -> Title | None:
    """在前 ``end`` 行里找标题，折成几行的接起来。``hint`` 是字段表给的标题，只作印证。"""
    found: list[tuple[float, Title]] = []
    narrow = min((row.gap for row in rows[1:end] if row.gap < FAR), default=0)
    for start in range(end):
        joined = ""
        for stop in range(start, min(end, start + _MAX_LINES)):
            line = _cleaned(rows[stop].text)
            apart = rows[stop].gap >= 2 and rows[stop].gap > narrow
            if _breaks(line) or (stop > start and (apart or not _may_follow(joined, line))):
                break
            joined = _join(joined, line)
            if len(joined) > _MAX_LENGTH:
                break
            score = _score(joined, hint)
            if score > 0:
                # 同样像的，要靠近正文的、行数多的
                score += 0.01 * stop + 0.1 * (stop - start)
                found.append((score, Title(tidy_title(joined), start, stop + 1)))
    return _best(found)


def _best(found: list[tuple[float, Title]]) -> Title | None:
    """页首和正文前写着同一个标题的，多半就是它；两处标点不同的取写得全的。"""

    def weight(item: tuple[float, Title]) -> float:
        score, title = item
        twins = sum(
            1 for _, other in found if other.start >= title.end and _same(other.text, title.text)
        ) + sum(
            1 for _, other in found if other.end <= title.start and _same(other.text, title.text)
        )
        return score + (2.5 if twins else 0)

    if not found:
        return None
    best = max(found, key=weight)[1]
    alike = [title for _, title in found if _same(title.text, best.text)]
    return max(alike, key=lambda title: (title.text.count("《"), title.start))


def tidy_title(text: str) -> str:
    """去掉折行和撑开留下的空格；并列机关之间、西文单词之间的留一个。"""
    text = text.strip(" \t\u3000*")
    pieces = re.split(r"[ \t\u3000]+", text)
    made = pieces[0]
    for piece in pieces[1:]:
        latin = re.search(r"[A-Za-z]$", made) and re.match(r"[A-Za-z]", piece)
        joint = (
            "关于" not in made and is_full_organ(made.split(" ")[-1]) and _starts_with_organ(piece)
        )
        made += (" " if latin or joint else "") + piece
    return made


def issuers_of(title: str) -> list[str]:
    """标题“关于”之前写明的发文机关；公告、令一类没有“关于”的看文种之前。"""
    before = _ABOUT.split(title, maxsplit=1)[0]
    if before == title:
        before = re.sub(rf"(?:{'|'.join(TYPES)})(?:[（(]?第.*号[)）]?)?$", "", strip_tail(title))
    return split_prefix(before)


def _starts_with_organ(piece: str) -> bool:
    before = piece.split("关于")[0]
    return bool(before) and is_full_organ(before)


def _breaks(line: str) -> bool:
    """不可能是标题一部分的行。"""
    bare = line.strip()
    return bool(
        line_number(bare)
        or is_bare_number(bare)
        or is_redhead(bare)
        or is_head_mark(bare)
        or is_note(bare)
        or only_date(bare)
        or _SENTENCE.search(bare)
        or bare.endswith(("：", ":"))
        or _LABELLED.match(bare)
        or _NUMBERED.match(bare)
        or " | " in bare
        or len(bare) > _MAX_LENGTH
    )


def _cleaned(line: str) -> str:
    """去掉转载站加的“某地：”、整个包住标题的书名号、行末括号里的字号。"""
    line = _PREFIX.sub("", line.strip())
    found = tail_number(line)
    line = (line[: found.start] if found else line).strip()
    whole = tighten(line)
    if whole.startswith("《") and whole.endswith("》") and _TYPE.search(whole[:-1]):
        inner = line[1:-1]
        return inner if inner.count("《") == inner.count("》") else line
    return line


def _join(before: str, line: str) -> str:
    gap = (
        " " if before and is_full_organ(before.split(" ")[-1]) and _starts_with_organ(line) else ""
    )
    if re.search(r"[A-Za-z]$", before) and re.match(r"[A-Za-z]", line):
        gap = " "
    return before + gap + line.strip(" \t\u3000")


def _may_follow(joined: str, line: str) -> bool:
    """标题已经完整时，下一行只能是“的通知”一类的余下部分或括号。"""
    whole, added = strip_tail(tighten(joined)), tighten(line)
    if added == whole or is_redhead(joined):
        return False
    if not _balanced(joined):
        return True
    if is_full_organ(joined) and (prefix := _ABOUT.split(added, maxsplit=1)[0]) != added:
        # “某省某市人民政府”后面又是“某市人民政府关于”：前一行是转载站标的来源
        return not prefix or not (whole.endswith(prefix) or whole.startswith(prefix))
    typed = _TYPE.search(whole)
    complete = typed and (_ABOUT.search(whole) or is_full_organ(whole[: typed.start()]))
    if complete:
        return added.startswith(("的", "（", "(")) or added in TYPES
    source = re.sub(rf"(?:{'|'.join(TYPES)})$", "", added)
    return not (_ATTACHED.search(whole) and is_full_organ(source))


def _score(joined: str, hint: str | None) -> float:
    """像标题的程度；不像的为 0。"""
    whole = tighten(joined)
    bare = strip_tail(whole)
    if not 4 <= len(whole) <= _MAX_LENGTH or not _balanced(whole):
        return 0
    if (
        whole.startswith(("的", "和", "、", "》", "）", "附件", "抄送"))
        or _OPENING.match(whole)
        and not _TYPE.search(bare)
    ):
        return 0
    if hint and _same(whole, hint):
        return 10
    score = 0.0
    typed = _TYPE.search(bare)
    if typed:
        score = 3.0
    elif _ATTACHED.search(bare):
        score = 2.0
    else:
        return 0
    about = whole.find("关于")
    if about == 0:
        score += 2
    elif about > 0:
        score += 3 if issuers_of(joined) or _looks_joint(joined[: joined.find("关于")]) else 1
    elif typed and typed[1] != "令" and is_full_organ(bare[: typed.start()]):
        score += 1.5
    if find_dates(whole[:6]):
        score -= 1
    return score


def _looks_joint(prefix: str) -> bool:
    return bool(re.search(r"等.{1,4}(?:部门|单位|委|局)$", tighten(prefix)))


def _same(one: str, other: str) -> bool:
    def bare(text: str) -> str:
        return re.sub(r"[^\u4e00-\u9fffA-Za-z0-9]", "", text)

    return bool(bare(one)) and bare(one) == bare(other)


def same_title(one: str, other: str) -> bool:
    """两处写的是否同一个标题；标点、空格不计，少了前头的机关也算。"""
    a, b = (re.sub(r"[^\u4e00-\u9fffA-Za-z0-9]", "", text) for text in (one, other))
    return bool(a and b) and (a == b or a.endswith(b) or b.endswith(a))


def _balanced(text: str) -> bool:
    return all(
        text.count(a) + text.count(b) == text.count(c) + text.count(d)
        for a, b, c, d in (("《", "《", "》", "》"), ("（", "(", "）", ")"), ("“", "“", "”", "”"))
    )
