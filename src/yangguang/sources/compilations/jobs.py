"""文件汇编自动办的：排版，随所收的文件更新。"""

from yangguang.foundation.jobs.registry import follow, job

from .models import Made
from .services import TYPESET, make, renew_all


@job(TYPESET)
def typeset_one(made: int) -> None:
    """排一份；排好了的、内容又变了去掉了的不再排。"""
    for wanted in Made.objects.filter(pk=made):
        make(wanted)


@follow("compilations.renew", every=5.0)
def keep_up() -> None:
    """所收的文件变了的汇编，随之更新；没有新的变更什么也不做。"""
    renew_all()
