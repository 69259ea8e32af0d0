"""边写边提示：机构的名称、信息的题名和文号。只提示现在公开的。"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from yangguang.hub.columns.models import Site
from yangguang.hub.search.engine import Filters
from yangguang.hub.search.rules import number_form, parse, squeeze
from yangguang.hub.search.selectors import titled
from yangguang.outlets.website.frame import Press

from .results import address

MOST = 8
MOST_UNITS = 3
SHORTEST = 2
"""写到这么多字才提示。"""


@dataclass(frozen=True)
class Suggestion:
    """一条提示：文字、是什么（题名不必说）、去哪里。"""

    text: str
    kind: str
    href: str


Units = tuple[tuple[tuple[str, ...], Suggestion], ...]
"""各机构整理过的名称，和它的提示。"""


def units(press: Press) -> Units:
    """站点范围内的机构。一次查询。"""
    return tuple(
        (
            tuple({squeeze(unit.name), squeeze(unit.short_name)}),
            Suggestion(unit.name, "机构", press.organisation_url(unit)),
        )
        for unit in press.organisations
    )


def suggestions(text: str, press: Press, known: Units, sites: list[Site]) -> list[dict[str, Any]]:
    """给 ``text`` 的提示。至多一次查询。"""
    query = parse(text)
    whole = "".join(query.words)
    if len(whole) < SHORTEST or query.excluded:
        return []
    found = [*_units(whole, known), *_titles(text, press, sites)]
    return [asdict(each) for each in found[:MOST]]


def _units(whole: str, known: Units) -> Iterator[Suggestion]:
    """名称里有所写的机构，名称短的在前。"""
    held = (each for names, each in known if any(whole in name for name in names))
    yield from sorted(held, key=lambda each: len(each.text))[:MOST_UNITS]


def _titles(text: str, press: Press, sites: list[Site]) -> Iterator[Suggestion]:
    whole, form = squeeze(text), number_form(text)
    by_code = {site.code: site for site in sites}
    for entry in titled(text, Filters(site=press.site.code), MOST):
        number = entry.document_number
        same = number_form(number)
        by_number = whole in squeeze(number) or (form and same and form.key == same.key)
        shown = f"{number}　{entry.title}" if number and by_number else entry.title
        yield Suggestion(
            shown, "文号" if number and by_number else "", address(press, by_code, entry)
        )
