"""年度报告表三、表四的行和列。纯数据与纯函数。

样式是国务院办公厅政府信息与政务公开办公室 2021 年 9 月 26 日印发的，2021 年度起用；2019、2020 年度用试行的，
“（六）其他处理”只有一行。（三）（四）（五）（六）没有小计行，不得加。
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

FORMS = {"2021": "2021 年度起", "2019": "2019、2020 年度（试行）"}
"""表的样式和用于哪几年。"""

COLUMNS = {
    "natural_person": "自然人",
    "commercial": "商业企业",
    "research": "科研机构",
    "public_welfare": "社会公益组织",
    "legal_service": "法律服务机构",
    "other_org": "其他",
    "total": "总计",
}
"""表三的列：自然人；法人或其他组织的五种；总计。"""
APPLICANTS = tuple(name for name in COLUMNS if name != "total")
"""申请人的六类。"""


@dataclass(frozen=True)
class Result:
    """一种办理结果：每件申请恰好归入一种。

    ``part`` 是表三“三、本年度办理结果”里的哪一部分；``basis`` 是条例的条款。
    """

    code: str
    part: str
    label: str
    basis: str


GRANTED, PARTIAL = "（一）予以公开", "（二）部分公开"
DENIED, UNABLE = "（三）不予公开", "（四）无法提供"
NOT_PROCESSED, OTHER = "（五）不予处理", "（六）其他处理"

RESULTS = (
    Result("granted", GRANTED, "予以公开", "条例第三十六条第一项、第二项"),
    Result("partial", PARTIAL, "部分公开（区分处理的，只计这一情形，不计其他情形）", "条例第三十七条"),
    Result("deny_1_state_secret", DENIED, "1.属于国家秘密", "条例第十四条"),
    Result("deny_2_law_forbidden", DENIED, "2.其他法律行政法规禁止公开", "条例第十四条"),
    Result(
        "deny_3_three_security_one_stability", DENIED, "3.危及“三安全一稳定”", "条例第十四条"
    ),
    Result("deny_4_third_party", DENIED, "4.保护第三方合法权益", "条例第十五条"),
    Result("deny_5_internal_affairs", DENIED, "5.属于三类内部事务信息", "条例第十六条第一款"),
    Result("deny_6_process_info", DENIED, "6.属于四类过程性信息", "条例第十六条第二款"),
    Result("deny_7_enforcement_file", DENIED, "7.属于行政执法案卷", "条例第十六条第二款"),
    Result("deny_8_admin_query", DENIED, "8.属于行政查询事项", "条例第三十六条第七项"),
    Result(
        "unable_1_not_held", UNABLE, "1.本机关不掌握相关政府信息", "条例第三十六条第四项、第五项"
    ),
    Result("unable_2_needs_creation", UNABLE, "2.没有现成信息需要另行制作", "条例第三十八条"),
    Result(
        "unable_3_unclear_after_correction", UNABLE, "3.补正后申请内容仍不明确", "条例第三十条"
    ),
    Result("noproc_1_petition", NOT_PROCESSED, "1.信访举报投诉类申请", "条例第三十九条第一款"),
    Result("noproc_2_duplicate", NOT_PROCESSED, "2.重复申请", "条例第三十六条第六项"),
    Result("noproc_3_publication", NOT_PROCESSED, "3.要求提供公开出版物", "条例第三十九条第二款"),
    Result("noproc_4_excessive", NOT_PROCESSED, "4.无正当理由大量反复申请", "条例第三十五条"),
    Result(
        "noproc_5_reconfirm", NOT_PROCESSED, "5.要求行政机关确认或重新出具已获取信息", "年度报告样式"
    ),
    Result(
        "other_1_overdue_correction", OTHER,
        "1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请", "条例第三十条",
    ),
    Result(
        "other_2_overdue_fee", OTHER,
        "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请",
        "国办函〔2020〕109号",
    ),
    Result("other_3_other", OTHER, "3.其他", "年度报告样式"),
)  # fmt: skip
"""2021 样式的各种办理结果，照表三的次序。"""
BY_CODE: Mapping[str, Result] = {each.code: each for each in RESULTS}
OTHER_ALL = Result("other_all", OTHER, "其他处理", "年度报告样式（试行）")
"""2019 样式里“（六）其他处理”的那一行。"""

RECEIVED, CARRIED_IN = "new_received", "carried_in"
PROCESSED, CARRIED_OUT = "processed_total", "carried_out"
TOTALS = {
    RECEIVED: "一、本年新收政府信息公开申请数量",
    CARRIED_IN: "二、上年结转政府信息公开申请数量",
    PROCESSED: "三、本年度办理结果（七）总计",
    CARRIED_OUT: "四、结转下年度继续办理",
}

GROUPS = {
    "reconsideration": "行政复议",
    "litigation_direct": "行政诉讼　未经复议直接起诉",
    "litigation_after_reconsideration": "行政诉讼　复议后起诉",
}
"""表四的三组。"""
OUTCOMES = {
    "upheld": "结果维持",
    "corrected": "结果纠正",
    "other": "其他结果",
    "pending": "尚未审结",
    "total": "总计",
}


def results_of(form: str) -> Sequence[Result]:
    """一种样式的各种办理结果，照表的次序。没有这种样式抛出 ``KeyError``。"""
    if form not in FORMS:
        raise KeyError(form)
    if form == "2021":
        return RESULTS
    return (*(each for each in RESULTS if each.part != OTHER), OTHER_ALL)


def rows_of(form: str) -> Sequence[str]:
    """一种样式的数据行的代码，照表的次序：2021 样式 25 行，2019 样式 23 行。"""
    return (
        RECEIVED, CARRIED_IN, *(each.code for each in results_of(form)), PROCESSED, CARRIED_OUT,
    )  # fmt: skip


def row_label(code: str) -> str:
    """一行怎样称呼。"""
    if code in TOTALS:
        return TOTALS[code]
    found = OTHER_ALL if code == OTHER_ALL.code else BY_CODE[code]
    return found.part if found.part in (GRANTED, PARTIAL) else f"{found.part}{found.label}"
