"""公文的公开属性：三种，不主动公开的各有理由代码。纯规则，不碰数据库、时钟和配置。

先定公开属性，再运转呈签。不予公开的依据只在条例第十四条至第十六条；
依申请公开不在其中，另有自己的代码，还要写明。规范性文件必须主动公开（条例第二十条第一项）。
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

DISCLOSURES = {
    "proactive": "主动公开",
    "on_request": "依申请公开",
    "withheld": "不予公开",
}
"""公开属性。"""

REGULATIONS_IN_FORCE = date(2019, 5, 15)
"""修订后的《政府信息公开条例》自这一天起施行。"""


@dataclass(frozen=True)
class Reason:
    """不主动公开的一种理由。

    ``since``、``until`` 是可以选用的起止日（含）；停用的不再给人选，从前选了的照样认得。
    一个代码可以先后有几种说法，起止日相接。
    """

    code: str
    disclosure: str
    label: str
    since: date = REGULATIONS_IN_FORCE
    until: date | None = None

    def is_offered(self, on: date) -> bool:
        """``on`` 这一天可以选用。"""
        return self.since <= on and (self.until is None or on <= self.until)

    def distance(self, on: date) -> int:
        """``on`` 这一天离可以选用的日子差几天；在其中为零。"""
        if on < self.since:
            return (self.since - on).days
        return max((on - self.until).days, 0) if self.until is not None else 0


REASONS = (
    Reason("14-law", "withheld", "法律、行政法规禁止公开（条例第十四条）"),
    Reason(
        "14-safety", "withheld",
        "公开后可能危及国家安全、公共安全、经济安全、社会稳定（条例第十四条）",
    ),
    Reason("15-trade", "withheld", "商业秘密（条例第十五条）"),
    Reason("15-privacy", "withheld", "个人隐私（条例第十五条）"),
    Reason("16-1", "withheld", "内部事务信息（条例第十六条第一款）"),
    Reason("16-2-process", "withheld", "过程性信息（条例第十六条第二款）"),
    Reason("16-2-enforcement", "withheld", "行政执法案卷信息（条例第十六条第二款）"),
    Reason("request-subject", "on_request", "只涉及特定的单位或者个人"),
    Reason("request-matter", "on_request", "只涉及特定的事项，不需要公众广泛知晓"),
    Reason("request-use", "on_request", "供特定的生产、生活、科研活动使用"),
    Reason(
        "request-earlier", "on_request", "从前定的，没有分类", until=date(2026, 11, 25),
    ),
)  # fmt: skip
"""随产品发布的不主动公开的理由；现行的看代码表（``codes.reasons``）。

涉及国家秘密的文件不得进入本系统，所以没有这一项。
"""
RESERVED = ("on_request", "withheld")
"""要写明理由的公开属性。"""


def offered(
    on: date, *, kept: str = "", reasons: Sequence[Reason] = REASONS
) -> list[tuple[str, list[tuple[str, str]]]]:
    """``on`` 这一天可以选的，按公开属性分组；``kept`` 是已经选了的，停用了也在里面。"""
    chosen = {
        code: reason
        for code in dict.fromkeys(reason.code for reason in reasons)
        if (reason := _worded(code, on, reasons)) and (reason.is_offered(on) or code == kept)
    }
    return [
        (
            DISCLOSURES[disclosure],
            [(c, reason.label) for c, reason in chosen.items() if reason.disclosure == disclosure],
        )
        for disclosure in RESERVED
    ]


def ground_label(ground: str, on: date, reasons: Sequence[Reason] = REASONS) -> str:
    """理由代码在 ``on`` 这一天的说法；那天没有的，用离得最近的；认不出的照写代码。"""
    found = _worded(ground, on, reasons)
    return found.label if found else ground


def _worded(code: str, on: date, reasons: Sequence[Reason]) -> Reason | None:
    """代码在 ``on`` 这一天的一种说法，没有就取离得最近的；没有这个代码为空。"""
    own = [reason for reason in reasons if reason.code == code]
    return min(own, key=lambda reason: reason.distance(on), default=None)


def disclosure_faults(
    disclosure: str,
    ground: str,
    reason: str,
    *,
    is_norm: bool,
    reasons: Sequence[Reason] = REASONS,
) -> list[str]:
    """公开属性还不能送审的缘由，每条一句；定好了为空。"""
    if not disclosure:
        return ["尚未确定公开属性：先定公开属性，再送审。"]
    if fault := norm_fault(disclosure, is_norm=is_norm):
        return [fault]
    if disclosure == "proactive":
        return []
    label, faults = DISCLOSURES[disclosure], []
    known = next((each for each in reasons if each.code == ground), None)
    if disclosure == "withheld" and (known is None or known.disclosure != disclosure):
        faults.append("不予公开须选定条例第十四条至第十六条的具体依据。")
    elif known is None or known.disclosure != disclosure:
        faults.append("依申请公开须选定它自己的理由类别，不能用不予公开的依据。")
    if not reason.strip():
        faults.append(f"{label}须写明理由。")
    return faults


def norm_fault(disclosure: str, *, is_norm: bool) -> str:
    """规范性文件定成了别的公开属性；没有的为空。"""
    if is_norm and disclosure not in ("", "proactive"):
        return "行政规范性文件须主动公开（条例第二十条第一项），不能定为“" + (
            f"{DISCLOSURES[disclosure]}”。"
        )
    return ""


def choice_fault(ground: str, on: date, reasons: Sequence[Reason] = REASONS) -> str:
    """``on`` 这一天选不得的理由代码；选得的、没有选的为空。"""
    if not ground:
        return ""
    reason = _worded(ground, on, reasons)
    if reason is None:
        return "没有这种不主动公开的理由，请从列出的里面选。"
    if reason.is_offered(on):
        return ""
    return f"“{reason.label}”已经停用，请另选。"
