"""稿件的公开页面：图片、链接、列表、转载来源、视频；撤回时图片一并撤下。"""

from pathlib import Path
from typing import Any

import pytest
from lxml import html

from tests.foundation.library.conftest import put_in
from tests.outlets.website.conftest import TODAY, number_from, tree_files
from tests.sources.articles.conftest import BODY, walk, written
from tests.town import Town
from yangguang.foundation.audit.sealing import seal_all
from yangguang.hub.publications.models import Publication
from yangguang.hub.publications.selectors import path_of
from yangguang.hub.publications.services import withdraw
from yangguang.outlets.website.projector import catch_up
from yangguang.outlets.website.verification import verify_site

pytestmark = pytest.mark.django_db

RICH: list[dict[str, Any]] = [
    {"type": "heading", "level": 2, "text": "一、会议"},
    {
        "type": "paragraph", "style": "plain", "text": "详见公告<全文>。",
        "marks": [{"type": "link", "start": 2, "end": 4, "href": "/columns/wenjian/"}],
    },
    {"type": "list", "ordered": True, "items": [{"text": "第一项"}, {"text": "第二项"}]},
]  # fmt: skip


class Site:
    """烘好的一棵树。"""

    def __init__(self, town: Town, root: Path) -> None:
        self.root = root / town.site.code

    def follow(self) -> None:
        seal_all()
        catch_up(TODAY)

    def page(self, publication: Publication) -> str:
        return (self.root / path_of(publication).lstrip("/")).read_text()

    def pictures(self) -> set[str]:
        found = (path for path in tree_files(self.root) if "/pictures/" in path)
        return {path for path in found if not path.endswith("manifest.json")}


@pytest.fixture
def site(town: Town, tmp_path: Path, settings: Any) -> Site:
    settings.SITE_ROOT = tmp_path / "site"
    settings.FILES_ROOT = tmp_path / "files"
    settings.SEAL_ROOT = tmp_path / "seals"
    number_from(1)
    return Site(town, settings.SITE_ROOT)


def publish(town: Town, **values: Any) -> Publication:
    article = walk(town, written(town, **values), "submit", "pass", "release")
    return Publication.objects.get(source_id=article.pk, kind="article")


def test_text_is_set_with_its_links_lists_and_pictures(town: Town, site: Site) -> None:
    item = put_in(town)
    picture = {"type": "picture", "file": item.pk, "alt": "一面<红>墙", "caption": "墙"}
    publication = publish(town, body=[*RICH, picture], summary="一句话的摘要")
    site.follow()
    source = site.page(publication)
    page = html.fromstring(source)
    (text,) = page.xpath("//div[@class='text']")
    assert [each.text for each in text.xpath("./ol/li")] == ["第一项", "第二项"]
    (link,) = text.xpath(".//a")
    assert (link.text, link.get("href")) == ("公告", "/columns/wenjian/")
    assert "&lt;全文&gt;" in source and "一句话的摘要" in source
    (image,) = text.xpath("./figure//img")
    assert (image.get("alt"), image.get("width"), image.get("height")) == (
        "一面<红>墙",
        "400",
        "300",
    )
    assert text.xpath("./figure/figcaption")[0].text == "墙"
    named = {image.get("src").lstrip("/")}
    for each in text.xpath(".//source"):
        named |= {part.split()[0].lstrip("/") for part in each.get("srcset").split(", ")}
    assert named == site.pictures() and len(named) == 5
    assert verify_site().broken == ()


def test_the_picture_goes_with_its_article_and_stays_with_the_other(town: Town, site: Site) -> None:
    item = put_in(town)
    picture = {"type": "picture", "file": item.pk, "alt": "一面红墙", "caption": ""}
    first, second = (publish(town, title=t, body=[*BODY, picture]) for t in ("甲", "乙"))
    site.follow()
    assert len(site.pictures()) == 10
    withdraw(first, actor=town.approver, reason="图片有误")
    site.follow()
    assert {path.split("/")[2] for path in site.pictures()} == {str(second.pk)}
    assert "图片有误" in site.page(first) and "<img" not in site.page(first).split("<main")[1]
    assert verify_site().broken == ()


def test_a_reprint_names_its_source_and_the_last_day_is_told(town: Town, site: Site) -> None:
    publication = publish(
        town, source_name="甘肃省人民政府网", source_href="https://www.gansu.gov.cn/a.htm",
        source_level="other", expires_on=TODAY.replace(year=2099),
    )  # fmt: skip
    site.follow()
    page = site.page(publication)
    assert "转载自" in page and 'href="https://www.gansu.gov.cn/a.htm"' in page
    assert "有效期至" in page and "2099年6月1日" in page


def test_nothing_internal_is_in_the_payload(town: Town) -> None:
    item = put_in(town)
    picture = {"type": "picture", "file": item.pk, "alt": "一面红墙", "caption": ""}
    version = publish(town, body=[*BODY, picture]).current_version
    assert version is not None
    assert set(version.payload["body"][-1]) == {
        "type", "alt", "caption", "sha256", "media_type", "width", "height",
    }  # fmt: skip
    assert not {"publish_at", "pinned_until", "created_by"} & set(version.payload)
