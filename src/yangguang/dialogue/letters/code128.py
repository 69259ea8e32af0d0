"""Code 128 条码：数字成对用 C 码，其余用 B 码。纯函数。

依据 ISO/IEC 15417：每个字符三条三空共十一个单位，末尾的终止符十三个；校验符是加权和除以 103 的余数。
"""

import re

WIDTHS = (
    "212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232 "
    "122132 122231 113222 123122 123221 223211 221132 221231 213212 223112 312131 311222 321122 "
    "321221 312212 322112 322211 212123 212321 232121 111323 131123 131321 112313 132113 132311 "
    "211313 231113 231311 112133 112331 132131 113123 113321 133121 313121 211331 231131 213113 "
    "213311 213131 311123 311321 331121 312113 312311 332111 314111 221411 431111 111224 111422 "
    "121124 121421 141122 141221 112214 112412 122114 122411 142112 142211 241211 221114 413111 "
    "241112 134111 111242 121142 121241 114212 124112 124211 411212 421112 421211 212141 214121 "
    "412121 111143 111341 131141 114113 114311 411113 411311 113141 114131 311141 411131 211412 "
    "211214 211232 2331112"
).split()
"""各个符号的条和空，依次有几个单位宽。"""
_TO_C, _TO_B, _START_B, _START_C, _STOP = 99, 100, 104, 105, 106
QUIET = 10
"""两边各空多少个单位。"""


def symbols(text: str) -> list[int]:
    """``text`` 的各个符号，起始、校验、终止都在内。只收空格到波浪线的可见字符，别的抛出 ``ValueError``。"""
    if not re.fullmatch(r"[ -~]+", text):
        raise ValueError("条码里只能有字母、数字和半角符号。")
    held: list[int] = []
    is_c = False
    at = 0
    while at < len(text):
        digits = re.match(r"\d*", text[at:])
        run = len(digits[0]) if digits else 0
        if run >= 4 or (is_c and run >= 2):
            if not is_c and run % 2:
                held += [_TO_B if is_c else _START_B] if not held else []
                held.append(ord(text[at]) - 32)
                at += 1
                continue
            if not is_c:
                held.append(_TO_C if held else _START_C)
                is_c = True
            held.append(int(text[at : at + 2]))
            at += 2
        else:
            if is_c or not held:
                held.append(_TO_B if held else _START_B)
                is_c = False
            held.append(ord(text[at]) - 32)
            at += 1
    check = (held[0] + sum(place * each for place, each in enumerate(held[1:], 1))) % 103
    return [*held, check, _STOP]


def svg(text: str, height: int = 40) -> str:
    """条码的 SVG，两边留白。"""
    at, bars = QUIET, []
    for symbol in symbols(text):
        for place, width in enumerate(map(int, WIDTHS[symbol])):
            if place % 2 == 0:
                bars.append(f'<rect x="{at}" y="0" width="{width}" height="{height}"/>')
            at += width
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {at + QUIET} {height}" '
        f'preserveAspectRatio="none" width="100%" height="100%">{"".join(bars)}</svg>'
    )
