"""文书的文号：``{机关代字}公开{补、延、征、收、复……}〔年〕序号号``，每年每一类别字连续。纯函数。"""

from yangguang.foundation.numbering.rules import format_document_number

from .kinds import Kind


def series(kind: Kind, agency_code: str) -> str:
    """一列文号的字头；不编号的抛出 ``ValueError``。"""
    if not kind.series:
        raise ValueError(f"《{kind.title}》不编文号。")
    return f"{agency_code}公开{kind.series}"


def numbered(kind: Kind, agency_code: str, year: int, n: int) -> str:
    """一份文书的文号。"""
    return format_document_number(series(kind, agency_code), year, n)
