"""列表的序号由变更日志定：每一次列入占一个序号，先后照日志，与落实得早晚、断过几次无关。

落实得晚，轮到它时也许已经撤回：序号照占，条目不记，与及时落实再撤下的一样。所以账没有了、栏目的树变了，
照日志从头再数一遍，每一条都回到该在的那一页。专题例外：编辑随时改它的条件，日志里没有当时的条件，
它的序号只照账上的。
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from django.db.models import F, QuerySet

from yangguang.foundation.organisations.models import Organisation
from yangguang.foundation.theme.formats import local
from yangguang.hub.publications.models import Change, Placement, Publication
from yangguang.hub.publications.rules import SITE, Standing, relocated

from .frame import Press
from .models import Cursor, ListEntry, PublicList
from .placing import enter, lists_of, next_place, pages_of, strike, years_turned
from .rules import ListKey, pages_touched_by_item, pages_touched_by_placing
from .sheets import PageRef

MOVING = (
    Change.Action.PUBLISH, Change.Action.WITHDRAW, Change.Action.SHARE, Change.Action.UNSHARE,
    Change.Action.MOVE, Change.Action.RELOCATE,
)  # fmt: skip
"""会让信息进出列表的变更。"""
ENTERING = frozenset(
    {Change.Action.PUBLISH, Change.Action.SHARE, Change.Action.MOVE, Change.Action.RELOCATE}
)
CHUNK = 2_000

Place = tuple[int, ListKey]
"""哪个站点的哪个列表。"""
Places = frozenset[Place]


def number(presses: Mapping[int, Press], changes: Iterable[Change]) -> dict[int, set[PageRef]]:
    """照日志的次序给这些变更列入的占下序号，返回各站点要重烘的页。

    只能做一遍，须与 ``Cursor.numbered`` 的推进在同一个事务里。
    """
    touched: dict[int, set[PageRef]] = defaultdict(set)
    lists = Lists(presses)
    for change in changes:
        publication = change.publication
        if change.action not in ENTERING or publication is None:
            continue
        course = Course.of(publication, lists)
        for site, key in sorted(course.entered(change), key=str):
            refs = _enter(presses[site], key, publication, course.stays((site, key), change))
            touched[site] |= refs
    return touched


def _enter(press: Press, key: ListKey, publication: Publication, stays: bool) -> set[PageRef]:
    """占下一个序号；``stays`` 为真才记下条目，从前的那一条换掉。"""
    public_list = next_place(press, key)
    refs = pages_of(key, pages_touched_by_placing(public_list.placed))
    if not stays:
        return refs
    for entry in public_list.entries.filter(publication=publication):
        refs |= pages_of(key, pages_touched_by_item(entry.ordinal, public_list.placed))
        strike(entry)
    enter(public_list, publication)
    return refs | years_turned(press, key, live=1)


class Lists:
    """信息在某处的样子，对应各站点的哪些列表。算过的记着，用完就丢。"""

    def __init__(self, presses: Mapping[int, Press]) -> None:
        self.presses = {press.site.code: press for press in presses.values()}
        self._of = cache(self._lists)

    def of(self, standing: Standing, organisation: Organisation, year: int) -> Places:
        """公众此刻在哪些列表里看得到它。"""
        found: set[Place] = set()
        for site, columns in standing.shown.items():
            found |= self._of(site, columns, organisation, year)
        return frozenset(found)

    def _lists(
        self, site: str, columns: tuple[str, ...], organisation: Organisation, year: int
    ) -> Places:
        press = self.presses.get(site)
        if press is None:
            return frozenset()
        keys = lists_of(press, columns, organisation, year)
        return frozenset((press.site.pk, key) for key in keys)


@dataclass
class Course:
    """一条信息在日志里走过的路。"""

    steps: list[tuple[int, Places, Places]]
    """每一笔：变更的编号，之前、之后在哪些列表里。"""

    @classmethod
    def of(cls, publication: Publication, lists: Lists) -> "Course":
        """读出它的全部变更，还没有封存的也算。"""
        year = local(publication.published_at).year
        standing, before, steps = Standing(), Places(), []
        moves = sorted(
            (change for change in publication.changes.all() if change.action in MOVING),
            key=lambda change: change.pk,
        )
        left = (change.key for change in moves if change.action == Change.Action.RELOCATE)
        own = _left(next(left, "")) or publication.site.code
        for change in moves:
            site = change.key.removeprefix(SITE) or own
            columns = _columns(change.action, change.columns, publication.pk, site)
            standing = standing.after(change.action, site, columns)
            if change.action == Change.Action.RELOCATE:
                own = relocated(site)[1]
            after = lists.of(standing, publication.organisation, year)
            steps.append((change.pk, before, after))
            before = after
        return cls(steps)

    def entered(self, change: Change) -> Places:
        """这一笔列入了哪些列表。"""
        return next(
            (after - before for pk, before, after in self.steps if pk == change.pk), Places()
        )

    def stays(self, place: Place, change: Change) -> bool:
        """由这一笔列入以后，再没有出来过。"""
        return all(place in after for pk, _, after in self.steps if pk >= change.pk)


def _left(key: str) -> str:
    """迁移的键里，原来在哪个站点；不是迁移的为空串。"""
    return relocated(key.removeprefix(SITE))[0]


def _columns(action: str, logged: Sequence[str], publication: int, site: str) -> Sequence[str]:
    """列入了哪些栏目。日志里没有写的（还没有这一项时记下的），照现在的。"""
    if logged or action not in ENTERING:
        return logged
    rows = Placement.objects.filter(publication=publication, column__site__code=site)
    codes = rows.order_by("-is_primary", "column__path").values_list("column__code", flat=True)
    return list(codes)


# ---- 从头再数 ----


@dataclass
class Numbered:
    """照日志数出来的一个列表：列入过多少条，现在的各条（信息的编号）各是几号。"""

    placed: int = 0
    ordinals: dict[int, int] = field(default_factory=dict)


Books = dict[Place, Numbered]


def counted(presses: Mapping[int, Press]) -> Books:
    """照日志从头数到 ``Cursor.numbered``；此后的变更只看谁已经出了列表。不看也不改账。"""
    until = Cursor.objects.values_list("numbered", flat=True).first() or 0
    lists, books = Lists(presses), defaultdict[Place, Numbered](Numbered)
    facts = {
        pk: (site, organisation, local(published_at).year)
        for pk, site, organisation, published_at in Publication.objects.values_list(
            "pk", "site__code", "organisation", "published_at"
        ).iterator(CHUNK)
    }
    organisations = Organisation.objects.in_bulk()
    # 迁移过的，起初在第一次迁移离开的站点
    began = {
        pk: _left(key)
        for pk, key in Change.objects.filter(action=Change.Action.RELOCATE)
        .order_by("-pk")
        .values_list("publication", "key")
    }
    standings: dict[int, tuple[Standing, Places]] = {}
    for pk, action, key, columns, sequence in _moves():
        site, organisation, year = facts[pk]
        site = key.removeprefix(SITE) or began.get(pk, site)
        standing, before = standings.get(pk, (Standing(), Places()))
        standing = standing.after(action, site, _columns(action, columns, pk, site))
        if action == Change.Action.RELOCATE:
            began[pk] = relocated(site)[1]
        after = lists.of(standing, organisations[organisation], year)
        standings[pk] = standing, after
        for place in before - after:
            books[place].ordinals.pop(pk, None)
        if sequence is not None and sequence <= until:
            for place in after - before:
                books[place].ordinals[pk] = books[place].placed
                books[place].placed += 1
    return books


def _moves() -> Iterator[tuple[int, str, str, list[str], int | None]]:
    """让信息进出列表的变更，先后照日志，没有封存的在后。"""
    return (
        Change.objects.filter(action__in=MOVING)
        .order_by(F("seal__sequence").asc(nulls_last=True), "pk")
        .values_list("publication", "action", "key", "columns", "seal__sequence")
        .iterator(CHUNK)
    )


def _entered() -> Books:
    """账上的，专题除外。"""
    books: Books = {
        (site, ListKey.parse(key)): Numbered(placed)
        for site, key, placed in _numbered_lists().values_list("site", "key", "placed")
    }
    rows = ListEntry.objects.filter(public_list__in=_numbered_lists())
    for site, key, publication, ordinal in rows.values_list(
        "public_list__site", "public_list__key", "publication", "ordinal"
    ).iterator(CHUNK):
        books[site, ListKey.parse(key)].ordinals[publication] = ordinal
    return books


def _numbered_lists() -> QuerySet[PublicList]:
    return PublicList.objects.exclude(key__startswith="topic:")


def put_right(books: Books) -> None:
    """账上与照日志数出来的不符的列表，换成数出来的。须在事务里。"""
    entered = _entered()
    for place in books.keys() | entered.keys():
        wanted = books.get(place, Numbered())
        if entered.get(place) == wanted:
            continue
        site, key = place
        public_list, _ = PublicList.objects.update_or_create(
            site_id=site, key=str(key),
            defaults={"placed": wanted.placed, "live": len(wanted.ordinals)},
        )  # fmt: skip
        public_list.entries.all().delete()
        ListEntry.objects.bulk_create(
            (
                ListEntry(public_list=public_list, publication_id=publication, ordinal=ordinal)
                for publication, ordinal in wanted.ordinals.items()
            ),
            batch_size=CHUNK,
        )


def faults(presses: Mapping[int, Press]) -> Iterator[str]:
    """账上与照日志数出来的不符的列表，每个一句。还没落实的变更动过的信息不算。"""
    until = Cursor.objects.values_list("numbered", flat=True).first() or 0
    pending = set(
        Change.objects.exclude(seal__sequence__lte=until)
        .exclude(publication=None)
        .values_list("publication", flat=True)
    )
    books, entered = counted(presses), _entered()
    for site, key in sorted(books.keys() | entered.keys(), key=str):
        own, kept = books.get((site, key), Numbered()), entered.get((site, key), Numbered())
        differing = {publication for publication, _ in own.ordinals.items() ^ kept.ordinals.items()}
        if own.placed != kept.placed or differing - pending:
            yield f"{presses[site].site.name}的列表“{key}”与变更日志不符。"
