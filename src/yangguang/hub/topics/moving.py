"""专题随站点的关停迁到接收的站点：内容、条件、地址都跟着走，原地址上写明去处。

迁以前收着的，逐条定为“指定收进”，一条也不少（跟着文件的解读照样跟着）；迁以后照条件收的，只收原来那个
站点的单位的，不会把接收站点自己的也收进来。地址代码、名称与接收站点的专题重了的，加上原来站点的代码、简称，写在经过里。
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.audit.services import record as record_event
from yangguang.foundation.lifecycle.services import note
from yangguang.foundation.organisations.selectors import existing
from yangguang.hub.columns.models import Column, Site
from yangguang.hub.publications.models import Publication
from yangguang.hub.publications.refreshing import refresh

from .models import Topic, TopicChoice, TopicMove
from .rules import free_code, gathers
from .selectors import candidate, codes_of, gathered, gatherings

LONGEST_CODE, LONGEST_NAME = 60, 60


@dataclass(frozen=True)
class Moved:
    """一次迁移：从哪个站点到哪个站点，各栏目到了哪里，各专题的新地址代码。"""

    before: Site
    after: Site
    columns: Mapping[str, Column]
    topics: Mapping[str, str]


Follower = Callable[[Topic, Moved, Actor], str]
"""专题迁走时跟着办的：返回写进经过的一句，没有要说的为空。在同一个事务里调用。"""

_followers: list[Follower] = []


def register_follower(follower: Follower) -> None:
    """登记专题迁走时跟着办的事。"""
    _followers.append(follower)


def hold(site: Site, *, actor: Actor) -> None:
    """迁移内容之前：各专题此刻收着的都定为指定收进。做过的不重做。

    跟着文件进来的解读不定：文件定了，它照样跟着，文件移出了也跟着走。
    """
    for topic in Topic.objects.filter(site=site).select_related("site").order_by("pk"):
        with transaction.atomic():
            known = set(
                TopicChoice.objects.filter(topic=topic).values_list("publication", flat=True)
            )
            now = timezone.now()
            TopicChoice.objects.bulk_create(
                TopicChoice(
                    topic=topic, publication=each, chosen_by_id=actor.user_id, chosen_at=now
                )
                for each in _in_their_own_right(topic)
                if each.pk not in known
            )


def _in_their_own_right(topic: Topic) -> list[Publication]:
    """专题收着的，不算只是跟着文件进来的解读。"""
    rows = gathered(topic)
    condition, codes = gatherings([topic])[topic.pk], codes_of(topic.site, rows)
    return [row for row in rows if gathers(condition, candidate(row, codes[row.pk]))]


def move_topics(site: Site, columns: Mapping[str, Column], *, actor: Actor) -> int:
    """内容迁完以后，把站点的专题都迁到接收的站点，返回迁了几个。每个一个事务，断了再来接着迁。

    ``columns`` 是原来各栏目（代码）相当于接收站点的哪个栏目。
    """
    heir = site.successor
    if heir is None:
        return 0
    topics = list(Topic.objects.filter(site=site).order_by("pk"))
    for topic in topics:
        with transaction.atomic():
            _move(topic, site, heir, columns, actor)
    return len(topics)


def _move(
    topic: Topic, site: Site, heir: Site, columns: Mapping[str, Column], actor: Actor
) -> None:
    current = Topic.objects.select_for_update(of=("self",)).get(pk=topic.pk)
    if current.site_id != site.pk:
        return
    code, name = current.code, current.name
    _settle_name(current, site, heir)
    current.site, current.organisation = heir, heir.organisation
    TopicMove.objects.create(topic=current, site=site, code=code, moved_at=timezone.now())
    current.save(update_fields=["site", "organisation", "code", "name", "updated_at"])
    kept = current.columns.filter(site=site)
    current.columns.set({columns[each.code].pk for each in kept if each.code in columns})
    if not current.organisations.exists():
        # 条件照旧，只管原来这个站点的单位：接收站点自己的信息不该进来
        current.organisations.set(existing().filter(path__startswith=site.organisation.path))
    addresses = _new_codes(site, heir)
    moved = Moved(site, heir, columns, addresses)
    told = [f"由{site.name}网站迁来。"]
    if current.code != code:
        told.append(f"地址代码 {code} 这里已经用了，改为 {current.code}。")
    if current.name != name:
        told.append(f"名称“{name}”这里已经有了，改为“{current.name}”。")
    told += filter(None, (follow(current, moved, actor) for follow in _followers))
    note(
        current, "relocate", "迁移", actor=actor, key=f"topic-moved:{current.pk}:{site.pk}",
        message="".join(told),
    )  # fmt: skip
    record_event(
        "topics.relocate", actor=actor, target=current, fields=("site", "code", "name"),
        public={"from": site.code, "site": heir.code, "code": current.code},
    )  # fmt: skip
    refresh(current.data_key)


def _new_codes(site: Site, heir: Site) -> dict[str, str]:
    """各专题的新地址代码：迁走了的，和还没有迁、将要用的。"""
    taken = frozenset(Topic.objects.filter(site=heir).values_list("code", flat=True))
    waiting = Topic.objects.filter(site=site).values_list("code", flat=True)
    gone = TopicMove.objects.filter(site=site).values_list("code", "topic__code")
    return {code: _new_code(code, site, taken) for code in waiting} | dict(gone)


def _new_code(code: str, site: Site, taken: frozenset[str]) -> str:
    if code not in taken:
        return code
    own = f"{code}-{site.code}"
    return own if own not in taken and len(own) <= LONGEST_CODE else free_code(taken)


def _settle_name(topic: Topic, site: Site, heir: Site) -> None:
    """地址代码、名称在接收的站点重了的另起。"""
    there = Topic.objects.filter(site=heir)
    topic.code = _new_code(topic.code, site, frozenset(there.values_list("code", flat=True)))
    names = frozenset(there.values_list("name", flat=True))
    number, name = 1, topic.name
    while topic.name in names:
        tail = f"（{site.short_name}）" if number == 1 else f"（{site.short_name}{number}）"
        topic.name = name[: LONGEST_NAME - len(tail)] + tail
        number += 1
