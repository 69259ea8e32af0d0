"""接口：公开的信息。列的是公开着的全部，只有公众看得到的；撤回的答 410 附原因。"""

import json
from datetime import timedelta
from email.utils import format_datetime
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.actors import actor, organisation
from tests.api import API, Api, fault, publish, withdraw
from tests.town import Town
from yangguang.foundation.accounts.models import User
from yangguang.foundation.files.services import store
from yangguang.foundation.lifecycle.services import perform
from yangguang.hub.columns.models import Column, Site
from yangguang.hub.publications.models import Change, Publication, PublicationVersion
from yangguang.hub.publications.rules import attachment_path
from yangguang.hub.publications.selectors import path_of
from yangguang.hub.publications.sharing import share, unshare
from yangguang.sources.documents.models import OfficialDocument
from yangguang.sources.documents.services import attach, edit, publication_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def documents(town: Town) -> list[OfficialDocument]:
    """公开了四份，撤回了第四份，另有一份草稿。"""
    made = [publish(town, number) for number in (1, 2, 3, 4)]
    withdraw(town, made[3])
    town.document(9, title="不该外传的草稿")
    return made


def ids(items: list[dict[str, Any]]) -> list[int]:
    return [item["id"] for item in items]


def test_paging_gives_every_published_item_once_newest_first(
    documents: list[OfficialDocument], visitor: Api
) -> None:
    expected = [publication_of(d).pk for d in reversed(documents[:3])]
    for limit in (1, 2, 3, 100):
        assert ids(visitor.everything(limit=limit)) == expected


def test_what_is_published_or_withdrawn_between_two_pages_shifts_nothing(
    documents: list[OfficialDocument], town: Town, visitor: Api
) -> None:
    first = visitor.json("/publications?limit=1")
    publish(town, 5)
    withdraw(town, documents[2])
    rest = visitor.json(f"/publications?limit=100&cursor={first['next']}")
    assert ids(rest["items"]) == [publication_of(d).pk for d in (documents[1], documents[0])]


def test_items_published_at_one_moment_are_all_given(
    documents: list[OfficialDocument], visitor: Api
) -> None:
    Publication.objects.update(published_at=timezone.now())
    assert len(visitor.everything(limit=1)) == 3


def test_the_next_page_is_told_in_the_link_header_too(
    documents: list[OfficialDocument], visitor: Api
) -> None:
    page = visitor.get("/publications?limit=1&stage=execution")
    link = page.headers["Link"]
    address = link[1 : link.index(">")]
    assert "stage=execution" in address and link.endswith('rel="next"')
    assert visitor.client.get(address).status_code == 200


def test_each_filter_narrows_and_the_column_takes_those_below_it(
    town: Town, documents: list[OfficialDocument], visitor: Api
) -> None:
    below = Column.objects.get(pk=town.column.pk)
    child = Column.objects.add_child(
        below,
        instance=Column(
            site=town.site, code="tongzhi", name="通知", column_type="政策文件",
            description="通知", keywords="通知",
        ),
    )  # fmt: skip
    sixth = town.document(6, stage="service", validity="repealed")
    sixth.columns.set([child])
    for event, who in (
        ("submit", town.drafter), ("pass", town.reviewer), ("approve", town.approver),
        ("publish", town.drafter),
    ):  # fmt: skip
        perform(sixth, event, actor=who, key=f"6-{event}")
    own = publication_of(sixth).pk
    Publication.objects.filter(pk=own).update(published_at=timezone.now() - timedelta(days=800))
    organisation("other")
    year = (timezone.localtime() - timedelta(days=800)).year
    for query in ("column=tongzhi", "stage=service", "validity=repealed", f"year={year}"):
        assert ids(visitor.everything(f"&{query}")) == [own], query
    for query in ("column=wenjian", "site=test", "organisation=test-prefecture"):
        assert len(visitor.everything(f"&{query}")) == 4, query
    for query in ("organisation=other", "stage=result", "column=tongzhi&stage=execution"):
        assert visitor.everything(f"&{query}") == [], query


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("site=nowhere", "site"), ("column=nothing", "column"), ("organisation=nobody", "organisation"),
        ("year=20000000000000000000", "year"), ("year=一", "year"), ("stage=other", "stage"),
        ("validity=", "validity"), ("cursor=abc", "cursor"), ("cursor=%00", "cursor"),
        ("limit=0", "limit"), ("limit=101", "limit"), ("limit=1&limit=2", "limit"),
        ("orginisation=x", "orginisation"), ("site=%00", "site"), ("site=" + "x" * 999, "site"),
    ],
)  # fmt: skip
def test_a_wrong_parameter_is_named_and_told_in_chinese(
    query: str, parameter: str, town: Town, visitor: Api
) -> None:
    (place,) = fault(visitor.get(f"/publications?{query}"), 422)["errors"]
    assert place["parameter"] == parameter
    assert place["detail"].endswith("。")


def test_one_item_has_its_payload_versions_and_attachments_with_addresses_and_hashes(
    town: Town, visitor: Api
) -> None:
    document = town.document(1)
    file = store(
        BytesIO("附件".encode()), "说明.txt", actor=town.drafter, organisation=town.organisation
    )
    attach(document, [file], actor=town.drafter)
    for event, who in (
        ("submit", town.drafter), ("pass", town.reviewer), ("approve", town.approver),
        ("publish", town.drafter),
    ):  # fmt: skip
        perform(document, event, actor=who, key=event)
    perform(document, "revise", actor=town.drafter, key="r", message="标题有误")
    edit(document, {"title": "更正后的标题"}, actor=town.drafter)
    perform(document, "correct", actor=town.approver, key="c", message="更正标题")
    publication = publication_of(document)
    told = visitor.json(f"/publications/{publication.pk}")
    version = PublicationVersion.objects.get(pk=publication.current_version_id)
    assert told["payload"] == version.payload and told["digest"] == version.digest
    assert told["title"] == "更正后的标题" and told["version"] == 2
    assert [(v["number"], v["action"], v["reason"]) for v in told["versions"]] == [
        (1, "publish", None), (2, "correct", "更正标题"),
    ]  # fmt: skip
    (attachment,) = told["attachments"]
    assert attachment["sha256"] == file.sha256 and attachment["name"] == "说明.txt"
    assert attachment["href"] == (
        f"https://www.example.gov.cn{attachment_path(publication.pk, file.sha256, file.name)}"
    )
    assert told["href"] == f"https://www.example.gov.cn{path_of(publication)}"


def test_an_item_shared_with_another_site_is_found_there_and_tells_where_it_is_shared(
    documents: list[OfficialDocument], town: Town, visitor: Api
) -> None:
    county = organisation("county", town.organisation, level="county", short_name="某县")
    site = Site.objects.create(
        code="county", name="某县人民政府", short_name="某县", organisation=county,
        domain=town.site.domain, path_prefix="county", identification_code="6299000002",
    )  # fmt: skip
    column = Column.objects.add_root(
        instance=Column(
            site=site, code="wenjian", name="上级文件", column_type="政策文件", description="转发",
            keywords="转发",
        )
    )  # fmt: skip
    shared = publication_of(documents[0])
    supervisor = actor("supervisor", county)
    share(shared, [column], actor=supervisor)
    (told,) = visitor.json("/publications?site=county")["items"]
    assert told["id"] == shared.pk and told["site"] == "test"
    address = f"https://www.example.gov.cn/county{path_of(shared)}"
    assert told["shared_to"] == [{"site": "county", "href": address}]
    assert [(c["site"], c["code"]) for c in told["columns"]] == [
        ("test", "wenjian"), ("county", "wenjian"),
    ]  # fmt: skip
    assert ids(visitor.everything("&site=county&column=wenjian")) == [shared.pk]
    assert len(visitor.everything("&site=test&column=wenjian")) == 3
    assert len(visitor.everything()) == 3
    unshare(shared, site, actor=supervisor, reason="不再转发")
    assert visitor.everything("&site=county") == []
    assert visitor.everything()[0]["shared_to"] == []


def test_while_a_revision_is_drafted_the_api_still_shows_what_was_published(
    town: Town, visitor: Api
) -> None:
    document = publish(town, 1)
    perform(document, "revise", actor=town.drafter, key="r", message="拟改")
    edit(document, {"title": "还没有发布的标题"}, actor=town.drafter)
    number = publication_of(document).pk
    assert "还没有发布" not in visitor.get(f"/publications/{number}").content.decode()
    assert "还没有发布" not in visitor.get("/publications").content.decode()


def test_a_withdrawn_item_answers_gone_with_the_reason_and_nothing_of_its_content(
    documents: list[OfficialDocument], visitor: Api
) -> None:
    gone = publication_of(documents[3])
    body = fault(visitor.get(f"/publications/{gone.pk}"), 410)
    assert body["title"] == "此信息已撤回" and body["reason"] == "内容有误"
    assert body["index_number"] == gone.index_number and body["withdrawn_at"]
    assert gone.title not in json.dumps(body, ensure_ascii=False)
    assert gone.pk not in ids(visitor.everything())


@pytest.mark.parametrize("number", ["999", "0", "-1", "9" * 40, "1.5", "a", "%00"])
def test_what_never_was_published_is_missing_or_told(number: str, town: Town, visitor: Api) -> None:
    town.document(1)
    assert visitor.get(f"/publications/{number}").status_code in (400, 404, 422)


def test_nothing_of_a_draft_nor_of_a_person_is_told_anywhere(
    documents: list[OfficialDocument], visitor: Api
) -> None:
    names = list(User.objects.values_list("username", flat=True))
    names += list(User.objects.values_list("display_name", flat=True))
    addresses = ["/publications", "/sites", "/columns?site=test", "/organisations"]
    addresses += ["/organisations/test-prefecture"]
    addresses += [f"/publications/{p}" for p in Publication.objects.values_list("pk", flat=True)]
    for address in addresses:
        text = visitor.get(address).content.decode()
        assert "不该外传的草稿" not in text
        assert not [name for name in names if name in text], address


def test_an_unchanged_answer_is_not_sent_again(
    documents: list[OfficialDocument], town: Town, visitor: Api
) -> None:
    number = publication_of(documents[0]).pk
    for address in ("/publications", f"/publications/{number}", "/sites", "/organisations"):
        first = visitor.get(address)
        again = visitor.get(address, **{"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.content) == (304, b""), address
        assert again.headers["ETag"] == first.headers["ETag"]
    held = visitor.get("/publications").headers["ETag"]
    withdraw(town, documents[0])
    assert visitor.get("/publications", **{"If-None-Match": held}).status_code == 200
    gone = visitor.get(f"/publications/{number}", **{"If-None-Match": "*"})
    assert gone.status_code == 410


def test_the_time_of_the_last_change_is_told_once_the_second_is_over(
    documents: list[OfficialDocument], visitor: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "Last-Modified" not in visitor.get("/publications").headers
    last = Change.objects.latest("pk").at
    later = last + timedelta(seconds=5)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)
    told = visitor.get("/publications").headers["Last-Modified"]
    assert told == format_datetime(last, usegmt=True)
    same = visitor.get("/publications", **{"If-Modified-Since": told})
    assert same.status_code == 304
    number = publication_of(documents[0]).pk
    assert "Last-Modified" in visitor.get(f"/publications/{number}").headers


def test_any_page_may_read_but_only_read(documents: list[OfficialDocument]) -> None:
    client = Client(headers={"Origin": "https://example.org"})
    assert client.get(f"{API}/publications").headers["Access-Control-Allow-Origin"] == "*"
    assert client.get(f"{API}/publications/99").headers["Access-Control-Allow-Origin"] == "*"
    preflight = client.options(f"{API}/documents")
    assert preflight.status_code == 204
    assert "POST" not in preflight.headers["Access-Control-Allow-Methods"]
    assert "Authorization" not in preflight.headers["Access-Control-Allow-Headers"]


def test_head_is_answered_as_get_without_the_body(
    documents: list[OfficialDocument], visitor: Api
) -> None:
    got, head = visitor.get("/publications"), visitor.client.head(f"{API}/publications")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["ETag"] == got.headers["ETag"]
    assert head.headers["Content-Length"] == str(len(got.content))


def test_another_method_is_told_which_are_allowed(town: Town, visitor: Api) -> None:
    answer = visitor.client.delete(f"{API}/publications")
    fault(answer, 405)
    assert answer.headers["Allow"] == "GET, HEAD, OPTIONS"
    assert fault(visitor.client.post(f"{API}/nothing", content_type="application/json"), 404)


def test_the_queries_of_each_route_do_not_grow_with_what_is_published(
    town: Town, documents: list[OfficialDocument], visitor: Api, django_assert_num_queries: Any
) -> None:
    counts = {
        "/publications": 4,
        "/publications?site=test&column=wenjian&organisation=test-prefecture": 7,
        f"/publications/{publication_of(documents[0]).pk}": 4,
        "/sites": 1,
        "/columns?site=test": 2,
        "/organisations": 1,
        "/organisations/test-prefecture": 4,
    }
    for code in ("more", "still-more"):
        for address, queries in counts.items():
            with django_assert_num_queries(queries):
                visitor.json(address)
        organisation(code, town.organisation)
        publish(town, 5 + Publication.objects.count())
