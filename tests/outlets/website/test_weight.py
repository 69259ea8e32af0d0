"""一页有多重：网页、样式、脚本压缩以后合起来不过 60 KB，图片不算。烘好的每一页都称，应用应答的每类称一页。"""

import re
import urllib.request
from pathlib import Path

import brotli
import pytest
from scripts.demo_site import dynamic_pages

from tests.demo_tree import demo_tree, demo_var, whole_address  # noqa: F401  各处合用的夹具

LIMIT = 60 * 1024
REFERRED = re.compile(r'<(?:link rel="stylesheet" href|script src)="([^"]+)"')


def test_no_baked_page_weighs_more_than_sixty_kilobytes(demo_tree: Path) -> None:  # noqa: F811
    heavy = []
    for path in demo_tree.glob("*/**/*.html"):
        named = {Path(href).name for href in REFERRED.findall(path.read_text("utf-8"))}
        assert {Path(name).suffix for name in named} == {".css", ".js"}, path
        site = demo_tree / path.relative_to(demo_tree).parts[0]
        parts = [path, *(site / "assets" / name for name in named)]
        weight = sum(Path(f"{part}.br").stat().st_size for part in parts)
        if weight > LIMIT:
            heavy.append((weight, str(path)))
    assert heavy == []


@pytest.mark.parametrize("name", dynamic_pages())
def test_no_answer_of_the_application_weighs_more(whole_address: str, name: str) -> None:  # noqa: F811
    html = _read(whole_address + dynamic_pages()[name])
    referred = REFERRED.findall(html.decode())
    assert len(referred) == 2
    parts = [html, *(_read(whole_address + href) for href in referred)]
    assert sum(len(brotli.compress(part)) for part in parts) <= LIMIT


def _read(address: str) -> bytes:
    with urllib.request.urlopen(address, timeout=30) as answer:
        return bytes(answer.read())
