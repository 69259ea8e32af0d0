"""检索维护的工作台：立、改、停用；没有查到的词一步就成同义词或推荐；导出。"""

from datetime import date, timedelta
from io import BytesIO

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from tests.hub.search.conftest import follow
from tests.hub.search.supervising import promotion, supervisor, synonyms
from tests.outlets.search.conftest import links
from tests.outlets.website.conftest import Desk
from tests.workbench import sign_in
from yangguang.foundation.organisations.models import Organisation
from yangguang.hub.search.models import Promotion, SynonymGroup
from yangguang.hub.search.selectors import LEAST
from yangguang.hub.search.services import count_fruitless

pytestmark = pytest.mark.django_db


def in_vain(desk: Desk, words: str, times: int, day: date | None = None) -> None:
    for _ in range(times):
        count_fruitless(desk.site, words, day)


def test_a_word_that_was_not_found_becomes_a_synonym_in_one_step(desk: Desk) -> None:
    in_vain(desk, "低保", LEAST)
    office = sign_in(supervisor(desk.organisation))
    html = office.get("/workbench/fruitless/").content.decode()
    assert "低保" in html
    (href,) = links(html, "立同义词")
    page = office.form(href)
    assert page["words"][0].split() == ["低保"] and page["site"] == [str(desk.site.pk)]
    done = office.fill(href, words="低保\n最低生活保障", reason="公众常这样说")
    assert "已建立：低保 = 最低生活保障" in done.content.decode()
    assert SynonymGroup.objects.get().site == desk.site


def test_a_word_that_was_not_found_becomes_a_recommendation_in_one_step(desk: Desk) -> None:
    guide = desk.publish("最低生活保障申请指南")
    in_vain(desk, "吃低保", LEAST)
    office = sign_in(supervisor(desk.organisation))
    (href,) = links(office.get("/workbench/fruitless/").content.decode(), "立推荐")
    done = office.fill(href, publication="申请指南", reason="公众要找的就是它")
    assert "最低生活保障申请指南" in done.content.decode() and done.status_code == 200
    made = Promotion.objects.get()
    assert (made.publication, made.terms, made.site) == (guide, ["吃低保"], desk.site)
    follow()
    assert "最低生活保障申请指南" in office.get("/search/?q=吃低保").content.decode()


def test_words_are_listed_by_site_and_date_and_rare_ones_are_not(desk: Desk) -> None:
    today = timezone.localdate()
    in_vain(desk, "常查的", LEAST + 1)
    in_vain(desk, "少查的", LEAST - 1)
    in_vain(desk, "早先查的", LEAST, today - timedelta(days=60))
    office = sign_in(supervisor(desk.organisation))
    shown = office.get("/workbench/fruitless/").content.decode()
    assert "常查的" in shown and "少查的" not in shown and "早先查的" not in shown
    everything = office.get("/workbench/fruitless/?since=").content.decode()
    assert "早先查的" in everything and "少查的" not in everything
    earlier = office.get(f"/workbench/fruitless/?since=&until={today - timedelta(days=30)}")
    assert "常查的" not in earlier.content.decode() and "早先查的" in earlier.content.decode()
    odd = office.get("/workbench/fruitless/?since=昨天&site=没有&q=%25&page=x&sort=-last")
    assert odd.status_code == 200
    county = sign_in(supervisor(Organisation.objects.get(code="county-0")))
    assert "常查的" not in county.get("/workbench/fruitless/?since=").content.decode()


def test_the_list_is_exported_as_it_is_narrowed(desk: Desk) -> None:
    in_vain(desk, "低保", LEAST + 2)
    in_vain(desk, "学区", LEAST)
    office = sign_in(supervisor(desk.organisation))
    answer = office.get("/workbench/fruitless/export.xlsx?q=低")
    sheet = load_workbook(BytesIO(b"".join(answer.streaming_content))).worksheets[0]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows[0] == ["查的词", "站点", "次数", "最近一次"]
    assert [row[:3] for row in rows[1:]] == [["低保", "东河州", LEAST + 2]]
    assert "attachment" in answer["Content-Disposition"]


def test_what_is_wrong_is_told_and_what_was_typed_is_kept(desk: Desk) -> None:
    office = sign_in(supervisor(desk.organisation))
    refused = office.fill("/workbench/synonyms/new/", words="低保\n，。", reason="常用")
    html = refused.content.decode()
    assert refused.status_code == 422 and "至少要有" not in html and "没有可以查的字词" in html
    assert "低保\n，。" in html
    refused = office.fill(
        "/workbench/promotions/new/", words="低保", publication="没有这条信息", reason="常用"
    )
    html = refused.content.decode()
    assert refused.status_code == 422 and "没有发布过标题或文号是“没有这条信息”" in html
    assert 'value="没有这条信息"' in html
    refused = office.fill(
        "/workbench/promotions/new/", words="低保", publication="", address="//x.example/",
        label="甲", reason="常用", valid_from="2026-06-02", valid_until="2026-06-01",
    )  # fmt: skip
    html = refused.content.decode()
    assert "网站外面的不能推荐" in html and "止日不能早于起日" in html, "一次说全"
    assert not Promotion.objects.exists() and not SynonymGroup.objects.exists()


def test_a_record_is_edited_ended_and_resumed(desk: Desk) -> None:
    who = supervisor(desk.organisation)
    made = promotion(who, "低保", address="/columns/open/", label="信息公开")
    office, base = sign_in(who), f"/workbench/promotions/{made.pk}/"
    office.fill(f"{base}edit/", label="政府信息公开")
    assert "政府信息公开" in office.get(base).content.decode()
    office.fill(f"{base}do/end/", message="过时了")
    html = office.get("/workbench/promotions/").content.decode()
    assert "已停用" in html and "低保" in html
    office.post(f"{base}do/resume/", {"key": "resume"})
    assert "正在推荐" in office.get("/workbench/promotions/").content.decode()
    history = office.get(base).content.decode()
    assert "过时了" in history and "恢复使用" in history


def test_a_recommendation_whose_item_was_withdrawn_waits_on_the_first_page(desk: Desk) -> None:
    who = supervisor(desk.organisation)
    guide = desk.publish("申请指南")
    promotion(who, "低保", publication=guide)
    assert "检索推荐：低保" not in sign_in(who).get("/workbench/").content.decode()
    desk.withdraw(guide)
    html = sign_in(who).get("/workbench/").content.decode()
    assert "检索推荐：低保" in html and "信息已撤回" in html


def test_lists_are_narrowed_by_site_and_state(desk: Desk) -> None:
    who = supervisor(desk.organisation)
    synonyms(who, "低保", "最低生活保障")
    synonyms(who, "医保", "医疗保障", site=desk.site)
    office = sign_in(who)
    html = office.get("/workbench/synonyms/?site=donghe").content.decode()
    assert "医保 = 医疗保障" in html and "低保 = " not in html
    assert "低保 = " in office.get("/workbench/synonyms/?q=最低").content.decode()
    assert "没有同义词" in office.get("/workbench/synonyms/?state=ended").content.decode()
