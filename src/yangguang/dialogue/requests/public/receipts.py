"""收件回执：排成 PDF，供申请人存下、打印。"""

from django.template.loader import render_to_string

from yangguang.foundation.typesetting import pdf_from

from ..models import DisclosureRequest


def receipt_pdf(request: DisclosureRequest, code: str, office: object) -> bytes:
    """一页 A4。没有装 Pango 的抛出 ``NoPango``。"""
    context = {"case": request, "code": code, "office": office}
    page = render_to_string("requests/receipt_print.html", context, using="jinja2")
    return pdf_from(page).content
