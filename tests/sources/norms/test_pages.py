"""规范性文件的公开页面：效力一目了然、历次文本和对照、下载，库的两页。"""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from lxml import html

from tests.outlets.website.conftest import TODAY, number_from
from tests.sources.norms.conftest import body, changing, published, walk
from tests.town import Town
from yangguang.foundation.audit.sealing import seal_all
from yangguang.hub.publications.selectors import path_of
from yangguang.outlets.website.projector import catch_up
from yangguang.outlets.website.verification import verify_site
from yangguang.sources.norms.models import Norm
from yangguang.sources.norms.selectors import publication_of

pytestmark = pytest.mark.django_db


class Site:
    """烘好的一棵树。"""

    def __init__(self, town: Town, root: Path) -> None:
        self.root = root / town.site.code

    def follow(self) -> None:
        seal_all()
        catch_up(TODAY)

    def page(self, path: str) -> Any:
        file = path.lstrip("/") + ("index.html" if path.endswith("/") else "")
        return html.fromstring((self.root / file).read_bytes().decode())

    def of(self, norm: Norm) -> Any:
        return self.page(path_of(publication_of(norm)))


@pytest.fixture
def site(town: Town, tmp_path: Path, settings: Any) -> Site:
    settings.SITE_ROOT = tmp_path / "site"
    settings.FILES_ROOT = tmp_path / "files"
    settings.SEAL_ROOT = tmp_path / "seals"
    number_from(1)
    return Site(town, settings.SITE_ROOT)


def found(element: Any, *classes: str, tag: str = "*") -> Any:
    """一层层往里，``classes`` 里各个类的元素里的 ``tag``。"""
    steps = "".join(f"//*[contains(concat(' ', @class, ' '), ' {each} ')]" for each in classes[:-1])
    last = classes[-1] if classes else ""
    own = f"[contains(concat(' ', @class, ' '), ' {last} ')]" if last else ""
    return element.xpath(f".{steps}//{tag}{own}")


def shelf(page: Any) -> Any:
    """库里的各行。"""
    return page.xpath("//ol[@class='shelf']/li")


def text(element: Any) -> str:
    return "".join(element.text_content().split())


def test_the_page_and_the_library_tell_the_standing_and_follow_each_change(
    town: Town, site: Site
) -> None:
    norm = published(
        town,
        "甲办法",
        ceases_on=None,
        term_reason="长期",
        body=body("第一条　原来的。", "第二条　不变。"),
    )
    site.follow()
    (item,) = shelf(site.page("/norms/"))
    told = text(item)
    assert "甲办法" in told and "有效" in told and "2020-06-03起施行" in told
    assert "（2020年5月20日测试州人民政府公布）" in told
    assert [text(a) for a in found(item, "take", "", tag="a")] == [
        "《甲办法》文字版（DOCX）",
        "《甲办法》图片版（PDF）",
    ]
    for link in found(item, "take", "", tag="a"):
        assert (site.root / link.get("href").lstrip("/")).exists()
    assert not shelf(site.page("/norms/past/"))

    decision = changing(
        town,
        "amends",
        norm,
        date(2022, 1, 1),
        "修改甲办法的决定",
        ["第一条　改过的。", "第二条　不变。"],
    )
    site.follow()
    page = site.of(norm)
    state = text(found(page, "doc-state")[0])
    assert "已修改" in state and "2022年1月1日起按修改后的文本执行" in state
    related = found(page, "standing", "related")[0]
    assert "被修改：《修改甲办法的决定》" in text(related)
    assert related.xpath(".//a")[0].get("href") == path_of(publication_of(decision))
    assert "改过的" in text(found(page, "doc", "text")[0])
    newest, oldest = found(page, "texts", "", tag="details")
    assert "2022-01-01至今由《修改甲办法的决定》修改" in text(newest)
    assert [text(each) for each in newest.xpath(".//del")] == ["原来"]
    assert [text(each) for each in newest.xpath(".//ins")] == ["改过"]
    assert "2020-06-03至2021-12-31" in text(oldest) and "原来的" in text(oldest)

    changing(town, "repeals", norm, date(2024, 1, 1), "废止甲办法的决定")
    site.follow()
    assert "甲办法" in text(shelf(site.page("/norms/past/"))[0])
    assert "甲办法" not in [text(a) for a in found(site.page("/norms/"), "shelf", "name")]
    assert "已经废止" in text(found(site.of(norm), "doc", "notice")[0])

    walk(town, norm, "withdraw")
    site.follow()
    assert not shelf(site.page("/norms/past/"))
    assert verify_site().broken == ()
