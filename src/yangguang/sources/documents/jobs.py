"""公文自动办的：排成 PDF。"""

from datetime import timedelta

from yangguang.foundation.jobs.registry import job

from .models import DocumentPrint
from .prints import TYPESET, make_print


@job(TYPESET, retries=2, timeout=timedelta(minutes=10))
def typeset_one(made: int) -> None:
    """排一份；排好了的不再排。"""
    make_print(DocumentPrint.objects.get(pk=made))
