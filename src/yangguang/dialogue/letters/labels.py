"""邮政特快专递的地址签：一批排成 A4 的 PDF，每面八张，带条码。条例第三十三条的答复邮寄须经邮政企业。不碰数据库。"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from yangguang.foundation.typesetting import Printed, pdf_from

from .code128 import svg
from .facts import Office

STYLE = """
@page { size: A4; margin: 12mm 9mm }
body { font: 10.5pt/15pt "Noto Sans CJK SC", sans-serif; margin: 0 }
.sheet { display: flex; flex-wrap: wrap }
.label { box-sizing: border-box; width: 96mm; height: 68mm; border: 0.5pt dashed #999; padding: 4mm;
  break-inside: avoid; overflow: hidden }
.to { font-size: 13pt; line-height: 19pt; height: 26mm }
.from { border-top: 0.5pt solid #999; padding-top: 1.5mm; font-size: 9pt; line-height: 12.5pt }
.bars { height: 11mm; margin-top: 1.5mm } .code { text-align: center; letter-spacing: 1pt; font-size: 9pt }
"""


@dataclass(frozen=True)
class Label:
    """一张地址签。``barcode`` 是邮件号，还没有的用申请编号；``reference`` 是里面装的文书的文号。"""

    name: str
    address: str
    barcode: str
    reference: str
    postcode: str = ""
    telephone: str = ""


def labels_pdf(sender: Office, labels: Sequence[Label]) -> Printed:
    """一批地址签的 PDF。没有地址的、条码里有汉字的抛出 ``ValueError``；没有 Pango 的抛出 ``NoPango``。"""
    if not labels:
        raise ValueError("没有要打印的地址签。")
    if lacking := [label.name for label in labels if not label.address.strip()]:
        raise ValueError(f"没有邮寄地址：{'、'.join(lacking)}。")
    body = "".join(_label(sender, each) for each in labels)
    return pdf_from(
        '<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>地址签</title>'
        f'<style>{STYLE}</style><div class="sheet">{body}</div></html>'
    )


def _label(sender: Office, label: Label) -> str:
    to = (
        f"收件人：{label.name}", label.address,
        "　".join(filter(None, (label.postcode, label.telephone))),
    )  # fmt: skip
    held = (
        f"寄件人：{sender.office or sender.name}　{sender.telephone}",
        f"{sender.address}　{sender.postcode}", f"内件：{label.reference}",
    )  # fmt: skip
    return (
        f'<div class="label"><div class="to">{_lines(to)}</div><div class="from">{_lines(held)}</div>'
        f'<div class="bars">{svg(label.barcode)}</div>'
        f'<div class="code">{escape(label.barcode)}</div></div>'
    )


def _lines(texts: Sequence[str]) -> str:
    return "".join(f"<div>{escape(text)}</div>" for text in texts if text.strip())
