"""机构：纯规则，不碰数据库、时钟和配置。"""

import hashlib
import re

from stdnum.cn import uscc as _uscc

# 演示代码：登记管理部门、机构类别照机关，区划写不存在的 000000，主体标识码以 DEM 开头。
DEMONSTRATION_PREFIX = "11000000DEM"
_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC = re.compile(f"[{_ALPHABET}]{{2}}[0-9]{{6}}[{_ALPHABET}]{{10}}")


def uscc_is_valid(code: str) -> bool:
    """统一社会信用代码是否合格：18 位，第三至八位是数字，校验位正确（GB 32100-2015）。

    只认规范写法：大写，中间没有空格和连字符。前两位可以是字母（如农村集体经济组织的 N）。
    """
    if not _USCC.fullmatch(code):
        return False
    return code[-1] == _uscc.calc_check_digit(code[:17])


def demonstration_uscc(seed: str) -> str:
    """由 ``seed`` 得出一个演示用的统一社会信用代码：一望而知是演示，校验位正确，同一种子同一代码。"""
    number = int.from_bytes(hashlib.sha256(seed.encode()).digest()[:8], "big")
    body = ""
    for _ in range(6):
        number, place = divmod(number, len(_ALPHABET))
        body += _ALPHABET[place]
    stem = DEMONSTRATION_PREFIX + body
    return stem + _uscc.calc_check_digit(stem)
