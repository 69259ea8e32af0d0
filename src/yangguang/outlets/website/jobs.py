"""跟随者：有变更就落实到静态树；隔一会儿看看日子、模板、栏目和机构变了没有。"""

from yangguang.foundation.jobs.registry import follow

from .patrol import patrol
from .projector import catch_up, has_work


@follow("website.catch_up", every=1.0)
def catch_up_with_changes() -> None:
    """落实新的变更；没有就什么也不做。"""
    if has_work():
        catch_up()


@follow("website.renew", every=15.0)
def renew() -> None:
    """日子、模板、站点、栏目、机构变了，该重烘的重烘；上一趟没烘成的再试。"""
    catch_up()


@follow("website.patrol", every=20.0, apart=True)
def walk_the_beat() -> None:
    """巡查一轮。走一遍大的树要好几秒，所以另在一个进程里，不耽误跟进。"""
    patrol()
