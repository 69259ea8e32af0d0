"""数字：阿拉伯数字、全角数字和汉字数字。纯函数。"""

import unicodedata

_VALUES = {"〇": 0, "○": 0, "零": 0, "O": 0, "Ｏ": 0}
_VALUES |= {digit: value for value, digit in enumerate("零一二三四五六七八九")}
CHINESE_DIGITS = "〇○零一二三四五六七八九"


def to_int(text: str) -> int | None:
    """“12”“１２”“十二”“二十”“一百零三”“二〇二〇”各是多少；不是数则为 ``None``。"""
    text = text.strip()
    plain = unicodedata.normalize("NFKC", text)
    if plain.isascii() and plain.isdigit():
        return int(plain)
    if not text or any(c not in _VALUES and c not in "十百两" for c in text):
        return None
    if not set(text) & set("十百"):
        return int("".join(str(_VALUES.get(c, 2)) for c in text))
    total, digit = 0, 0
    for character in text:
        if character in "十百":
            total += (digit or 1) * (10 if character == "十" else 100)
            digit = 0
        else:
            digit = _VALUES.get(character, 2)
    return total + digit
