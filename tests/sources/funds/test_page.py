"""资金的公开页面：各级合计、流向图、各笔分配、供下载的表格；撤回就没有了。"""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from tests.outlets.website.conftest import TODAY, number_from
from tests.sources.funds.conftest import below, go, opened
from tests.town import Town
from yangguang.foundation.audit.sealing import seal_all
from yangguang.hub.publications.selectors import path_of
from yangguang.outlets.website.projector import catch_up
from yangguang.sources.funds.chart import MOST_ROWS, WIDTH, chart
from yangguang.sources.funds.money import MOST
from yangguang.sources.funds.selectors import publication_of


@pytest.mark.django_db
def test_the_page_shows_the_levels_the_flow_and_every_row_without_script(
    town: Town, tmp_path: Path, settings: Any
) -> None:
    settings.SITE_ROOT = tmp_path / "site"
    settings.SEAL_ROOT = tmp_path / "seals"
    number_from(1)
    under = below(town)
    fund = go(town, opened(town, under), "submit", "pass", "approve", "publish")
    seal_all()
    catch_up(TODAY)

    root = settings.SITE_ROOT / town.site.code
    path = path_of(publication_of(fund))
    page = html.fromstring((root / path.lstrip("/")).read_bytes().decode())
    levels, flows = page.xpath("//main//table[contains(@class, 'sums')]")
    cells = [
        [" ".join(c.text_content().split()) for c in row] for row in levels.xpath(".//tbody/tr")
    ]
    assert cells[1] == ["县市", "1", "800", "800", "300", "400", "250", "100"]
    assert len(flows.xpath(".//tbody/tr")) == 2
    (drawn,) = page.xpath("//main//figure[@class='flow-chart']/svg")
    assert drawn.get("role") == "img"
    named = [page.xpath(f"//*[@id='{each}']")[0] for each in drawn.get("aria-labelledby").split()]
    assert f"{town.organisation.name}分配给{under.county.name} 800 元" in named[1].text_content()
    assert [each.text_content() for each in drawn.xpath(".//*[@class='said']")] == [
        "收到 1,000 元", "分到 800 元，支出 31%", "分到 300 元",
    ]  # fmt: skip
    names = [link.get("download") for link in page.xpath("//section[@class='attached']//a")]
    assert names == ["测试补助资金.xlsx", "测试补助资金.csv"]
    own = root / path.lstrip("/")
    others = (each.read_text() for each in root.rglob("*.html") if each != own)
    assert any(path in each for each in others)

    go(town, fund, "withdraw")
    seal_all()
    catch_up(TODAY)
    assert not list(root.rglob("*.csv"))


def payload(pairs: list[tuple[str, str, int]], total: int) -> dict[str, Any]:
    flows = [{"giver": a, "receiver": b, "amount_fen": n, "used_fen": n // 2} for a, b, n in pairs]
    return {"holder": {"name": "州"}, "amount_fen": total, "used_fen": None, "flows": flows}


def broad(text: str, size: int) -> float:
    """一行字大约多宽：汉字、全角的占一个字，别的占六成。"""
    return sum(size if ord(each) > 255 else size * 0.6 for each in text)


@given(st.integers(1, 30), st.integers(0, 4), st.integers(10**4, MOST))
def test_the_chart_stays_within_its_frame_and_says_when_it_is_cut(
    counties: int, towns: int, total: int
) -> None:
    pairs = [("州", f"县{n}", total // counties) for n in range(counties)]
    pairs += [
        (f"县{n}", f"县{n}的一个名字很长很长很长很长的乡镇{t}", total // counties // (towns or 1))
        for n in range(counties) for t in range(towns)
    ]  # fmt: skip
    drawn = chart(payload(pairs, total))
    assert len(drawn.lines) <= MOST_ROWS
    assert drawn.is_cut == (1 + len(pairs) > MOST_ROWS)
    for line in drawn.lines:
        assert 0 <= line.part <= line.whole and line.x + line.whole <= WIDTH
        assert line.y < drawn.height
        assert line.x + broad(line.name, 16) <= WIDTH and line.x + broad(line.said, 14) <= WIDTH
    assert len(drawn.told) == len(drawn.lines) - 1


def test_a_unit_given_from_two_sides_has_what_is_below_it_drawn_once() -> None:
    pairs = [("州", "甲", 50), ("州", "乙", 50), ("甲", "乙", 20), ("乙", "丙", 30)]
    drawn = chart(payload(pairs, 100))
    assert [line.name for line in drawn.lines].count("丙") == 1
    assert [line.name for line in drawn.lines].count("乙") == 2
