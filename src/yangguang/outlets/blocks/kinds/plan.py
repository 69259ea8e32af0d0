"""方案进度块。"""

from collections.abc import Mapping
from typing import Any

from yangguang.hub.publications.kinds import all_kinds
from yangguang.hub.publications.selectors import newest, newest_above
from yangguang.outlets.website.listings import unit_part
from yangguang.outlets.website.placing import kind_key
from yangguang.outlets.website.records import reading

from .base import Arranging, BlockKind, Shown


class PlanProgress(BlockKind):
    """方案做到哪一步，一行：另有一小块的种类（任务台账）最新的一条。

    方案在上级站点的，换成本站主办单位承担的那几份做到哪一步。
    """

    code = "plan"
    label = "方案进度"
    help = "工作方案的任务做到哪一步：按期、逾期、进行中各几项，由平台的记录算出。"
    fields = ()
    most = 1
    may_stand_beside = False

    def show(self, page: Arranging, values: Mapping[str, Any]) -> Shown:
        """没有公开的方案，不印；有了就重烘。"""
        press = page.press
        pieces: list[str] = []
        keys: set[str] = set()
        for kind in (each for each in all_kinds() if each.teaser):
            keys.add(kind_key(kind.code))
            publication = newest(press.site, kind.code)
            if publication is None or publication.current_version is None:
                own = press.site.organisation
                above = newest_above(press.site, kind.code) if kind.unit_teaser else None
                part, used = unit_part(press, own, kind, kind.unit_teaser, above)
                pieces.append(part)
                keys |= used
                continue
            payload = publication.current_version.payload
            read, used = reading(press, kind, payload)
            keys |= used
            pieces.append(
                press.render(
                    kind.teaser, None, payload=payload, href=press.href(publication),
                    **kind.page_context(payload, read),
                ).decode()
            )  # fmt: skip
        return Shown("".join(pieces), frozenset(keys))
