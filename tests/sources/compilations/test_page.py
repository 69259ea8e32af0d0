"""文件汇编的公开页面：目录、索引通到各份，撤回了的不再列出。"""

from pathlib import Path
from typing import Any

import pytest

from tests.api import publish
from tests.outlets.website.conftest import number_from
from tests.sources.compilations.test_compilations import STEPS, begun, follow, go, hub
from tests.sources.norms.test_pages import Site, text
from tests.town import Town
from yangguang.hub.publications.selectors import path_of, publication_of
from yangguang.hub.publications.services import withdraw
from yangguang.outlets.website.verification import verify_site

pytestmark = pytest.mark.django_db


def test_the_page_leads_to_each_text_and_drops_what_is_withdrawn(
    town: Town, tmp_path: Path, settings: Any
) -> None:
    settings.SITE_ROOT = tmp_path / "site"
    settings.FILES_ROOT = tmp_path / "files"
    settings.SEAL_ROOT = tmp_path / "seals"
    number_from(1)
    site = Site(town, settings.SITE_ROOT)
    first, second = hub(publish(town, 1)), hub(publish(town, 2))
    record = go(town, begun(town), *STEPS)
    site.follow()
    path = path_of(publication_of(record, "compilation"))
    page = site.page(path)
    links = [each.get("href") for each in page.xpath("//main//a")]
    assert path_of(first) in links and path_of(second) in links
    assert "共收2份" in text(page.xpath("//article")[0])
    assert len(page.xpath("//a[@download]")) >= 2
    withdraw(first, actor=town.approver, reason="有误")
    follow()
    site.follow()
    page = site.page(path)
    assert path_of(first) not in [each.get("href") for each in page.xpath("//main//a")]
    assert "共收1份" in text(page.xpath("//article")[0])
    assert verify_site().broken == ()
