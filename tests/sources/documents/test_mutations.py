"""同一份公文换着样子写：括号、空格、折行、次序、日期、标注、附件说明。读出的只该变那一处。"""

import re
from typing import Any

import pytest

from yangguang.sources.documents.rules import parse_document

TITLE = "东河市人民政府办公室关于印发东河市政务公开工作实施方案的通知"
NUMBER = "东政办发〔2021〕18号"
MARK = "（此件公开发布）"
BODY = (
    "《东河市政务公开工作实施方案》已经市政府同意，现印发给你们，请认真贯彻执行。\n"
    "一、总体要求。按照西山省人民政府文件（西政发〔2020〕5号）要求，2020年12月1日前报送。"
)
PLAIN: dict[str, Any] = {
    "title": TITLE,
    "document_number": NUMBER,
    "issuers": ["东河市人民政府办公室"],
    "addressees": ["各县（市、区）人民政府", "市政府各部门"],
    "written_on": "2021-03-03",
    "document_type": "通知",
    "disclosure": "proactive",
    "disclosure_mark": MARK,
    "attachments": [],
}


def written(
    *,
    number: str = NUMBER,
    title: str = TITLE,
    order: str = "number first",
    attachments: str = "",
    signature: str = "东河市人民政府办公室",
    day: str = "2021年3月3日",
    mark: str = MARK,
    tail: str = "",
) -> str:
    """一份公文的文字。"""
    head = {
        "number first": [number, title],
        "title first": [title, number],
        "no number": [title],
    }[order]
    to = "各县（市、区）人民政府，市政府各部门："
    parts = [*head, to, BODY, attachments, signature, day, mark, tail]
    return "\n".join(part for part in parts if part)


def check(text: str, **changed: Any) -> None:
    """只有 ``changed`` 里的要素变了；标题里并列机关之间的空格不计。"""
    read = parse_document(text).as_json()
    expected = PLAIN | changed
    assert {name: read[name] for name in expected if name != "title"} == {
        name: value for name, value in expected.items() if name != "title"
    }
    assert re.sub(r"\s", "", read["title"] or "") == re.sub(r"\s", "", expected["title"] or "")


@pytest.mark.parametrize("order", ["number first", "title first"])
def test_the_number_stands_before_or_after_the_title(order: str) -> None:
    check(written(order=order))


def test_without_a_number_the_number_cited_in_the_body_is_not_taken() -> None:
    check(written(order="no number"), document_number=None)


@pytest.mark.parametrize(
    "number",
    [
        "东政办发［2021］18号", "东政办发[2021]18号", "东政办发(2021)18号", "东政办发（2021）18号", "东政办发【2021】18号",
        "东政办发﹝2021﹞18号", "东政办发{2021}18号", "东政办发「2021」18号", "东政办发〖2021〗18号", "东政办发〈2021〉18号", "东政办发〔2021年〕18号",
        "东政办发 〔 2021 〕 18 号", "东 政 办 发〔2021〕1 8号", "东政办发〔２０２１〕１８号", "发文字号：东政办发〔2021〕18号",
        "文号：东政办发〔2021〕18号", "（东政办发〔2021〕18号）", "东政办发〔2021〕18号　　　签发人：某某某",
        "东 河 市 人 民 政 府 办 公 室 文 件\n东政办发〔2021〕18号", "000123\n特急\n东河市人民政府办公室文件\n东政办发〔2021〕18号",
    ],
)  # fmt: skip
def test_brackets_spaces_labels_and_mastheads_do_not_change_the_number(number: str) -> None:
    check(written(number=number))


@pytest.mark.parametrize(
    "title",
    [f"{TITLE}（{NUMBER}）", f"{TITLE} {NUMBER}", f"{NUMBER} {TITLE}", f"{NUMBER}{TITLE}"],
)
def test_the_number_may_share_a_line_with_the_title(title: str) -> None:
    check(written(title=title, order="no number"))


@pytest.mark.parametrize("order", ["number first", "title first"])
@pytest.mark.parametrize(
    "title",
    [
        "东河市人民政府办公室\n关于印发东河市政务公开工作实施方案的通知",
        "东河市人民政府办公室关于印发\n东河市政务公开工作实施方案\n的通知",
        "东河市人民政府办公室关于印发东河市\n政务公开工作实施方案的\n通　知",
        "  东河市人民政府办公室  \n\n  关于印发东河市政务公开工作\n\n  实施方案的通知",
        "东河市人民政府办公室 关于印发东河市政务公开工作实施方案的通知",
        "东河市人民政府办公室关于\n印发东河市政务公开工作实施方案的通知",
    ],
)
def test_a_title_broken_over_lines_is_one_title(title: str, order: str) -> None:
    check(written(title=title, order=order))


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2021 年 3 月 3 日", "2021-03-03"), ("２０２１年３月３日", "2021-03-03"), ("二〇二一年三月三日", "2021-03-03"),
        ("二○二一年三月三日", "2021-03-03"), ("二零二一年三月三日", "2021-03-03"), ("二O二一年三月三日", "2021-03-03"),
        ("二0二一年三月三日", "2021-03-03"), ("2021年03月03日", "2021-03-03"), ("2021.3.3", "2021-03-03"),
        ("2021-03-03", "2021-03-03"), ("二〇二一年 三月 三日", "2021-03-03"), ("二OO六年三月二十日", "2006-03-20"),
        ("二〇二一年十二月卅一日", "2021-12-31"), ("二〇二一年十月十一日", "2021-10-11"),
    ],
)  # fmt: skip
def test_every_way_to_write_the_date(day: str, expected: str) -> None:
    check(written(day=day), written_on=expected)


def test_a_day_no_calendar_has_is_null_and_uncertain() -> None:
    read = parse_document(written(day="2021年2月30日"))
    assert read.written_on is None
    assert "written_on" in read.uncertain


def test_a_date_in_the_body_or_the_imprint_is_not_the_date_of_the_document() -> None:
    tail = "抄送：市委办公室。\n东河市人民政府办公室　　　2021年3月5日印发"
    check(written(tail=tail))
    check(written(day="", tail=tail), written_on=None)


MARKS = [
    ("（此件主动公开）", "proactive"), ("（此件依申请公开）", "on_request"), ("（此件不予公开）", "withheld"), ("(此件公开发布)", "proactive"),
    ("（主动公开）", "proactive"), ("（依申请公开）", "on_request"), ("（不予公开）", "withheld"), ("〔此件公开发布〕", "proactive"),
    ("［此件主动公开］", "proactive"), ("（ 此件公开发布 ）", "proactive"), ("（本件主动公开）", "proactive"), ("公开方式：主动公开", "proactive"),
    ("信息公开选项：主动公开", "proactive"), ("政府信息公开选项：依申请公开", "on_request"), ("公开属性：不予公开", "withheld"),
    ("（此件删减后公开）", None), ("主动公开", "proactive"), ("依申请公开", "on_request"), ("此件公开发布", "proactive"), ("（此件不公开）", "withheld"),
]  # fmt: skip


@pytest.mark.parametrize(("mark", "disclosure"), MARKS)
def test_every_mark_is_kept_as_written(mark: str, disclosure: str | None) -> None:
    check(written(mark=mark), disclosure=disclosure, disclosure_mark=mark)
    imprint = "抄送：市委办公室。\n东河市人民政府办公室 2021年3月5日印发\n" + mark
    check(written(mark="", tail=imprint), disclosure=disclosure, disclosure_mark=mark)


def test_no_mark_is_null_and_the_bare_words_of_a_web_menu_are_no_mark() -> None:
    check(written(mark=""), disclosure=None, disclosure_mark=None)
    check("主动公开\n" + written(mark=""), disclosure=None, disclosure_mark=None)


@pytest.mark.parametrize(
    ("attachments", "names"),
    [
        ("附件：东河市任务分解表", ["东河市任务分解表"]), ("附件：1.甲方案\n2.乙方案", ["甲方案", "乙方案"]),
        ("附件：\n1.甲方案\n2.乙方案", ["甲方案", "乙方案"]), ("附件:1. 甲方案 2. 乙方案", ["甲方案", "乙方案"]),
        ("附件1：甲方案\n附件2：乙方案", ["甲方案", "乙方案"]), ("附 件：甲方案", ["甲方案"]),
        ("附件：１．《甲方案》\n２．《乙方案》", ["甲方案", "乙方案"]), ("附件：1、甲方案；2、乙方案。", ["甲方案", "乙方案"]),
        ("附件：1. 2021年要点\n2. 2022年要点", ["2021年要点", "2022年要点"]),
    ],
)  # fmt: skip
def test_every_way_to_list_attachments(attachments: str, names: list[str]) -> None:
    check(written(attachments=attachments), attachments=names)


TABLE = (
    "索引号：000014349/2021-00001\n主题分类：综合政务\n发文机关：东河市人民政府办公室\n成文日期：2021年03月03日\n"
    f"标　　题：{TITLE}\n发文字号：{NUMBER}\n发布日期：2021年03月10日\n有效性：有效\n\n"
)


@pytest.mark.parametrize(
    "above",
    [
        TABLE, TABLE.replace("\n", "\t", 3), TABLE.replace("：", "\n"),
        f"索 引 号 | 000014349/2021-00001 | 主题分类 | 综合政务 |\n文 号 | {NUMBER} | 制发机构 | |\n",
        f"首页 > 政务公开 > 政策文件\n{TITLE}\n发布时间：2021-03-10 09:00 来源：市政府办公室 浏览次数：123\n",
        "东河市人民政府\n首页 >> 公开信息内容\n", "返 回\n所在位置: 东河网 > 专题\n", "部门目录\n首页 > 正文\n",
    ],
)  # fmt: skip
def test_what_a_web_page_has_above_the_text_does_not_change_it(above: str) -> None:
    check(above + written())


def test_a_number_only_in_the_web_table_is_taken_and_uncertain() -> None:
    check(TABLE + written(order="no number"))
    assert "document_number" in parse_document(TABLE + written(order="no number")).uncertain


def test_the_date_a_page_was_put_up_is_not_the_date_of_the_document() -> None:
    page = f"{TITLE}\n2021-03-10   作者: 点击数:\n各县人民政府：\n请执行。"
    assert parse_document(page).written_on is None


@pytest.mark.parametrize("gap", ["", " ", "　　"])
@pytest.mark.parametrize("order", ["number first", "title first"])
def test_everything_on_one_line_is_read_the_same(gap: str, order: str) -> None:
    check(written(order=order).replace("\n", gap))


@pytest.mark.parametrize(
    ("title", "signature", "issuers"),
    [
        ("东河市财政局 东河市教育局关于做好某项工作的通知", "东河市财政局\n东河市教育局", ["东河市财政局", "东河市教育局"]),
        ("东河市财政局\n东河市教育局\n关于做好某项工作的通知", "东河市财政局  东河市教育局", ["东河市财政局", "东河市教育局"]),
        (
            "中共东河市委办公室 东河市人民政府办公室印发《关于某项工作的意见》的通知", "中共东河市委办公室　　东河市人民政府办公室",
            ["中共东河市委办公室", "东河市人民政府办公室"],
        ),
        (
            "关于做好某项工作的通知", "东河市财政局  东河市教育局\n国家税务总局东河市税务局",
            ["东河市财政局", "东河市教育局", "国家税务总局东河市税务局"],
        ),
    ],
)  # fmt: skip
def test_joint_issuers_are_all_named(title: str, signature: str, issuers: list[str]) -> None:
    check(written(title=title, signature=signature), title=title, issuers=issuers)


@pytest.mark.parametrize("kind", ["决议", "决定", "公报", "公告", "通告", "意见", "通知", "通报", "报告", "请示", "批复", "议案", "函", "纪要"])  # fmt: skip
def test_the_kind_is_the_last_word_of_the_title(kind: str) -> None:
    title = f"东河市人民政府关于某项重要工作的{kind}"
    check(
        written(title=title, signature="东河市人民政府"),
        title=title,
        document_type=kind,
        issuers=["东河市人民政府"],
    )


def test_an_issued_plan_with_its_own_signature_does_not_change_the_notice() -> None:
    check(
        written(
            tail="东河市政务公开工作实施方案\n为做好工作，制定本方案。\n一、目标\n"
            "（一）做好。（责任单位：市政府办公室）\n东河市政务公开领导小组\n2021年2月1日"
        )
    )
