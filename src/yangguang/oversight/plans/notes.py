"""在一段文字里找分工说明：括号里的、“牵头单位：”起头的、独占一段的、写成一句话的。纯函数。"""

import re

from .clauses import Span, clauses, sentences, split_outside_brackets
from .units import (
    BARE_LABEL,
    DUTY,
    KIND,
    LABEL,
    VERB,
    Note,
    is_duty,
    is_time,
    looks_like_units,
    read_note,
    split_units,
)

_OPENERS, _CLOSERS = "（(〔[【［﹝", "）)〕]】］﹞"
_REMARK = re.compile(r"(?:以[上下]|上述|下同|具体|其他|其余|不再|均需|均由|同时).*$")
_OWN_LEVEL = re.compile(r"^(?:各|[省市州县区旗盟乡镇国])")
_MAY_HOLD = re.compile(rf"[{re.escape(_OPENERS)}：:]|{VERB}|{KIND}")
_LEADING = re.compile(r"(?:牵头|主办|承办|负责|落实)\S{0,4}$")
_HELPING = re.compile(r"(?:配合|协助|协同|协办|参与|参加)\S{0,4}$")
_NOT_NAME = re.compile(
    r"^(?:形成|建立|坚持|构建|实行|健全|完善|加强|强化|按照|在|对|将|应|要|须|必须|切实|认真|进一步)"
    r"|^(?:党委|政府|部门|社会|单位|群众|企业|属地|公众|行业)$"
)


def extract_notes(text: str, *, loose: bool = False) -> tuple[str, list[Note]]:
    """把分工说明从一段里取出：剩下的文字，和各处说明（位置在剩下的文字里）。

    ``loose`` 为真时，句子里顺带写的“由甲牵头，乙配合，……”也认；那是行文的一部分，不从文字里取走。
    """
    if not _MAY_HOLD.search(text):
        return text.strip(), []
    spans = _note_spans(text) or _whole_sentences(text) or (_in_passing(text) if loose else [])
    kept, notes, position, length = [], [], 0, 0
    for span, note in spans:
        piece = text[position : span.start]
        kept.append(piece)
        length += len(piece)
        notes.append(Note(note.roles, note.deadlines, Span(length, length)))
        position = span.end
        while position < len(text) and text[position] in _CLOSERS:
            position += 1
    kept.append(text[position:])
    remainder = "".join(kept)
    trimmed = remainder.strip()
    shift = len(remainder) - len(remainder.lstrip())
    notes = [
        Note(n.roles, n.deadlines, Span(*(2 * (max(0, min(n.span.start - shift, len(trimmed))),))))
        for n in notes
    ]
    return trimmed, notes


def _note_spans(text: str) -> list[tuple[Span, Note]]:
    """分工说明在原文里的位置，先后为序，互不重叠。"""
    found: list[tuple[Span, Note]] = []
    position = 0
    for span in _brackets(text):
        inner = _inside(text, span)
        note = _bracket_note(text, span, inner)
        if note:
            keyed = _keyed(text, position, span.start)
            if keyed:
                found.append(keyed)
            found.append((span, note))
            position = span.end
    keyed = _keyed(text, position, len(text))
    if keyed:
        found.append(keyed)
    return found


def _inside(text: str, span: Span) -> str:
    """括号里的文字；没有合上的，到段末为止。"""
    inner = text[span.start + 1 : span.end]
    closers = sum(inner.count(c) for c in _CLOSERS) - sum(inner.count(c) for c in _OPENERS)
    return inner[:-1] if closers > 0 and inner[-1] in _CLOSERS else inner


def _bracket_note(text: str, span: Span, inner: str) -> Note | None:
    if len(inner) > 1500:
        return None
    labelled = LABEL.search(inner)
    if (labelled and labelled.start() <= 60) or BARE_LABEL.match(inner):
        note = read_note(inner)
        return note if note.assignment or note.deadlines else None
    before = text[: span.start].rstrip()[-1:]
    after = text[span.end :].lstrip()[:1]
    inner, _, remark = inner.strip("。；; ").partition("。")
    if len(inner) > 600 or (remark and not _REMARK.match(remark)):
        return None
    pieces = split_outside_brackets(inner, "，,；;")
    last = [piece for piece in pieces if not is_time(piece)][-1:]
    if last and DUTY.search(last[0]):
        fits = before in "。；;！!？”" or after in "。；;"
    else:
        # 只列单位、没有动词的：须在句后或段末，免得把名称里的括注当成单位
        fits = (before in "。；;！!？" or not after) and _lists_units(inner)
    if not fits:
        return None
    note = read_note(inner)
    return note if note.assignment else None


def _lists_units(text: str) -> bool:
    names = split_units(text)
    plain = len(names) > 1 or all(_OWN_LEVEL.match(name) and len(name) > 2 for name in names)
    return plain and looks_like_units(text)


def _keyed(text: str, start: int, end: int) -> tuple[Span, Note] | None:
    """不在括号里的：“……。牵头单位：甲；责任单位：乙”，或整段“市某局牵头落实”。"""
    piece = text[start:end]
    for label in LABEL.finditer(piece):
        before = piece[: label.start()].rstrip()
        if before and before[-1] not in "。；;！!？）)〕】”\n ":
            continue
        if not before and start and text[start - 1] not in _CLOSERS:
            continue
        note = read_note(piece[label.start() :])
        if note.assignment or note.deadlines:
            return Span(start + label.start(), end), note
        return None
    whole = piece.strip("。；; ")
    if start == 0 and end == len(text) and len(whole) <= 200 and "。" not in whole:
        pieces = split_outside_brackets(whole, "，,；;")
        if pieces and all(is_duty(p) for p in pieces):
            return Span(start, end), read_note(whole)
    return None


def _brackets(text: str) -> list[Span]:
    """最外层的括号；全角半角可以混用。开了没合的，若里面是“牵头单位：”一类，算到段末。"""
    pairs: list[Span] = []
    open_at: list[int] = []
    for position, character in enumerate(text):
        if character in _OPENERS:
            open_at.append(position)
        elif character in _CLOSERS and open_at:
            pairs.append(Span(open_at.pop(), position + 1))
    for begun in open_at:
        if not re.search("[：:]", text[begun : begun + 40]):
            continue
        label = LABEL.search(text, begun + 1, begun + 40)
        if label and label.start() <= begun + 12:
            pairs.append(Span(begun, len(text)))
            break
    outermost: list[Span] = []
    for pair in sorted(pairs, key=lambda s: s.start):
        if not outermost or pair.start >= outermost[-1].end:
            outermost.append(pair)
    return outermost


def _whole_sentences(text: str) -> list[tuple[Span, Note]]:
    """整句都是分工：“……。市某局牵头，市某委配合。”只说一家负责的，须在段末。"""
    found: list[tuple[Span, Note]] = []
    parts = sentences(text)
    for sentence in parts[1:]:
        pieces = [span.of(text) for span in clauses(text, sentence)]
        duties = [piece for piece in pieces if not is_time(piece)]
        if not duties or not all(map(_states_duty, duties)) or not _LEADING.search(duties[0]):
            continue
        if len(duties) > 1 or "牵头" in duties[0] or sentence == parts[-1]:
            end = min(sentence.end + 1, len(text))
            found.append((Span(sentence.start, end), read_note(sentence.of(text))))
    return found


def _in_passing(text: str) -> list[tuple[Span, Note]]:
    """句子里顺带写的：“由甲负责，乙、丙配合，加快……”。"""
    found: list[tuple[Span, Note]] = []
    for sentence in sentences(text):
        parts = clauses(text, sentence)
        for place, part in enumerate(parts):
            following = parts[place + 1].of(text) if place + 1 < len(parts) else ""
            lead = part.of(text)
            if not _states_duty(lead) or not _LEADING.search(lead):
                continue
            helped = _states_duty(following) and bool(_HELPING.search(following))
            if helped or lead.startswith("由"):
                words = f"{lead}，{following}" if helped else lead
                found.append((Span(part.start, part.start), read_note(words)))
                break
    return found


def _states_duty(piece: str) -> bool:
    piece = piece.removeprefix("由")
    tail = DUTY.search(piece)
    names = split_units(piece[: tail.start()]) if tail else ()
    return is_duty(piece) and not any(_NOT_NAME.match(name) for name in names)
