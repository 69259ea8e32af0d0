"""站外链接：从烘好的页面收集，夜里一批一批去查，记下结果。网络上的事不在事务里。"""

import time
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from yangguang.hub.columns.models import Site
from yangguang.outlets.website.baker import tree_of
from yangguang.outlets.website.frame import HOME
from yangguang.outlets.website.models import BakedPage, Cursor
from yangguang.outlets.website.rules import file_of
from yangguang.outlets.website.writer import Tree

from .models import ExternalLink, LinkNight, LinkPlace, LinkScan
from .probing import Answer, probe
from .rules import host_of, is_elsewhere, is_offline, links_in

BATCH = 500
TURN = 60
"""一批最多查多少个地址：都慢，也只占作业进程两分钟。"""
PER_HOST = 4
"""一批里一个网站最多查几个：一个很慢的网站占不了太久。"""
PAUSE_SECONDS = 2.0
"""对同一个网站，查完一个歇几秒再查下一个。"""
AT_A_TIME = 8
"""同时查几个网站。"""
RESTED = timedelta(days=6)
"""打得开的，隔这么久再查；打不开的夜夜查。"""


def gather(site: Site) -> int:
    """收集一个站点的页面上的站外链接，只看上次收集以后烘过的页；返回看了几页。

    收集的进度最后才记，断了重来无害。
    """
    cursor = Cursor.objects.first() or Cursor()
    scan, _ = LinkScan.objects.get_or_create(site=site)
    own = own_hosts()
    pages = BakedPage.objects.filter(site=site, baked__gt=scan.generation).filter(
        Q(path__endswith="/") | Q(path__endswith=".html")
    )
    tree, count, last = tree_of(site), 0, 0
    while batch := list(pages.filter(pk__gt=last).order_by("pk")[:BATCH]):
        found = {page.pk: _links_on(tree, page, own) for page in batch}
        with transaction.atomic():
            _replace(site, found)
        count, last = count + len(batch), batch[-1].pk
    ExternalLink.objects.filter(site=site, places=None).delete()
    LinkScan.objects.filter(pk=scan.pk).update(generation=cursor.generation)
    return count


def own_hosts() -> frozenset[str]:
    """本平台各站点的主机名。一次查询。"""
    sites = Site.objects.values_list("domain", "other_hosts")
    return frozenset(host for domain, others in sites for host in (domain, *others))


def _links_on(tree: Tree, page: BakedPage, own: frozenset[str]) -> list[str]:
    """一页上的站外链接；现在没有文件的页没有。首页连同页眉页脚，那是各页共用的。"""
    if not page.sha256:
        return []
    try:
        text = (tree.root / file_of(page.path)).read_text("utf-8", "replace")
    except OSError:
        return []
    every = links_in(text, with_frame=page.path == HOME)
    return [url for url in every if is_elsewhere(url, own)]


def _replace(site: Site, found: Mapping[int, Sequence[str]]) -> None:
    """这些页（编号）上现在有哪些链接。"""
    LinkPlace.objects.filter(page__in=found).delete()
    urls = {url for every in found.values() for url in every}
    if not urls:
        return
    ExternalLink.objects.bulk_create(
        [ExternalLink(site=site, url=url) for url in sorted(urls)], ignore_conflicts=True
    )
    known = dict(ExternalLink.objects.filter(site=site, url__in=urls).values_list("url", "pk"))
    LinkPlace.objects.bulk_create(
        [
            LinkPlace(link_id=known[url], page_id=page)
            for page, every in found.items()
            for url in every
        ]
    )


def begin_night(now: datetime) -> None:
    """开始一夜。"""
    LinkNight.objects.update_or_create(
        pk=1, defaults={"began_at": now, "ended_at": None, "checked": 0, "is_offline": False}
    )


def check_some(night: datetime) -> bool:
    """查一批 ``night`` 起还没有查过的；返回后面还有没有。本机连不到外网的，什么也不记，今夜不再查。"""
    due = _due(night)
    answers = _asked(due) if due else {}
    offline = is_offline([(host_of(link.url), answers[link.pk].fault) for link in due])
    more = bool(due) and not offline
    with transaction.atomic():
        if not offline:
            _record(due, answers)
        tonight = LinkNight.objects.select_for_update().get(pk=1)
        tonight.checked += 0 if offline else len(due)
        tonight.is_offline = offline
        tonight.ended_at = None if more else timezone.now()
        tonight.save()
    return more


def _due(night: datetime) -> list[ExternalLink]:
    """该查的一批：没有查过的在前，一个网站不超过 ``PER_HOST`` 个。"""
    stale = Q(checked_at=None) | Q(checked_at__lt=night) & ~Q(fault="")
    stale |= Q(checked_at__lt=night - RESTED)
    taken: dict[str, int] = defaultdict(int)
    found: list[ExternalLink] = []
    waiting = ExternalLink.objects.filter(stale).select_related("site")
    for link in waiting.order_by("checked_at", "pk").iterator():
        host = host_of(link.url)
        if taken[host] < PER_HOST:
            taken[host] += 1
            found.append(link)
        if len(found) == TURN:
            break
    return found


def _asked(links: Iterable[ExternalLink]) -> dict[int, Answer]:
    """逐个网站去问，同一个网站一个接一个。"""
    by_host: dict[str, list[ExternalLink]] = defaultdict(list)
    for link in links:
        by_host[host_of(link.url)].append(link)
    with ThreadPoolExecutor(AT_A_TIME) as pool:
        found = pool.map(_ask_one_host, by_host.values())
        return {pk: answer for each in found for pk, answer in each}


def _ask_one_host(links: Sequence[ExternalLink]) -> list[tuple[int, Answer]]:
    found = []
    for number, link in enumerate(links):
        if number:
            time.sleep(PAUSE_SECONDS)
        found.append((link.pk, probe(link.url, agent_of(link.site))))
    return found


def agent_of(site: Site) -> str:
    """去问的时候报的名：写明是哪个网站在查链接。"""
    return f"Yangguang-links/1 (+https://{site.domain}/)"


def _record(links: Iterable[ExternalLink], answers: Mapping[int, Answer]) -> None:
    now = timezone.now()
    changed = []
    for link in links:
        answer = answers[link.pk]
        link.fault, link.status, link.checked_at = answer.fault, answer.status, now
        link.nights = link.nights + 1 if answer.fault else 0
        link.failing_since = (link.failing_since or now) if answer.fault else None
        changed.append(link)
    fields = ["fault", "status", "checked_at", "nights", "failing_since"]
    ExternalLink.objects.bulk_update(changed, fields, batch_size=100)
