"""关停的站点的内容逐条迁到接收的站点，专题随后。"""

from collections.abc import Mapping

from yangguang.foundation.accounts.rules import Actor
from yangguang.hub.columns.models import Column, Site
from yangguang.hub.columns.selectors import columns_of, open_columns
from yangguang.hub.publications.models import Publication, Share
from yangguang.hub.publications.relocating import relocate
from yangguang.hub.publications.selectors import columns_on
from yangguang.hub.publications.sharing import unshare
from yangguang.hub.topics.moving import hold, move_topics

CHUNK = 200


def move_content(site: Site, fallback: Column, *, actor: Actor) -> int:
    """把站点的原件都迁到接收的站点，停下它转发的，返回办了几条。

    放进代码相同的栏目；没有的放进承担同一项法定内容的；再没有的放进 ``fallback``。每条一个事务，
    断了再来接着办。专题此刻收着的先记下，内容迁完以后专题再迁。
    """
    heir = site.successor
    if site.state != "moving" or heir is None:
        return 0
    offered = list(open_columns(heir).select_related("site__organisation"))
    by_code = {column.code: column for column in offered}
    by_content: dict[str, Column] = {}
    for column in offered:
        if column.statutory_content:
            by_content.setdefault(column.statutory_content, column)
    reason = f"{site.name}网站关停"
    hold(site, actor=actor)
    count = 0
    own = Publication.objects.filter(site=site).order_by("pk")
    while batch := list(own[:CHUNK]):
        for publication in batch:
            wanted = [
                _counterpart(column, by_code, by_content, fallback)
                for column in columns_on(publication, site)
            ]
            columns = list(dict.fromkeys(wanted)) or [fallback]
            relocate(publication, columns, actor=actor, reason=reason)
        count += len(batch)
    shared = Share.objects.filter(site=site, ended_at=None).select_related("publication")
    while shares := list(shared.order_by("pk")[:CHUNK]):
        for share in shares:
            unshare(share.publication, site, actor=actor, reason=reason)
        count += len(shares)
    counterparts = {
        column.code: _counterpart(column, by_code, by_content, fallback)
        for column in columns_of(site)
    }
    return count + move_topics(site, counterparts, actor=actor)


def _counterpart(
    column: Column,
    by_code: Mapping[str, Column],
    by_content: Mapping[str, Column],
    fallback: Column,
) -> Column:
    """接收的站点里与它相当的栏目。"""
    content = column.statutory_content
    return by_code.get(column.code) or (by_content.get(content) if content else None) or fallback
