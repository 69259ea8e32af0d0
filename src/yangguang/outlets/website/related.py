"""一条信息的页面上，与它互链的：所解读的文件，对它的解读，刊登它的各期公报和同一期里前后各一篇。"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from yangguang.foundation.theme.chrome import Link
from yangguang.hub.publications.linking import INTERPRETS, PRINTS, printed_by
from yangguang.hub.publications.models import Publication, PublicationLink
from yangguang.hub.publications.selectors import path_of

from .frame import Press

Contents = Mapping[int, Sequence[Publication]]
"""各期公报（信息的编号）刊登的各篇。"""


@dataclass(frozen=True)
class PrintedIn:
    """刊登这一条的一期公报，和同一期里它前后各一篇的地址；到头的为空。"""

    issue: Link
    earlier: str
    later: str


@dataclass(frozen=True)
class Related:
    """与一条信息互链的：所解读的，对它的解读，刊登它的。"""

    interprets: list[Link]
    interpretations: list[Link]
    printed_in: list[PrintedIn]


def contents_of(links: Sequence[PublicationLink]) -> Contents:
    """互链里的各期公报都刊登了什么。有公报的一次查询。"""
    issues = {link.source_id for link in links if link.relation == PRINTS}
    return printed_by(issues) if issues else {}


def beside(
    press: Press, publication: Publication, links: Sequence[PublicationLink], contents: Contents
) -> Related:
    """与这一条互链的。不查询。"""
    out = [e for e in links if e.source_id == publication.pk]
    into = [e for e in links if e.target_id == publication.pk]
    return Related(
        _linked(press, (e.target for e in out if e.relation == INTERPRETS)),
        _linked(press, (e.source for e in into if e.relation == INTERPRETS)),
        [
            _printed(press, publication, e.source, contents[e.source_id])
            for e in into
            if e.relation == PRINTS
        ],
    )


def _linked(press: Press, found: Iterable[Publication]) -> list[Link]:
    """互链的另一头：现在的标题和原件的地址。"""
    return [Link(each.title, _href(press, each)) for each in found]


def _printed(
    press: Press, publication: Publication, issue: Publication, contents: Sequence[Publication]
) -> PrintedIn:
    """前后各一篇照印出的次序，只写地址：其中撤回了的，那个地址上有说明。"""
    here = contents.index(publication)
    earlier, later = contents[:here][-1:], contents[here + 1 :][:1]
    return PrintedIn(
        Link(issue.title, _href(press, issue)),
        "".join(_href(press, each) for each in earlier),
        "".join(_href(press, each) for each in later),
    )


def _href(press: Press, publication: Publication) -> str:
    return press.across(publication.site, path_of(publication))
