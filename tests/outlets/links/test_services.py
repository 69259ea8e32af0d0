"""收集和查：只看变了的页；连着两夜打不开才列出；本机连不到外网不冤枉别人；只列给管站点的人。"""

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests.outlets.website.conftest import Desk
from yangguang.foundation.jobs.models import Job
from yangguang.outlets.links import services
from yangguang.outlets.links.jobs import begin, check
from yangguang.outlets.links.models import ExternalLink, LinkPlace
from yangguang.outlets.links.probing import Answer
from yangguang.outlets.links.selectors import dead_links, health_warnings, last_night
from yangguang.outlets.links.services import begin_night, check_some, gather

from .conftest import Answers, Write

pytestmark = pytest.mark.django_db
GONE = Answer("missing", 404)


def urls() -> set[str]:
    return set(ExternalLink.objects.values_list("url", flat=True))


def night(desk: Desk, after: timedelta = timedelta()) -> datetime:
    """过一夜：收集、查完。``after`` 是离上一夜多久。"""
    if after:
        for link in ExternalLink.objects.exclude(checked_at=None):
            assert link.checked_at is not None
            ExternalLink.objects.filter(pk=link.pk).update(checked_at=link.checked_at - after)
    now = timezone.now()
    gather(desk.site)
    begin_night(now)
    while check_some(now):
        pass
    return now


def dead(desk: Desk) -> list[str]:
    return [link.url for link in dead_links(desk.actor)]


def test_only_pages_baked_since_are_looked_at_and_a_link_no_page_has_is_forgotten(
    desk: Desk, write: Write
) -> None:
    write("https://a.example/one", "https://b.example/#部分", "/topics/")
    everything = gather(desk.site)
    assert everything > 5 and gather(desk.site) == 0
    assert {"https://a.example/one", "https://b.example/"} <= urls()
    assert not any("donghe.example" in url for url in urls()), "自己的域名不算站外"
    (place,) = LinkPlace.objects.filter(link__url="https://a.example/one")
    assert place.page.path == "/"
    write("https://b.example/")
    assert 0 < gather(desk.site) < everything
    assert "https://a.example/one" not in urls() and "https://b.example/" in urls()


def test_a_link_is_listed_after_two_nights_and_leaves_once_it_opens_again(
    desk: Desk, write: Write, answers: Answers
) -> None:
    write("https://a.example/one", "https://b.example/")
    answers["https://a.example/one"] = GONE
    first = night(desk)
    assert dead(desk) == [], "一夜打不开，可能是一时的"
    night(desk, timedelta(days=1))
    assert dead(desk) == ["https://a.example/one"]
    (link,) = dead_links(desk.actor)
    assert (link.fault, link.status, link.nights) == ("missing", 404, 2)
    assert link.failing_since is not None and link.failing_since >= first
    assert [place.page.path for place in link.shown] == ["/"]  # type: ignore[attr-defined]
    answers.clear()
    night(desk, timedelta(days=1))
    assert dead(desk) == []


def test_an_address_that_points_inside_is_listed_the_first_night(
    desk: Desk, write: Write, answers: Answers
) -> None:
    write("http://oa.example/")
    answers["http://oa.example/"] = Answer("inner")
    night(desk)
    assert dead(desk) == ["http://oa.example/"]


def test_what_opens_is_asked_again_after_a_week_and_what_does_not_every_night(
    desk: Desk, write: Write, answers: Answers, monkeypatch: pytest.MonkeyPatch
) -> None:
    write("https://a.example/one", "https://b.example/")
    answers["https://a.example/one"] = GONE
    asked: Counter[str] = Counter()

    def probe(url: str, agent: str) -> Answer:
        asked[url] += 1
        assert agent == "Yangguang-links/1 (+https://www.donghe.example/)"
        return answers.get(url, Answer("", 200))

    monkeypatch.setattr(services, "probe", probe)
    for _ in range(8):
        night(desk, timedelta(days=1))
    assert (asked["https://a.example/one"], asked["https://b.example/"]) == (8, 2)


def test_one_host_is_asked_one_at_a_time_a_few_in_a_turn_and_with_a_pause(
    desk: Desk, write: Write, answers: Answers, monkeypatch: pytest.MonkeyPatch
) -> None:
    rests: list[float] = []
    monkeypatch.setattr(services, "PAUSE_SECONDS", 2.0)
    monkeypatch.setattr(services.time, "sleep", rests.append)
    write(*(f"https://a.example/{number}" for number in range(6)))
    gather(desk.site)
    ExternalLink.objects.exclude(url__contains="a.example").delete()
    now = timezone.now()
    begin_night(now)
    assert check_some(now)
    assert ExternalLink.objects.exclude(checked_at=None).count() == services.PER_HOST
    assert rests == [2.0] * (services.PER_HOST - 1)
    while check_some(now):
        pass
    assert not ExternalLink.objects.filter(checked_at=None).exists()


def test_a_machine_cut_off_from_the_network_blames_nobody_and_says_so(
    desk: Desk, write: Write, answers: Answers, settings: Any
) -> None:
    settings.CHECK_LINKS = True
    hosts = [f"https://{name}.example/" for name in "abcd"]
    write(*hosts)
    gather(desk.site)
    for link in ExternalLink.objects.all():
        answers[link.url] = Answer("unreachable")
    for _ in range(3):
        night(desk, timedelta(days=1))
    assert dead(desk) == [] and not ExternalLink.objects.exclude(checked_at=None).exists()
    found = last_night()
    assert found is not None and found.is_offline and found.checked == 0
    (warning,) = health_warnings(timezone.localdate())
    assert "连不到外网" in warning
    answers.clear()
    night(desk)
    assert health_warnings(timezone.localdate()) == []


def test_the_list_is_for_those_who_run_the_site(
    desk: Desk, write: Write, answers: Answers, django_assert_num_queries: Any
) -> None:
    write("https://a.example/one", "https://b.example/")
    answers |= {url: Answer("odd") for url in ("https://a.example/one", "https://b.example/")}
    night(desk)
    with django_assert_num_queries(2):
        assert len(list(dead_links(desk.actor))) == 2
    assert list(dead_links(replace(desk.actor, role="drafter"))) == []
    assert list(dead_links(None)) == []
    other = replace(desk.actor, organisation_id=0, organisation_path="9999")
    assert list(dead_links(other)) == []


def test_at_night_the_jobs_gather_and_check_turn_by_turn_till_all_is_done(
    desk: Desk, write: Write, answers: Answers, settings: Any
) -> None:
    write(*(f"https://a.example/{number}" for number in range(6)))
    begin()
    assert not Job.objects.filter(name="links.check").exists(), "没有开着就不查"
    settings.CHECK_LINKS = True
    begin()
    waiting, turns = Job.objects.filter(name="links.check").order_by("pk"), 0
    while turns < waiting.count():
        check(**waiting[turns].payload)
        turns += 1
    assert turns >= 2 and not ExternalLink.objects.filter(checked_at=None).exists()
    found = last_night()
    assert found is not None and found.ended_at is not None
    assert found.checked == ExternalLink.objects.count()
