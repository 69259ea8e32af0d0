"""政府公报自动办的：排版。"""

from yangguang.foundation.jobs.registry import job

from .models import GazettePrint
from .services import TYPESET, make_print


@job(TYPESET)
def typeset_one(made: int) -> None:
    """排一份；排好了的不再排。"""
    make_print(GazettePrint.objects.get(pk=made))
