"""样例的附件：按样例里写的内容做成 txt 或 docx。"""

from io import BytesIO
from typing import Any

from docx import Document

MARK = "演示数据，仅供演示。"


def attachment_content(spec: dict[str, Any]) -> BytesIO:
    """做成一份附件；类型由名字的后缀决定。"""
    if str(spec["name"]).endswith(".txt"):
        lines = [spec["title"], MARK, *spec["lines"]]
        return BytesIO(("\n".join(lines) + "\n").encode())
    document = Document()
    document.core_properties.author = "演示"
    document.core_properties.title = spec["title"]
    document.add_heading(spec["title"], level=1)
    document.add_paragraph(MARK)
    rows: list[list[str]] = spec["rows"]
    table = document.add_table(rows=0, cols=len(rows[0]), style="Table Grid")
    for row in rows:
        for cell, value in zip(table.add_row().cells, row, strict=True):
            cell.text = value
    stream = BytesIO()
    document.save(stream)
    stream.seek(0)
    return stream
