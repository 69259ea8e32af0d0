"""电子公报的公开页面：目录通到各篇，注明校验码，附付印的 PDF；前后各期、前后各篇；按年份的总目；只在公报里检索。"""

import hashlib
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from lxml import html

from tests.access.gazette import sheet
from tests.api import publish
from tests.api import withdraw as retract
from tests.outlets.gazette.test_gazette import begun, go, hub
from tests.outlets.website.conftest import TODAY, number_from
from tests.town import Town
from yangguang.foundation.audit.sealing import seal_all
from yangguang.foundation.files.services import keep_made
from yangguang.foundation.jobs.worker import run_due
from yangguang.hub.publications.rebuilding import check
from yangguang.hub.publications.selectors import path_of, publication_of
from yangguang.hub.search.engine import Filters
from yangguang.hub.search.indexer import catch_up as index
from yangguang.hub.search.indexer import faults
from yangguang.hub.search.rules import parse
from yangguang.hub.search.selectors import find
from yangguang.outlets.gazette.models import GazetteIssue
from yangguang.outlets.gazette.services import printed, take_entry
from yangguang.outlets.website.projector import catch_up
from yangguang.sources.documents.models import OfficialDocument

pytestmark = pytest.mark.django_db


@pytest.fixture
def place(tmp_path: Path, settings: Any) -> None:  # noqa: F811
    """静态树、文件、封存、索引都在临时目录里。"""
    for name in ("SITE", "FILES", "SEAL", "SEARCH"):
        setattr(settings, f"{name}_ROOT", tmp_path / name)
    number_from(1)


def follow() -> int:
    """封存，网站和检索都跟到末尾；返回烘了几页。"""
    seal_all()
    pages = catch_up(TODAY).pages
    index()
    return pages


def issued(town: Town, number: int, *records: OfficialDocument) -> GazetteIssue:
    """公布一期；付印的 PDF 是随便一份。"""
    issue = begun(town, number, number)
    for record in records:
        take_entry(issue, hub(record), actor=town.drafter)
    go(town, issue, "submit")
    content = sheet()
    issue.prints.update(step="made", pdf=keep_made(content), size=len(content), pages=2)
    return go(town, issue, "approve", "publish")


def href(record: OfficialDocument | GazetteIssue) -> str:
    """公开页面的地址。"""
    code = "gazette_issue" if isinstance(record, GazetteIssue) else "document"
    return path_of(publication_of(record, code))


def shown(town: Town, path: str) -> Any:
    """烘好的一页。"""
    file = settings.SITE_ROOT / town.site.code / path.lstrip("/")
    return html.fromstring((file / "index.html" if path.endswith("/") else file).read_bytes())


def ways(page: Any, word: str) -> list[str]:
    """页面上写着 ``word`` 的链接的地址。"""
    return [str(a.get("href")) for a in page.xpath(f"//main//a[starts-with(., '{word}')]")]


def test_the_page_leads_to_each_text_gives_its_check_code_and_the_print(
    town: Town, place: None
) -> None:
    record = publish(town, 1)
    issue = begun(town)
    take_entry(issue, hub(record), actor=town.drafter)
    go(town, issue, "submit")
    run_due()
    go(town, issue, "approve", "publish")
    seal_all()
    catch_up(TODAY)

    root = settings.SITE_ROOT / town.site.code
    publication = publication_of(issue, "gazette_issue")
    raw = (root / path_of(publication).lstrip("/")).read_bytes().decode()
    page = html.fromstring(raw)
    (link,) = page.xpath(f"//main//a[contains(@href, '{path_of(hub(record))}')]")
    assert link.text_content() == hub(record).title
    version, made = hub(record).current_version, printed(issue)
    assert version is not None and made is not None
    assert version.digest in "".join(page.xpath("//main")[0].text_content().split())
    assert "总第 1 期" in raw and "准印证号 甘N001" in raw
    (file,) = page.xpath("//section[@class='attached']//a")
    assert file.get("download") == "测试州公报2026年第1期.pdf"
    (shown,) = root.rglob("*.pdf")
    assert hashlib.sha256(shown.read_bytes()).hexdigest() == made.pdf
    places = {str(each) for each in page.xpath("//main//@id")}
    assert {each[1:] for each in page.xpath("//details[@class='toc']//a/@href")} <= places
    own = root / path_of(publication).lstrip("/")
    others = (each.read_text() for each in root.rglob("*.html") if each != own)
    assert any(path_of(publication) in each in each for each in others)

    go(town, issue, "withdraw")
    seal_all()
    catch_up(TODAY)
    assert not list(root.rglob("*.pdf"))


def test_each_issue_leads_to_the_one_before_and_the_one_after_and_a_withdrawn_one_drops_out(
    town: Town, place: None
) -> None:
    one, two, three = (issued(town, number, publish(town, number)) for number in (1, 2, 3))
    follow()
    first, middle = shown(town, href(one)), shown(town, href(two))
    assert ways(first, "上一期") == [] and ways(first, "下一期") == [href(two)]
    assert ways(middle, "上一期") == [href(one)] and ways(middle, "下一期") == [href(three)]
    assert ways(middle, "各期公报") == ["/gazette/"]
    go(town, two, "withdraw")
    follow()
    assert ways(shown(town, href(one)), "下一期") == [href(three)]
    assert ways(shown(town, href(three)), "上一期") == [href(one)]


def test_an_article_leads_back_to_its_issue_and_to_its_neighbours_until_the_issue_is_withdrawn(
    town: Town, place: None
) -> None:
    records = [publish(town, number) for number in (1, 2, 3)]
    issue = issued(town, 1, *records)
    one, two, three = map(href, records)
    follow()
    page = shown(town, two)
    assert ways(page, str(issue)) == [href(issue)]
    assert ways(page, "上一篇") == [one] and ways(page, "下一篇") == [three]
    assert ways(shown(town, one), "上一篇") == []
    assert check().broken == ()

    retract(town, records[2])
    follow()
    assert ways(shown(town, two), "下一篇") == [three]
    assert "此信息已撤回" in shown(town, three).text_content()

    go(town, issue, "withdraw")
    follow()
    assert ways(shown(town, two), str(issue)) == [] == ways(shown(town, two), "上一篇")


def test_all_issues_are_listed_by_year_the_newest_first(town: Town, place: None) -> None:
    follow()
    assert "还没有公布的公报" in shown(town, "/gazette/").text_content()
    one, two = (issued(town, number, publish(town, number)) for number in (1, 2))
    follow()
    page = shown(town, "/gazette/")
    assert [each.text for each in page.xpath("//main//h2")] == ["2026 年"]
    assert page.xpath("//main//a[contains(@class, 'name')]/@href") == [href(two), href(one)]
    assert len(page.xpath("//main//a[@download]")) == 2
    go(town, two, "withdraw")
    follow()
    page = shown(town, "/gazette/")
    assert page.xpath("//main//a[contains(@class, 'name')]/@href") == [href(one)]


def test_the_search_is_narrowed_to_the_issues_and_what_is_printed_in_them(
    town: Town, place: None, client: Client
) -> None:
    printed_one, other = publish(town, 1), publish(town, 2)
    follow()
    issue = issued(town, 1, printed_one)
    follow()

    def within() -> set[str]:
        return {hit.entry.path for hit in find(parse(""), Filters(printed="gazette")).hits}

    assert within() == {href(printed_one), href(issue)} and list(faults()) == []
    page = html.fromstring(client.get("/search/?q=方案").content)
    (narrowing,) = ways(page, "政府公报")
    page = html.fromstring(client.get(f"/search/{narrowing}").content)
    assert href(other) not in page.xpath("//main//a/@href")
    assert page.xpath("//main//form//input[@name='printed']/@value") == ["gazette"]
    assert "刊物：政府公报" in page.text_content()

    go(town, issue, "withdraw")
    follow()
    assert within() == set() and list(faults()) == []


def test_publishing_one_touches_as_many_pages_however_many_there_are(
    town: Town, place: None
) -> None:
    baked = []
    for number in range(1, 6):
        record = publish(town, number)
        follow()
        issued(town, number, record)
        baked.append(follow())
    assert baked[2] == baked[3] == baked[4]
