"""一份公文过三关。

信息员收了一份带 docx 附件的公文，附件里有身份证号，正文里有手机号和错字：记录页当场标出来，送审被拦；
他一键遮盖正文和附件，送审。审核人看三关，把一处确有理由的放行，审核通过；签发人签发，发布。
记录上留着三关各由谁把的。监督员在统计里看到这个月查出几处。
"""

import io
import re

import pytest
from docx import Document
from openpyxl import Workbook

from tests.actors import actor
from tests.foundation.screening.test_rules import MADE_UP
from tests.hub.screening.conftest import in_force
from tests.town import Town
from tests.workbench import sign_in
from yangguang.foundation.jobs.models import Job
from yangguang.foundation.lifecycle.services import perform
from yangguang.hub.publications.models import PublicationVersion
from yangguang.hub.screening.entries import Entry
from yangguang.hub.screening.jobs import observe_again
from yangguang.hub.screening.models import DictionaryVersion, GateVerdict, Overrule
from yangguang.sources.documents.services import attach_uploads

pytestmark = pytest.mark.django_db


def docx(text: str) -> bytes:
    document = Document()
    document.add_paragraph(text)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def paragraphs(*texts: str) -> list[dict[str, str]]:
    return [{"type": "paragraph", "text": text, "style": "plain"} for text in texts]


def look() -> None:
    """作业进程查一遍错。"""
    for job in Job.objects.filter(name="screening.observe").order_by("pk"):
        observe_again(**job.payload)


def test_a_document_goes_through_the_three_gates(town: Town) -> None:
    supervisor = actor("supervisor", town.organisation)
    in_force(supervisor, "terms", Entry("terms", "旧称呼", "新称呼"), wrong="旧称呼")
    document = town.document(
        body=paragraphs("联系人 13800138000，截止目前", "“旧称呼”一词即日停用。")
    )
    attach_uploads(document, [("名单.docx", docx(f"甲 {MADE_UP}"))], actor=town.drafter)
    look()
    drafter, reviewer = sign_in(town.drafter), sign_in(town.reviewer)
    home, gates = (
        f"/workbench/documents/{document.pk}/",
        f"/workbench/gates/document/{document.pk}/",
    )

    page = drafter.get(home).content.decode()
    assert "附件“名单.docx”第 1 段疑有身份证号" in page
    assert MADE_UP not in page and "一键遮盖个人信息（2 处）" in page
    assert drafter.fill(f"{home}do/submit/").status_code == 422
    seen = re.sub(r"\s+", " ", drafter.get(gates).content.decode())
    assert '<mark class="bad" title="禁用词：新称呼">旧称呼</mark>' in seen

    masked = drafter.post(f"{gates}mask/", {}).content.decode()
    assert "已遮盖正文 1 处、附件 1 个" in masked and "疑有身份证号" not in masked
    document.refresh_from_db()
    assert document.body[0]["text"] == "联系人 138******00，截止目前"

    spot = reviewer.client.get(gates).content.decode().split(f"{gates}overrule/")[1].split("/")[0]
    assert (
        "请写明理由"
        in reviewer.post(f"{gates}overrule/{spot}/", {"key": "o", "reason": ""}).content.decode()
    )
    reviewer.fill(f"{gates}overrule/{spot}/", reason="引用停用的说法")
    assert Overrule.objects.get().user_id == town.reviewer.user_id

    drafter.fill(f"{home}do/submit/")
    reviewer.fill(f"{home}do/pass/")
    sign_in(town.approver).fill(f"{home}do/approve/")
    drafter.fill(f"{home}do/publish/")
    assert PublicationVersion.objects.count() == 1
    assert GateVerdict.objects.filter(verdict="passed").count() == 3
    told = drafter.get(home).content.decode()
    assert "引用停用的说法" in told and "还没有把" not in told

    look()
    page = sign_in(supervisor).get("/workbench/caught/")
    rows = {row["gate"]: row for row in page.context["table"].data}
    assert {g: (r["total"], r["mended"], r["overruled"]) for g, r in rows.items()} == {
        "political": (1, 0, 1), "policy": (2, 2, 0), "text": (1, 0, 0),
    }  # fmt: skip
    assert "截止目前" not in page.content.decode()
    listed = drafter.get("/workbench/gates/").content.decode()
    assert "错别字" in listed and "禁用词</td>" not in listed


def test_a_supervisor_drafts_tries_and_adopts_a_dictionary(town: Town) -> None:
    desk = sign_in(actor("supervisor", town.organisation))
    desk.fill("/workbench/dictionaries/new/", dictionary="leaders", note="新任")
    version = DictionaryVersion.objects.get()
    home = f"/workbench/dictionaries/{version.pk}/"
    assert "还没有词条" in desk.get(home).content.decode()
    wrong = desk.fill(f"{home}entries/new/", text="甲", right="测试州州长")
    assert wrong.status_code == 422 and "姓名至少两个字" in wrong.content.decode()
    desk.fill(f"{home}entries/new/", text="演示甲", right="测试州州长", valid_from="2024-03-01")
    desk.fill(f"{home}samples/new/", text="副州长演示甲出席", expected="副州长演示甲")
    desk.fill(f"{home}samples/new/", text="州长演示甲出席", expected="演示甲")
    assert "应查出“演示甲”，没有查出" in desk.get(home).content.decode()
    assert desk.fill(f"{home}do/test/").status_code == 422
    sample = version.samples()[1]
    desk.post(f"{home}samples/{sample.pk}/remove/", {})
    desk.fill(f"{home}samples/new/", text="州长演示甲出席", expected="")
    desk.fill(f"{home}do/test/")
    desk.fill(f"{home}do/adopt/")
    version.refresh_from_db()
    assert version.state == "in_force"
    page = desk.get(home).content.decode()
    assert "加一条" not in page and "导出表格" in page
    assert desk.get(f"{home}workbook/").content[:2] == b"PK"
    refused = desk.client.get(f"{home}entries/new/", follow=True)
    assert "另起一版" in refused.content.decode()


def test_a_bad_cell_of_an_imported_sheet_is_named_and_nothing_changes(town: Town) -> None:
    who = actor("supervisor", town.organisation)
    desk = sign_in(who)
    desk.fill("/workbench/dictionaries/new/", dictionary="leaders", note="导入")
    version = DictionaryVersion.objects.get()
    book = Workbook()
    book.active.append(["姓名", "职务", "误写", "处理", "起", "止", "说明"])
    book.active.append(["演示甲", "测试州州长", "", "", "", "", ""])
    book.active.append(["演示乙", "测试州副州长", "", "", "2024-02-30", "", ""])
    stream = io.BytesIO()
    book.save(stream)
    stream.seek(0)
    stream.name = "名单.xlsx"
    home = f"/workbench/dictionaries/{version.pk}/"
    answer = desk.fill(f"{home}import/", file=stream)
    assert answer.status_code == 422
    assert "第 3 行“起”（E3）：“2024-02-30”不是有效的日期" in answer.content.decode()
    assert version.entries.count() == 0
    perform(version, "discard", actor=who, key="x", message="重来")


def test_one_bad_cell_among_sixty_thousand_rows_is_named_and_nothing_changes(town: Town) -> None:
    desk = sign_in(actor("supervisor", town.organisation))
    desk.fill("/workbench/dictionaries/new/", dictionary="terms", note="换一遍")
    version = DictionaryVersion.objects.get()
    before = list(version.entries.values_list("text", flat=True))
    book = Workbook(write_only=True)
    sheet = book.create_sheet("词条")
    sheet.append(["词", "改为", "处理", "除外", "起", "止", "说明"])
    for number in range(60_000):
        handling = "拦住" if number == 43_210 else "拦下"
        sheet.append([f"第{number}种旧说法", "新说法", handling, "", "", "", ""])
    stream = io.BytesIO()
    book.save(stream)
    stream.seek(0)
    stream.name = "词典.xlsx"
    answer = desk.fill(f"/workbench/dictionaries/{version.pk}/import/", file=stream)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert page.count("第 43212 行“处理”（C43212）") == 1 and "“拦住”" in page
    assert list(version.entries.values_list("text", flat=True)) == before
