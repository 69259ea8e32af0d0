"""解读与文件的公开页面互相链接：一边发布、撤回，另一边跟着变。"""

from pathlib import Path
from typing import Any

import pytest

from tests.foundation.files.test_pictures import drawn
from tests.outlets.website.conftest import number_from
from tests.sources.interpretations.conftest import issued, published, walk, written
from tests.sources.norms.test_pages import Site, text
from tests.town import Town
from yangguang.foundation.library.services import add
from yangguang.hub.publications.models import Publication
from yangguang.hub.publications.selectors import path_of
from yangguang.outlets.website.verification import verify_site
from yangguang.sources.interpretations.selectors import publication_of
from yangguang.sources.interpretations.services import attach

pytestmark = pytest.mark.django_db


@pytest.fixture
def site(town: Town, tmp_path: Path, settings: Any) -> Site:
    settings.SITE_ROOT = tmp_path / "site"
    settings.FILES_ROOT = tmp_path / "files"
    settings.SEAL_ROOT = tmp_path / "seals"
    number_from(1)
    return Site(town, settings.SITE_ROOT)


def links(page: Any) -> list[str]:
    return [each.get("href") for each in page.xpath("//main//a")]


def test_each_page_links_to_the_other_and_not_to_what_was_withdrawn(town: Town, site: Site) -> None:
    document = issued(town, "publish")
    of_document = path_of(Publication.objects.get(kind="document"))
    site.follow()
    assert "政策解读" not in text(site.page(of_document).xpath("//article")[0])
    record = published(town, document)
    of_record = path_of(publication_of(record))
    site.follow()
    assert of_record in links(site.page(of_document))
    page = site.page(of_record)
    assert of_document in links(page)
    told = text(page.xpath("//article")[0])
    assert "文字解读" in told and "背景依据" in told and "惠民举措" in told
    walk(town, record, "withdraw")
    site.follow()
    assert of_record not in links(site.page(of_document))
    walk(town, record, "republish")
    walk(town, document, "withdraw")
    site.follow()
    assert of_document not in links(site.page(of_record))
    assert verify_site().broken == ()


def test_a_picture_story_shows_its_pictures_first_each_with_its_text_and_size(
    town: Town, site: Site
) -> None:
    document = issued(town, "publish")
    record = written(town, document, form="picture")
    for number, told in enumerate(("第一步，看公示栏", "第二步，找业委会"), 1):
        item = add(
            drawn((1440, 900 * number)), f"{number}.jpg", actor=town.drafter, key=told,
            alternative=told,
        )  # fmt: skip
        attach(record, [], item, actor=town.drafter)
    attach(record, [("说明.txt", "怎样查账".encode())], actor=town.drafter)
    walk(town, record, "submit", "pass", "approve", "publish")
    site.follow()
    path = path_of(publication_of(record))
    (body,) = site.page(path).xpath("//div[@class='text']")
    assert [each.tag for each in body][:3] == ["figure", "figure", "h2"]
    images = body.xpath(".//img")
    assert [each.get("alt") for each in images] == ["第一步，看公示栏", "第二步，找业委会"]
    assert [(each.get("width"), each.get("height")) for each in images] == [
        ("720", "450"), ("720", "900"),
    ]  # fmt: skip
    assert len(body.xpath(".//source")) == 4
    attached = site.page(path).xpath("//a[@download]")
    assert [each.text for each in attached] == ["说明.txt", "原始载荷"]
    kinds = {".avif", ".webp", ".jpg"}
    shown = [each for each in site.root.rglob("*") if each.suffix in kinds]
    assert shown
    walk(town, record, "withdraw")
    site.follow()
    assert not [each for each in shown if each.exists()]
    assert verify_site().broken == ()


def test_a_correction_of_the_document_renames_the_link(town: Town, site: Site) -> None:
    document = issued(town, "publish")
    record = published(town, document)
    walk(town, document, "revise")
    type(document).objects.filter(pk=document.pk).update(title="改过名称的办法")
    walk(town, document, "correct")
    site.follow()
    assert "改过名称的办法" in text(site.page(path_of(publication_of(record))))
