"""电子公报的公开页面：目录通到各篇，注明校验码，附付印的 PDF，检索得到。"""

import hashlib
from pathlib import Path
from typing import Any

import pytest
from lxml import html

from tests.api import publish
from tests.outlets.gazette.test_gazette import begun, go, hub
from tests.outlets.website.conftest import TODAY, number_from
from tests.town import Town
from yangguang.foundation.audit.sealing import seal_all
from yangguang.foundation.jobs.worker import run_due
from yangguang.hub.publications.selectors import path_of, publication_of
from yangguang.outlets.gazette.services import printed, take_entry
from yangguang.outlets.website.projector import catch_up

pytestmark = pytest.mark.django_db


def test_the_page_leads_to_each_text_gives_its_check_code_and_the_print(
    town: Town, tmp_path: Path, settings: Any
) -> None:
    settings.SITE_ROOT = tmp_path / "site"
    settings.FILES_ROOT = tmp_path / "files"
    settings.SEAL_ROOT = tmp_path / "seals"
    number_from(1)
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
    own = root / path_of(publication).lstrip("/")
    others = (each.read_text() for each in root.rglob("*.html") if each != own)
    assert any(path_of(publication) in each in each for each in others)

    go(town, issue, "withdraw")
    seal_all()
    catch_up(TODAY)
    assert not list(root.rglob("*.pdf"))
