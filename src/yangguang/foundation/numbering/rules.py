"""编号：纯规则，不碰数据库、时钟和配置。"""

import re

USCC = re.compile(r"[0-9A-HJ-NPQRTUWXY]{18}")


def format_index_number(uscc: str, year: int, n: int) -> str:
    """索引号：``统一社会信用代码/年份-五位流水``，每个机构每年一列，超过五位不截断。

    代码不足 18 位或流水号不是正数时抛出 ``ValueError``。
    """
    if not USCC.fullmatch(uscc):
        raise ValueError(f"统一社会信用代码应为 18 位数字或大写字母，现为“{uscc}”。")
    return f"{uscc}/{_year(year)}-{_positive(n):05d}"


def format_document_number(prefix: str, year: int, n: int) -> str:
    """发文字号：``机关代字〔年份〕N号``。序号不编虚位、不加“第”（GB/T 9704—2012）。"""
    if not prefix.strip():
        raise ValueError("发文字号缺少机关代字。")
    return f"{prefix.strip()}〔{_year(year)}〕{_positive(n)}号"


def _year(year: int) -> int:
    if not 1949 <= year <= 9999:
        raise ValueError(f"年份应为四位数，现为 {year}。")
    return year


def _positive(n: int) -> int:
    if n < 1:
        raise ValueError(f"序号从 1 起，现为 {n}。")
    return n
