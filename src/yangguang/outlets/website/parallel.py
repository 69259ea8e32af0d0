"""几个进程一起从头烘一个站点。"""

from concurrent.futures import ProcessPoolExecutor
from datetime import date
from multiprocessing import get_context
from pathlib import Path

import django

from yangguang.hub.columns.models import Site

from .baker import Baked, bake_everything, bake_part, sealed
from .frame import Press


def bake_in_parallel(site: Site, as_of: date, out: Path, workers: int) -> Baked:
    """用 ``workers`` 个进程把站点截至 ``as_of`` 的全部页面烘到 ``out`` 下。

    各进程另起解释器、另连数据库；树里的文件与一个进程烘的逐字节相同。
    """
    if workers == 1:
        return bake_everything(Press(site, as_of), out)
    context = get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=context, initializer=django.setup) as pool:
        parts = [pool.submit(_bake, site.pk, as_of, out, n, workers) for n in range(workers)]
        return sealed(site, as_of, out, (part.result() for part in parts))


def _bake(site: int, as_of: date, out: Path, part: int, of: int) -> Baked:
    press = Press(Site.objects.select_related("organisation").get(pk=site), as_of)
    return bake_part(press, out, part, of)
