"""演练：Nu HTML Checker 看每一页每一份样式都没有错；Lighthouse 按手机量每类页面，四项各不低于 95。

演示站点在本机以 http 提供，Lighthouse 把本机当作安全的地方，不扣分；规范地址（canonical）指向
正式的域名，它不认为是错。刻意不让搜索引擎收的页面不计 ``is-crawlable``，查无此页本来就答 404，
不计 ``http-status-code``，也不计由此而来的控制台报错。
"""

from pathlib import Path

import pytest
from playwright.sync_api import Browser
from scripts.demo_site import WORKBENCH, dynamic_pages, staff_lists, staff_pages
from scripts.page_tools import PACKAGES, Unready, check_markup, measure, ready

from tests.drilling import tell

pytestmark = [pytest.mark.browser, pytest.mark.drill]

ENOUGH = 95
UNINDEXED = {
    "away", "not-found", "withdrawn", "county-not-found",
    "search", "search-bare", "search-nothing", "search-narrowed", "search-refused",
    "requests", "requests-office", "requests-party", "requests-form", "requests-paper",
    "requests-status",
}  # fmt: skip
NOT_FOUND = {"not-found", "county-not-found"}


@pytest.fixture(scope="module", autouse=True)
def tools() -> None:
    """装好工具。"""
    try:
        ready()
    except Unready as reason:
        pytest.fail(str(reason), pytrace=False)


def test_no_page_and_no_style_has_an_error(
    chromium: Browser, demo_tree: Path, whole_address: str, tmp_path: Path
) -> None:
    page = chromium.new_page(base_url=whole_address)
    for number, path in enumerate([*dynamic_pages().values(), f"{WORKBENCH}sign-in/"]):
        answer = page.goto(path)
        assert answer is not None
        (tmp_path / f"{number}.html").write_bytes(answer.body())
    for username, lists in staff_lists(page, whole_address).items():
        for number, path in enumerate(staff_pages(page, whole_address, username, lists)):
            answer = page.goto(path)
            assert answer is not None and answer.ok, path
            (tmp_path / f"{username}-{number}.html").write_bytes(answer.body())
            style = page.locator("link[rel=stylesheet]").get_attribute("href") or ""
            (tmp_path / Path(style).name).write_bytes(page.request.get(style).body())
    page.context.close()
    styles = {each.name: each for each in [*demo_tree.rglob("*.css"), *tmp_path.glob("*.css")]}
    said = check_markup(demo_tree, tmp_path, *styles.values())
    errors = [
        f"{each['url']}:{each.get('lastLine')} {each['message']}"
        for each in said
        if each["type"] != "info"
    ]
    assert errors == []
    tell(
        "markup",
        version=PACKAGES["vnu-jar"],
        baked=len(list(demo_tree.rglob("*.html"))),
        dynamic=len(list(tmp_path.glob("*.html"))),
        styles=len(styles),
        warnings=sorted({each["message"] for each in said}),
    )


def test_every_type_of_page_measures_well_on_a_phone(
    demo_pages: dict[str, str], whole_address: str
) -> None:
    low = []
    for name, path in (demo_pages | dynamic_pages()).items():
        skipped = ["is-crawlable"] if name in UNINDEXED else []
        skipped += ["http-status-code", "errors-in-console"] if name in NOT_FOUND else []
        measured = measure(whole_address + path, skipped)
        tell("lighthouse", version=PACKAGES["lighthouse"], page=name, skipped=skipped,
             scores=measured.scores, shortcomings=measured.shortcomings)  # fmt: skip
        if min(measured.scores.values()) < ENOUGH:
            low.append(f"{name} {measured.scores} {measured.shortcomings}")
    assert low == []
