"""页眉页脚：没有脚本也能用；没有去处的链接一个也没有；演示站点处处写明演示。"""

import re
from dataclasses import replace
from urllib.parse import unquote

import pytest
from django.template.loader import render_to_string
from django.test import Client, RequestFactory

from yangguang.foundation.theme import formats, views
from yangguang.foundation.theme.assets import SOURCE, assets, script, stylesheet
from yangguang.foundation.theme.chrome import Link, PageHead, SiteChrome

SITE = SiteChrome(
    name="临夏州人民政府",
    mark="州",
    domain="www.linxia.gov.cn",
    identification_code="6229000000",
    icp_number="演示备 00000000 号",
    police_number="演示公网安备 00000000000000 号",
    organiser="临夏州人民政府办公室",
    contact="演示电话",
    is_demonstration=True,
    navigation=(Link("首页", "/"), Link("机构", "/organisations/")),
    footer=(Link("网站地图", "/map/"),),
)


def page(site: SiteChrome = SITE, **changes: object) -> str:
    plain = {"title": "机构", "path": "/organisations/", "description": "各机构的名录。"}
    head = PageHead(**plain | {"current": "/organisations/"} | changes)
    context = {"site": site, "page": head, "heading": "机构", "lines": ()}
    return render_to_string("theme/message.html", context, using="jinja2")


def test_every_link_of_the_frame_is_one_the_site_gave() -> None:
    hrefs = set(re.findall(r'<a [^>]*href="([^"]*)"', page()))
    assert hrefs == {"#main", "/", "/organisations/", "/map/"}


def test_filing_numbers_lead_to_where_they_can_be_looked_up_and_a_demonstrations_do_not() -> None:
    html = page(replace(SITE, is_demonstration=False))
    assert 'href="https://beian.miit.gov.cn/"' in html
    assert "https://beian.mps.gov.cn/#/query/webSearch?code=00000000000000" in html
    assert "beian." not in page()


def test_ipv6_is_claimed_only_where_the_site_says_so() -> None:
    assert "支持 IPv6" in page(replace(SITE, supports_ipv6=True))
    assert "IPv6" not in page()


def test_the_current_entrance_is_told_to_screen_readers() -> None:
    assert re.search(r'href="/organisations/"\s+aria-current="page"', page())
    assert re.search(
        r'href="/organisations/"\s+aria-current="true"', page(path="/organisations/a/")
    )


def test_the_footer_holds_the_statutory_marks_and_says_they_are_a_demonstration() -> None:
    html = page()
    for words in (
        "网站标识码",
        "6229000000",
        "ICP 备案号",
        "公安备案号",
        "主办单位",
        "联系方式",
        "演示站点",
    ):
        assert words in html


def test_nothing_inline_that_the_content_policy_would_refuse() -> None:
    html = page()
    assert not re.search(r"<script(?![^>]*src=)|<style|\sstyle=|\son\w+=", html)


def test_the_icon_of_a_page_is_the_mark_of_its_site_and_is_not_fetched() -> None:
    icon = re.search(r'<link rel="icon" href="data:image/svg\+xml,([^"]+)">', page())
    assert icon and "#a61b1b" in unquote(icon[1]).lower() and ">州</text>" in unquote(icon[1])


def test_every_text_is_escaped() -> None:
    assert "<b>" not in page(title="<b>粗</b>")


def test_assets_are_named_by_their_content_and_served_unchanging() -> None:
    css = "\n".join(path.read_text() for path in SOURCE.glob("*.css"))
    assert "--accent" in stylesheet().content.decode() and len(stylesheet().content) >= len(css)
    assert stylesheet().path in page() and script().path in page()
    for asset in assets():
        answer = Client().get(asset.path)
        assert answer.content == asset.content
        assert "immutable" in answer["Cache-Control"]
    assert Client().get("/assets/0000.css").status_code == 404


def test_a_path_prefix_reaches_every_address() -> None:
    html = page(SiteChrome(name="县", base="/yongjing", statutory_marks_apply=False))
    assert f'href="/yongjing{stylesheet().path}"' in html
    assert 'class="brand" href="/yongjing/"' in html


@pytest.mark.parametrize("status", [403, 404, 500])
def test_error_pages_speak_chinese_and_lead_home(status: int) -> None:
    request = RequestFactory().get("/nowhere")
    answer = {
        403: lambda: views.forbidden(request, Exception()),
        404: lambda: views.not_found(request, Exception()),
        500: lambda: views.broken(request),
    }[status]()
    assert answer.status_code == status
    assert "回到首页" in answer.content.decode()
    assert "noindex" in answer.content.decode()


def test_an_unknown_address_of_the_application_gets_our_page() -> None:
    answer = Client().get("/nowhere/")
    assert answer.status_code == 404 and "没有找到这个页面" in answer.content.decode()


def _luminance(colour: str) -> float:
    def linear(channel: float) -> float:
        return channel / 12.92 if channel <= 0.03928 else ((channel + 0.055) / 1.055) ** 2.4

    digits = colour.lstrip("#")
    digits = "".join(c * 2 for c in digits) if len(digits) == 3 else digits
    red, green, blue = (linear(int(digits[i : i + 2], 16) / 255) for i in (0, 2, 4))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_colours_reach_four_and_a_half_to_one_and_controls_three_to_one(scheme: str) -> None:
    source = (SOURCE / "tokens.css").read_text()
    blocks = source.split("@media (prefers-color-scheme: dark)")
    tokens = dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{3,6});", blocks[0]))
    if scheme == "dark":
        tokens |= dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{3,6});", blocks[1]))
    for ground in ("paper", "wash"):
        for text in ("ink", "ink-2", "link", "visited", "good", "warn", "bad", "accent"):
            assert _contrast(tokens[text], tokens[ground]) >= 4.5, (scheme, text, ground)
        for control in ("edge", "fill-good", "fill-bad"):
            assert _contrast(tokens[control], tokens[ground]) >= 3, (scheme, control, ground)
    assert _contrast(tokens["accent-ink"], tokens["accent"]) >= 4.5


def test_sizes_dates_and_types_are_written_the_house_way() -> None:
    assert [formats.file_size(n) for n in (1, 1024, 48_500, 3_400_000)] == [
        "1 字节", "1.0 KB", "47 KB", "3.2 MB",
    ]  # fmt: skip
    assert formats.cn_date("2020-09-05") == "2020年9月5日"
    assert formats.minute("2020-09-28T01:00:00+00:00") == "2020-09-28 09:00"
    assert formats.media_label("application/pdf") == "PDF"
