"""钱数：填写的读成分，分写成元。纯函数。

库里、载荷里一律是整数的分（1 元 = 100 分），加减不差一分；给人看的、让人填的是元。
"""

import re

MOST = 10**15
"""一笔最多这么多分（十万亿元）；再多是填错了单位。"""
_WRITTEN = re.compile(r"(?P<whole>\d{1,14})(?:\.(?P<part>\d{1,6}))?(?P<unit>万元|亿元|元)?")
_SCALE = {"": 2, "元": 2, "万元": 6, "亿元": 10}
"""一个单位是 10 的几次方分。"""


class Unread(ValueError):
    """钱数读不懂。信息是一句中文。"""


def fen(text: str) -> int:
    """填写的钱数读成分：“1,234.56”“1234.56元”“120万元”“1.2亿元”，没有写单位的是元。

    读不懂、不到一分、过大的抛出 ``Unread``。
    """
    tidy = re.sub(r"[\s,，]", "", text)
    match = _WRITTEN.fullmatch(tidy)
    if match is None:
        raise Unread(f"“{text.strip()[:20]}”不是钱数，请写成 1200000 或 120万元。")
    part, scale = match["part"] or "", _SCALE[match["unit"] or ""]
    if part[scale:].strip("0"):
        raise Unread(f"“{text.strip()[:20]}”不到一分，请核对。")
    amount = int(match["whole"]) * 10**scale + int(part[:scale].ljust(scale, "0"))
    if amount > MOST:
        raise Unread(f"“{text.strip()[:20]}”过大，请核对单位。")
    return amount


def plain_yuan(amount: int) -> str:
    """分写成元，两位小数，不加逗号：还要拿去算的。``amount`` 不为负。"""
    return f"{amount // 100}.{amount % 100:02d}"


def yuan(amount: int) -> str:
    """分写成元：三位一逗号，没有角分的不写小数；单位另写。"""
    whole, rest = divmod(abs(amount), 100)
    return f"{'-' if amount < 0 else ''}{whole:,}{f'.{rest:02d}' if rest else ''}"
