"""字幕：读 WebVTT、SRT，写成标准的 WebVTT。纯函数，不碰数据库、时钟和配置。

收下的字幕一律由这里重写：只留时间、位置和文字，样式、脚本、注解、标记都不带走，所以公开的一份里没有
别的东西。SRT（剪辑软件常导出的）收下时就改成 WebVTT。不合格式的逐处说是第几行、为什么。
"""

import html
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from .extracted import Unreadable
from .plain_text import decode, normalise
from .rules import MEGABYTE, readable_size

MAX_CAPTION_BYTES = 2 * MEGABYTE
"""字幕文件的上限，字节：三小时的会议不到四分之一兆。"""
MOST_CUES = 20_000
LONGEST_CUE = 500
"""一条字幕最多几个字。"""
MOST_TOLD = 10
"""一次最多说几处毛病。"""
DAY = 24 * 60 * 60 * 1000
ARROW = "-->"

_BREAK = re.compile(r"\r\n|\r|\n")
_HEADER = re.compile(r"WEBVTT(?:[ \t].*)?")
_SRT_BEGINS = re.compile(
    r"\s*\d+[ \t]*(?:\r\n|\r|\n)[ \t]*\d{1,3}:\d{1,2}:\d{1,2}[,.]\d{1,3}[ \t]*-->"
)
_VTT_TIME = r"(?:(\d{2,4}):)?([0-5]\d):([0-5]\d)\.(\d{3})"
_SRT_TIME = r"(\d{1,3}):([0-5]?\d):([0-5]?\d)[,.](\d{1,3})"
_VTT_TIMES = re.compile(rf"[ \t]*{_VTT_TIME}[ \t]+-->[ \t]+{_VTT_TIME}(?:[ \t]+(.*))?")
_SRT_TIMES = re.compile(
    rf"[ \t]*{_SRT_TIME}[ \t]*-->[ \t]*{_SRT_TIME}(?:[ \t]+[XY][12]:-?\d+)*[ \t]*()"
)
_PERCENT = r"\d{1,3}(?:\.\d{1,4})?%"
_SETTING = re.compile(
    rf"vertical:(?:rl|lr)|line:(?:-?\d{{1,4}}|{_PERCENT})(?:,(?:start|center|end))?"
    rf"|position:{_PERCENT}(?:,(?:line-left|center|line-right))?|size:{_PERCENT}"
    r"|align:(?:start|center|end|left|right)"
)
_VTT_TAG = re.compile(r"<[^<>]*>?")
_VTT_KNOWN = re.compile(
    rf"</?(?:b|i|u|c|v|lang)>|<[biu](?:\.[^<>\s]*)?>|<c(?:\.[^<>\s]*)?>|<lang[. ][^<>]*>|<{_VTT_TIME}>"
)
_VTT_VOICE = re.compile(r"<v(?:\.[^<>\s]*)?[ \t]+([^<>]+)>")
_SRT_TAG = re.compile(r"</?(?:b|i|u|s)>|<font[^<>]*>|</font>|\{\\[^{}]*\}", re.I)

VTT_TIME_EXAMPLE = "00:00:01.000 --> 00:00:04.000"
SRT_TIME_EXAMPLE = "00:00:01,000 --> 00:00:04,000"


@dataclass(frozen=True)
class Cue:
    """一条字幕：起止（毫秒），``text`` 一行或几行、没有标记，``settings`` 是摆在画面哪里。"""

    start: int
    end: int
    text: str
    settings: str = ""


@dataclass
class Captions:
    """读出的字幕；``faults`` 是不能收的缘由，每条一句，说明是第几行，没有毛病的为空。"""

    cues: list[Cue] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


def looks_like_captions(text: str) -> bool:
    """开头是不是 WebVTT 或 SRT 字幕。"""
    return _is_vtt(text) or bool(_SRT_BEGINS.match(text))


def read_captions(content: bytes, name: str = "") -> Captions:
    """读字幕。开头两样都不像的，照 ``name`` 的后缀当作哪一种来说毛病。"""
    if len(content) > MAX_CAPTION_BYTES:
        told = f"字幕文件 {readable_size(len(content))}，超过 {readable_size(MAX_CAPTION_BYTES)} 的上限。"
        return Captions(faults=[f"{told}字幕只放文字，请检查是不是选错了文件。"])
    try:
        text = decode(content)
    except Unreadable as error:
        if not _is_vtt(content.decode("utf-8", "replace").removeprefix("\ufeff")):
            return Captions(faults=[error.reason])
        text = ""
    is_srt = not _is_vtt(text) and (bool(_SRT_BEGINS.match(text)) or name.lower().endswith(".srt"))
    if not is_srt:
        try:
            text = content.decode("utf-8").removeprefix("\ufeff")
        except UnicodeDecodeError as error:
            line = len(_BREAK.findall(content[: error.start].decode("utf-8", "replace"))) + 1
            return Captions(
                faults=[f"第 {line} 行不是 UTF-8 编码：请用记事本打开字幕，另存为 UTF-8 编码再传。"]
            )
    lines = _BREAK.split(text)
    if controls := [n for n, line in enumerate(lines, 1) if any(map(_is_control, line))]:
        return Captions(
            faults=[f"第 {n} 行里有不是文字的字符，请删去。" for n in controls[:MOST_TOLD]]
        )
    found = _read(lines, _srt_cue, 0) if is_srt else _read_vtt(lines)
    if not found.faults and not found.cues:
        found.faults.append("文件里一条字幕也没有，请检查是不是选错了文件。")
    if len(found.cues) > MOST_CUES:
        found.faults.append(f"字幕有 {len(found.cues)} 条，最多 {MOST_CUES} 条，请分成几段视频。")
    return found


def write_captions(cues: Iterable[Cue]) -> bytes:
    """写成标准的 WebVTT，UTF-8。"""
    blocks = ["WEBVTT"]
    for cue in cues:
        times = f"{clock(cue.start)} {ARROW} {clock(cue.end)}"
        settings = f" {cue.settings}" if cue.settings else ""
        blocks.append(f"{times}{settings}\n{html.escape(cue.text, quote=False)}")
    return ("\n\n".join(blocks) + "\n").encode()


def clock(at: int) -> str:
    """毫秒写成 00:01:05.000。"""
    seconds, thousandths = divmod(at, 1000)
    minutes, second = divmod(seconds, 60)
    hour, minute = divmod(minutes, 60)
    return f"{hour:02d}:{minute:02d}:{second:02d}.{thousandths:03d}"


def untold_faults(untold: Iterable[str], *, is_transcribed: bool) -> list[str]:
    """没有字幕、正文里又没有文字稿的视频，每个一句；``untold`` 是没有字幕的视频的名称。"""
    if is_transcribed:
        return []
    return [
        f"视频“{name}”没有字幕，也没有文字稿：听不见的人不知道里面说了什么。请给它加字幕（vtt、srt），"
        "或者把文字稿写进正文、勾上“正文里有文字稿”。"
        for name in untold
    ]


def _is_vtt(text: str) -> bool:
    return bool(_HEADER.fullmatch(_BREAK.split(text, maxsplit=1)[0]))


def _is_control(character: str) -> bool:
    return unicodedata.category(character) in ("Cc", "Cs") and character != "\t"


def _read_vtt(lines: Sequence[str]) -> Captions:
    if not _HEADER.fullmatch(lines[0]):
        return Captions(
            faults=["第 1 行应当是“WEBVTT”：这不是 WebVTT 字幕，请重新导出为 vtt 或 srt。"]
        )
    body = next((n for n, line in enumerate(lines) if not line.strip()), len(lines))
    for number, line in enumerate(lines[:body], 1):
        if ARROW in line:
            return Captions(faults=[f"第 {number} 行：开头的“WEBVTT”之后要先空一行，再写字幕。"])
    return _read(lines, _vtt_cue, body)


class _Wrong(Exception):  # noqa: N818  说的是字幕，不是程序
    """一条字幕不对：第几行，为什么。"""

    def __init__(self, line: int, why: str) -> None:
        super().__init__(f"第 {line} 行：{why}")


Block = Sequence[tuple[int, str]]
"""隔着空行的一段：各行，连同是第几行。"""


def _read(lines: Sequence[str], one: Callable[[Block], Cue | None], begin: int) -> Captions:
    found = Captions()
    last, line_of_last = -1, 0
    for block in _blocks(lines, begin):
        try:
            cue = one(block)
            if cue is None:
                continue
            line = next(number for number, text in block if ARROW in text)
            if cue.start <= last:
                told = f"这一条从 {clock(cue.start)} 起，不晚于上一条（第 {line_of_last} 行，{clock(last)}）"
                raise _Wrong(line, f"{told}。请按先后排好，同时说的并成一条。")
            last, line_of_last = cue.start, line
            found.cues.append(cue)
        except _Wrong as wrong:
            found.faults.append(str(wrong))
            if len(found.faults) == MOST_TOLD:
                found.faults.append("后面的没有再看，改好这些再传。")
                break
    return found


def _blocks(lines: Sequence[str], begin: int) -> Iterator[Block]:
    block: list[tuple[int, str]] = []
    for number, line in enumerate(lines[begin:], begin + 1):
        if line.strip():
            block.append((number, line))
        elif block:
            yield block
            block = []
    if block:
        yield block


def _vtt_cue(block: Block) -> Cue | None:
    number, first = block[0]
    if re.match(r"NOTE(?:[ \t]|$)", first):
        return None
    if re.match(r"(?:STYLE|REGION)[ \t]*$", first):
        raise _Wrong(number, f"字幕里不能带样式（{first.strip()}），请删去这一段。")
    times, rest = _split(block, VTT_TIME_EXAMPLE)
    found = _VTT_TIMES.fullmatch(times[1])
    if found is None:
        raise _Wrong(times[0], f"时间要写成“{VTT_TIME_EXAMPLE}”的样子。")
    settings = (found[9] or "").split()
    for each in settings:
        if not _SETTING.fullmatch(each):
            raise _Wrong(times[0], f"不认识“{each[:40]}”，请删去，或者重新导出。")
    return _cue(times[0], found, _told(rest, times[0], _vtt_line), " ".join(settings))


def _srt_cue(block: Block) -> Cue:
    if not block[0][1].strip().isdecimal():
        raise _Wrong(block[0][0], "这里应当是序号（1、2、3……）；一条字幕里不能有空行。")
    times, rest = _split(block, SRT_TIME_EXAMPLE)
    found = _SRT_TIMES.fullmatch(times[1])
    if found is None:
        raise _Wrong(times[0], f"时间要写成“{SRT_TIME_EXAMPLE}”的样子。")
    return _cue(times[0], found, _told(rest, times[0], _srt_line), "")


def _split(block: Block, example: str) -> tuple[tuple[int, str], Block]:
    """时间的一行，和它下面的各行；时间之前至多一行（序号、名称）。"""
    at = next((n for n, (_, line) in enumerate(block[:2]) if ARROW in line), None)
    if at is None:
        number = block[min(1, len(block) - 1)][0]
        raise _Wrong(number, f"这里应当是起止的时间，写成“{example}”的样子；一条字幕里不能有空行。")
    return block[at], block[at + 1 :]


def _cue(line: int, found: re.Match[str], text: str, settings: str) -> Cue:
    parts = [int((each or "0").ljust(3, "0") if n % 4 == 3 else each or 0)
             for n, each in enumerate(found.groups()[:8])]  # fmt: skip
    start, end = (
        ((hour * 60 + minute) * 60 + second) * 1000 + thousandths
        for hour, minute, second, thousandths in (parts[:4], parts[4:])
    )
    if end <= start:
        raise _Wrong(line, f"止于 {clock(end)}，不晚于开始的 {clock(start)}。")
    if end > DAY:
        raise _Wrong(line, "时间超过 24 小时。")
    return Cue(start, end, text, settings)


def _told(block: Block, line: int, tidy: Callable[[int, str], str]) -> str:
    """一条字幕的文字，去掉了标记；没有文字、太长的不行。"""
    told = []
    for number, text in block:
        if ARROW in text:
            raise _Wrong(number, "两条字幕之间要空一行。")
        told.append(normalise(tidy(number, text)).replace("\n", " ").strip())
    text = "\n".join(filter(None, told))
    if not text:
        raise _Wrong(line, "这一条只有时间，没有文字：请写上文字，或者删去这一条。")
    if len(text) > LONGEST_CUE:
        raise _Wrong(line, f"这一条有 {len(text)} 个字，最多 {LONGEST_CUE} 个，请分成几条。")
    return text


def _vtt_line(number: int, line: str) -> str:
    """去掉加粗、颜色、语言的标记；写明谁在说的，写成“某某：”。"""

    def plain(found: re.Match[str]) -> str:
        if voice := _VTT_VOICE.fullmatch(found[0]):
            return f"{voice[1].strip()}："
        if not _VTT_KNOWN.fullmatch(found[0]):
            raise _Wrong(number, f"不认识的标记“{found[0][:40]}”：字幕里只写文字，请删去。")
        return ""

    return html.unescape(_VTT_TAG.sub(plain, line))


def _srt_line(number: int, line: str) -> str:
    return _SRT_TAG.sub("", line)
