"""文本文件：认出编码，去掉看不见的字符。纯函数。"""

import codecs
import re
import unicodedata

from .extracted import Unreadable

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_NEWLINES = re.compile("\r\n|[\r\n\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e"
    "\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffc"
    "\U000e0000-\U000e0fff\ud800-\udfff]"
)
_SPACES = re.compile("[\xa0\u1680\u2000-\u200a\u202f\u205f]")
_RADICALS = re.compile("[\u2e80-\u2fd5]")
_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_NOT_TEXT = "这不是文本文件，读不出文字。请上传 docx、pdf，或用记事本另存为 UTF-8 编码的 txt。"
_WRONG_ENCODING = (
    "文件的编码认不出来，或者内容已经损坏。请用记事本打开，确认文字正常后另存为 UTF-8 编码再上传。"
)
_MAX_CONTROLS = 0.01
_MIN_COMMON = 0.6


def decode(data: bytes) -> str:
    """按 UTF-8、UTF-16（有 BOM）、GB18030 的次序解码；不像文字的拒绝。"""
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            try:
                return data[len(bom) :].decode(encoding)
            except UnicodeDecodeError as error:
                raise Unreadable(_WRONG_ENCODING) from error
    if len(_CONTROLS.findall(data)) > len(data) * _MAX_CONTROLS + 1:
        raise Unreadable(_NOT_TEXT)
    for encoding in ("utf-8", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if encoding == "utf-8" or _reads_as_chinese(text):
            return text
    raise Unreadable(_WRONG_ENCODING)


def _reads_as_chinese(text: str) -> bool:
    """GB18030 几乎什么字节都能解，解出来多半是常用字才算数。

    常用字指 GB2312 的一级字和符号区；把 UTF-8、Big5 或图片当作 GB18030 解，
    得到的大多是二级字、生僻字和私用区。
    """
    wide = [c for c in text if ord(c) > 0x7F]
    if not wide:
        return True
    common = sum(1 for c in wide if _is_common(c))
    return common >= len(wide) * _MIN_COMMON


def _is_common(character: str) -> bool:
    try:
        lead = character.encode("gb2312")[0]
    except UnicodeEncodeError:
        return False
    return 0xA1 <= lead <= 0xA9 or 0xB0 <= lead <= 0xD7


def normalise(text: str) -> str:
    """换行统一，控制字符和零宽字符去掉，各种空格统一，行尾空白去掉。

    全角空格留着：段首缩进靠它辨认。康熙部首（pdf 里常见）换回汉字。
    """
    text = _NEWLINES.sub("\n", text)
    text = _INVISIBLE.sub("", text)
    text = _SPACES.sub(" ", text)
    text = _RADICALS.sub(lambda found: unicodedata.normalize("NFKC", found[0]), text)
    return "\n".join(line.rstrip() for line in text.split("\n"))
