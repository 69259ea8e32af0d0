"""遮盖处理自动办的：做页数多的遮盖件。"""

from yangguang.foundation.jobs.registry import job

from .services import MAKE, make_ordered


@job(MAKE, retries=2)
def make_redaction(redaction: int) -> None:
    """做一份；做过的不再做。"""
    make_ordered(redaction)
