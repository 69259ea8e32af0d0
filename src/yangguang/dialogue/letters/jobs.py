"""签发以后的作业：做 docx 和 PDF。"""

from yangguang.foundation.jobs.registry import job

from .effects import MAKE
from .models import CaseLetter
from .services import make


@job(MAKE)
def make_one(letter: int) -> None:
    """做一份；做过的不再做。"""
    make(CaseLetter.objects.select_related("organisation", "request").get(pk=letter))
