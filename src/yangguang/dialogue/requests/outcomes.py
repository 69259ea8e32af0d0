"""答复的二十一种：条例第三十六条的七类，按理由分开。纯数据与纯函数。

每一种归入表三的一行（``table3``），写明依据的条款；一件申请恰好一种。程序性的办结（撤回、逾期不补正、逾期不缴费）
没有答复书，另列在 ``ENDINGS``。
"""

from collections.abc import Mapping
from dataclasses import dataclass

from .table3 import BY_CODE, Result, row_label


@dataclass(frozen=True)
class Outcome:
    """一种答复。

    ``letter`` 是模板的字母（A、D1……），``row`` 是表三的行，``basis`` 是答复书引用的条款，
    ``conclusion`` 是结论的一句话。``needs_reason`` 的须写明理由（条例第三十六条、第三十七条）；
    ``needs_harm`` 的还须写明公开的危害、能不能区分处理；``needs_search`` 的须有检索过程；
    ``needs_location`` 的须写获取的方式、途径；``needs_authority`` 的能确定负责机关的须告知名称、联系方式。
    """

    code: str
    letter: str
    label: str
    row: str
    basis: str
    conclusion: str
    needs_reason: bool = False
    needs_harm: bool = False
    needs_search: bool = False
    needs_location: bool = False
    needs_authority: bool = False

    @property
    def result(self) -> Result:
        """表三的那一行。"""
        return BY_CODE[self.row]

    @property
    def row_label(self) -> str:
        """表三的那一行怎样称呼。"""
        return row_label(self.row)

    @property
    def is_refusal(self) -> bool:
        """是不予公开（条例第十四条至第十六条），整件或者部分。"""
        return self.needs_harm


OUTCOMES = (
    Outcome(
        "already_public", "A", "已主动公开", "granted", "《中华人民共和国政府信息公开条例》第三十六条第（一）项",
        "您申请公开的政府信息已经主动公开，现将获取的方式、途径告知您", needs_location=True,
    ),
    Outcome(
        "granted", "B", "予以公开", "granted", "《中华人民共和国政府信息公开条例》第三十六条第（二）项",
        "您申请公开的政府信息可以公开，现予公开", needs_location=True,
    ),
    Outcome(
        "partial", "C", "部分公开", "partial",
        "《中华人民共和国政府信息公开条例》第三十六条第（三）项、第三十七条",
        "您申请公开的政府信息中，部分内容可以公开，现予公开；其余内容不予公开",
        needs_reason=True, needs_harm=True, needs_location=True,
    ),
    Outcome(
        "state_secret", "D1", "不予公开：属于国家秘密", "deny_1_state_secret",
        "《中华人民共和国政府信息公开条例》第十四条、第三十六条第（三）项",
        "您申请公开的政府信息属于依法确定为国家秘密的政府信息，决定不予公开",
        needs_reason=True, needs_harm=True,
    ),
    Outcome(
        "law_forbidden", "D2", "不予公开：法律、行政法规禁止公开", "deny_2_law_forbidden",
        "《中华人民共和国政府信息公开条例》第十四条、第三十六条第（三）项",
        "您申请公开的政府信息属于法律、行政法规禁止公开的政府信息，决定不予公开",
        needs_reason=True, needs_harm=True,
    ),
    Outcome(
        "three_security", "D3", "不予公开：危及“三安全一稳定”",
        "deny_3_three_security_one_stability",
        "《中华人民共和国政府信息公开条例》第十四条、第三十六条第（三）项",
        "您申请公开的政府信息公开后可能危及国家安全、公共安全、经济安全、社会稳定，决定不予公开",
        needs_reason=True, needs_harm=True,
    ),
    Outcome(
        "third_party", "D4", "不予公开：保护第三方合法权益", "deny_4_third_party",
        "《中华人民共和国政府信息公开条例》第十五条、第三十二条、第三十六条第（三）项",
        "您申请公开的政府信息涉及商业秘密、个人隐私等，公开会对第三方合法权益造成损害，决定不予公开",
        needs_reason=True, needs_harm=True,
    ),
    Outcome(
        "internal_affairs", "D5", "不予公开：内部事务信息", "deny_5_internal_affairs",
        "《中华人民共和国政府信息公开条例》第十六条第一款、第三十六条第（三）项",
        "您申请公开的政府信息属于行政机关的内部事务信息，决定不予公开",
        needs_reason=True, needs_harm=True,
    ),
    Outcome(
        "process_info", "D6", "不予公开：过程性信息", "deny_6_process_info",
        "《中华人民共和国政府信息公开条例》第十六条第二款、第三十六条第（三）项",
        "您申请公开的政府信息属于行政机关在履行行政管理职能过程中形成的过程性信息，决定不予公开",
        needs_reason=True, needs_harm=True,
    ),
    Outcome(
        "enforcement_file", "D7", "不予公开：行政执法案卷信息", "deny_7_enforcement_file",
        "《中华人民共和国政府信息公开条例》第十六条第二款、第三十六条第（三）项",
        "您申请公开的政府信息属于行政执法案卷信息，决定不予公开",
        needs_reason=True, needs_harm=True,
    ),
    Outcome(
        "not_existing", "E", "信息不存在", "unable_1_not_held",
        "《中华人民共和国政府信息公开条例》第三十六条第（四）项",
        "经检索，本机关没有您所申请公开的政府信息，该政府信息不存在", needs_search=True,
    ),
    Outcome(
        "not_responsible", "F", "非本机关负责公开", "unable_1_not_held",
        "《中华人民共和国政府信息公开条例》第三十六条第（五）项",
        "您申请公开的政府信息不属于本机关负责公开", needs_reason=True, needs_authority=True,
    ),
    Outcome(
        "duplicate", "G", "不予重复处理", "noproc_2_duplicate",
        "《中华人民共和国政府信息公开条例》第三十六条第（六）项",
        "本机关已就您提出的政府信息公开申请作出答复，您重复申请公开相同政府信息，不予重复处理",
        needs_reason=True,
    ),
    Outcome(
        "admin_query", "H", "另有规定的查询事项", "deny_8_admin_query",
        "《中华人民共和国政府信息公开条例》第三十六条第（七）项",
        "您申请公开的信息属于工商、不动产登记资料等信息，有关法律、行政法规对信息的获取有特别规定，"
        "请依照有关法律、行政法规的规定办理",
        needs_reason=True, needs_location=True,
    ),
    Outcome(
        "needs_creation", "I", "需要加工、分析", "unable_2_needs_creation",
        "《中华人民共和国政府信息公开条例》第三十八条",
        "您申请公开的政府信息需要本机关对现有政府信息进行加工、分析，本机关不予提供",
        needs_reason=True,
    ),
    Outcome(
        "petition", "J", "信访、投诉、举报事项", "noproc_1_petition",
        "《中华人民共和国政府信息公开条例》第三十九条第一款",
        "您以政府信息公开申请的形式进行信访、投诉、举报等活动，本机关不作为政府信息公开申请处理",
        needs_location=True,
    ),
    Outcome(
        "publication", "K", "公开出版物", "noproc_3_publication",
        "《中华人民共和国政府信息公开条例》第三十九条第二款",
        "您申请的内容为要求提供政府公报、报刊、书籍等公开出版物，现将获取的途径告知您",
        needs_location=True,
    ),
    Outcome(
        "excessive", "L", "大量、反复申请不予处理", "noproc_4_excessive",
        "《中华人民共和国政府信息公开条例》第三十五条",
        "您申请公开政府信息的数量、频次明显超过合理范围，说明的理由不合理，本机关不予处理",
        needs_reason=True,
    ),
    Outcome(
        "unclear", "M", "补正后仍不明确", "unable_3_unclear_after_correction",
        "《中华人民共和国政府信息公开条例》第三十条",
        "您补正后的申请内容仍不明确，本机关无法提供", needs_reason=True,
    ),
    Outcome(
        "not_government_information", "N", "不属于政府信息（咨询等）", "other_3_other",
        "《中华人民共和国政府信息公开条例》第二条",
        "您申请的内容不属于《中华人民共和国政府信息公开条例》所称政府信息", needs_reason=True,
    ),
    Outcome(
        "reconfirm", "O", "要求确认或者重新出具", "noproc_5_reconfirm",
        "《中华人民共和国政府信息公开条例》第二条",
        "您的申请是要求本机关对已获取的信息进行确认或者重新出具，不是申请公开本机关已制作或者获取的政府信息，"
        "本机关不予处理",
        needs_reason=True,
    ),
)  # fmt: skip
"""二十一种答复，照答复书模板的次序。"""
BY_OUTCOME: Mapping[str, Outcome] = {each.code: each for each in OUTCOMES}

ENDINGS: Mapping[str, str] = {
    "withdrawn": "other_3_other",
    "abandoned": "other_1_overdue_correction",
    "unpaid": "other_2_overdue_fee",
}
"""没有答复书的办结（申请的状态）→ 表三的行。"""
