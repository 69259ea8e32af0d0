"""政策解读与文件三同步：同步组织、同步审签、同步部署。纯规则，不碰数据库、时钟和配置。

政策文件没有解读方案的不能送审；确实不必解读的，写明理由。谁起草谁解读，联合发文由牵头机关解读，
重大的由主要负责人带头解读。解读材料与文件同步发布，最迟在期限（工作日，参数）以内。
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

FORMS = {
    "text": "文字",
    "picture": "图解",
    "animation": "动漫",
    "video": "视频",
    "audio": "音频",
    "qa": "问答",
    "h5": "H5",
    "live": "直播",
    "press": "新闻发布会",
    "interview": "访谈",
}
"""解读的形式。"""

CHANNELS = {
    "website": "政府网站",
    "new_media": "政务新媒体",
    "newspaper": "报纸",
    "broadcast": "广播电视",
    "press": "新闻发布会",
    "hall": "政务服务大厅、公开专区",
}
"""解读的途径。"""

UNPLANNED, PLANNED, EXEMPT, EARLIER = "", "planned", "exempt", "earlier"
PREPARED = {
    PLANNED: "有解读方案",
    EXEMPT: "不作解读，写明了理由",
    EARLIER: "要求解读方案以前送审的",
}
"""解读准备到哪里。``earlier`` 只在升级时记，往后不能再选。"""

_POLICY_TITLE = re.compile(
    r"(?:办法|规定|细则|规则|意见|措施|规划|政策|实施方案)(?:[（(〔][^）)〕]*[）)〕])?》?(?:的(?:通知|决定|公告|通告))?$"
)


@dataclass(frozen=True)
class Terms:
    """从 ``since`` 这一天起用的参数；``source`` 是依据。

    印发以后 ``working_days`` 个工作日以内解读；解读的文字最多有 ``most_copied`` 的份额（0 至 1）与文件相同。
    """

    since: date
    source: str
    working_days: int
    most_copied: float


@dataclass(frozen=True)
class Plan:
    """一份解读方案；写了 ``exemption``（不作解读的理由）的，其余都空着。"""

    exemption: str = ""
    outline: str = ""
    forms: Sequence[str] = ()
    channels: Sequence[str] = ()
    persons: Sequence[str] = ()
    principal: str = ""
    planned_on: date | None = None


def terms_on(table: Sequence[Terms], day: date) -> Terms:
    """``day`` 这一天用的参数：起用日期不晚于这一天的里面最近的；没有抛出 ``LookupError``。"""
    found = [each for each in table if each.since <= day]
    if not found:
        raise LookupError(f"没有 {day} 这一天用的政策解读参数。")
    return max(found, key=lambda each: each.since)


def needs_interpretation(
    *, disclosure: str, is_norm: bool, is_major_decision: bool, is_policy: bool
) -> bool:
    """要不要解读：规范性文件、重大行政决策，和起草人声明的政策文件；不公开的不解读。"""
    return disclosure in ("", "proactive") and (is_norm or is_major_decision or is_policy)


def looks_like_policy(title: str) -> bool:
    """标题像政策文件（办法、规定、意见、措施一类）。只用来提醒核对，不作判断。"""
    return _POLICY_TITLE.search(title.strip()) is not None


def interpreter(issuers: Sequence[str], drafted_by: str) -> str:
    """谁来解读：谁起草谁解读；联合发文的是牵头机关，排在最前。"""
    return issuers[0] if issuers else drafted_by


def plan_faults(plan: Plan | None, *, is_major_decision: bool) -> list[str]:
    """解读方案还不成立的缘由，每条一句；成立的为空。"""
    if plan is None:
        return ["缺少解读方案：政策文件送审须附解读方案；确实不必解读的，写明理由。"]
    written = bool(
        plan.outline.strip() or plan.forms or plan.channels or plan.persons or plan.planned_on
    )
    if plan.exemption.strip():
        return ["既写了不作解读的理由，又写了方案，请只留一样。"] if written else []
    faults = [
        f"解读方案缺少{label}。"
        for label, value in (
            ("提纲", plan.outline.strip()),
            ("形式", plan.forms),
            ("途径", plan.channels),
            ("解读人", plan.persons),
            ("计划发布的日期", plan.planned_on),
        )
        if not value
    ]
    if is_major_decision and not plan.principal.strip():
        faults.append("重大行政决策由主要负责人带头解读，请填主要负责人。")
    unknown = [each for each in plan.forms if each not in FORMS]
    unknown += [each for each in plan.channels if each not in CHANNELS]
    if unknown:
        faults.append(f"没有这样的形式、途径：{'、'.join(unknown)}。")
    return faults


def told_of(plan: Plan, *, by: str) -> list[tuple[str, str]]:
    """解读方案说给人看：各项的名称和内容。``by`` 是解读的机关。"""
    if plan.exemption:
        return [("不作解读的理由", plan.exemption)]
    rows = [
        ("解读机关", by),
        ("第一解读人", plan.principal),
        ("解读人", "、".join(plan.persons)),
        ("提纲", plan.outline),
        ("形式", "、".join(FORMS[each] for each in plan.forms)),
        ("途径", "、".join(CHANNELS[each] for each in plan.channels)),
        ("计划发布的日期", plan.planned_on.isoformat() if plan.planned_on else ""),
    ]
    return [(label, text) for label, text in rows if text]
