"""一个站点的一生：正常运行、临时下线、关停，和要对公众说的公告。纯规则，不碰数据库、时钟和配置。

依据《政府网站发展指引》（国办发〔2017〕47号）：变更、下线、关停都要报批，并在全国政府网站信息报送系统
备案；关停先公告，内容迁走以后才注销。天数、次数是参数，随事实给出，由部署按本地的规定调整。
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from yangguang.foundation.lifecycle.rules import GuardContext, Lifecycle, Transition

from .rules import EDITORS

AUTHORITY = frozenset({"supervisor"})
"""主管单位的人：批准下线、关停。"""
GUIDE = "《政府网站发展指引》（国办发〔2017〕47号）"
LOST = frozenset({"moving", "closed"})
"""不再收新信息的站点：新的发到上级的站点。"""


def another_approves(context: GuardContext) -> list[str]:
    """谁申请的，谁就不能批；由人代理也不行。"""
    if context.facts["asked_by"] in context.actor.persons:
        return ["这是您自己申请的，须由主管单位的另一个人批准。"]
    return []


def offline_quota(context: GuardContext) -> list[str]:
    """一年里临时下线的次数有限。"""
    year, most = context.at.year, context.facts["offline_times"]
    if context.facts["offline_years"].count(year) < most:
        return []
    return [f"{year}年已经临时下线过 {most} 次，一年不能再多（{GUIDE}）。"]


def offline_span(context: GuardContext) -> list[str]:
    """恢复的日期写了，而且不超过限期。"""
    until, most = context.inputs.get("until"), context.facts["offline_days"]
    today = context.facts["today"]
    if until is None:
        return ["请写明哪一天恢复。"]
    if until <= today:
        return ["恢复的日期要在今天以后。"]
    latest = today + timedelta(days=most)
    if until > latest:
        return [f"临时下线一次不超过 {most} 天，最迟 {latest.isoformat()} 恢复（{GUIDE}）。"]
    return []


def asked_span_holds(context: GuardContext) -> list[str]:
    """申请的恢复日期还没有到。"""
    until = context.facts["offline_until"]
    if until is not None and until <= context.facts["today"]:
        return [f"申请的恢复日期 {until.isoformat()} 已经到了，请退回重新申请。"]
    return []


def is_documented(context: GuardContext) -> list[str]:
    """批准的文件和备案都写明。"""
    labels = (("approval", "批准文件的文号"), ("filing", "全国政府网站信息报送系统的备案情况"))
    return [
        f"请写明{label}。" for name, label in labels if not context.inputs.get(name, "").strip()
    ]


def has_successor(context: GuardContext) -> list[str]:
    """内容迁到另一个还开着的站点。"""
    successor = context.inputs.get("successor")
    if successor is None:
        return ["请选定内容迁到哪个站点。"]
    if successor.pk == context.facts["own"] or successor.state != "running":
        return [f"“{successor}”不能接收迁移：要是另一个正常运行的站点。"]
    return []


def covers_successor(context: GuardContext) -> list[str]:
    """批准的人也管着接收的站点。"""
    pk, path = context.facts["successor_organisation"]
    if context.actor.covers(pk, path):
        return []
    return ["内容要迁到的站点不在您的范围内，请由它们共同的主管单位批准。"]


def successor_runs(context: GuardContext) -> list[str]:
    """接收的站点此刻还正常运行。"""
    return [] if context.facts["successor_runs"] else ["接收内容的站点没有正常运行，现在不能迁移。"]


def nothing_underneath(context: GuardContext) -> list[str]:
    """没有别的站点正要迁到这里。"""
    waiting = context.facts["heirs_of"]
    if not waiting:
        return []
    return [f"{'、'.join(waiting)}正要把内容迁到这里，请等它们迁完。"]


def notice_has_run(context: GuardContext) -> list[str]:
    """公告期满。"""
    until = context.facts["notice_until"]
    if until is not None and context.facts["today"] > until:
        return []
    return [
        f"关停公告要挂到 {until.isoformat() if until else '期满'}，期满以后才能迁移（{GUIDE}）。"
    ]


def has_fallback(context: GuardContext) -> list[str]:
    """没有同名栏目的放到哪里，选定了。"""
    fallback = context.inputs.get("fallback")
    if fallback is None:
        return ["请选定没有同样栏目的信息放到哪里。"]
    if fallback.site_id != context.facts["successor"] or fallback.closed_on:
        return [f"“{fallback}”不是接收站点开着的栏目。"]
    return []


def everything_moved(context: GuardContext) -> list[str]:
    """原件、专题都迁走了，转发都停了。"""
    left, topics = context.facts["left"], context.facts["left_topics"]
    faults = [f"还有 {left:,} 条信息没有迁走，迁完才能注销。"] if left else []
    return faults + ([f"还有 {topics:,} 个专题没有迁走，迁完才能注销。"] if topics else [])


LIFE = Lifecycle(
    name="site",
    label="站点",
    initial="running",
    states={
        "running": "正常运行",
        "offline_asked": "申请临时下线",
        "offline": "临时下线",
        "closing_asked": "申请关停",
        "announced": "关停公告",
        "moving": "内容迁移",
        "closed": "已关停",
    },
    transitions=(
        Transition(
            "ask_offline", "申请临时下线", frozenset({"running"}), "offline_asked", EDITORS,
            guards=(offline_quota, nothing_underneath), input_guards=(offline_span,),
            needs_message=True, legal_basis=GUIDE,
            sentence="批准以前网站照常。理由会写在公告里给公众看。",
        ),
        Transition(
            "approve_offline", "批准临时下线", frozenset({"offline_asked"}), "offline", AUTHORITY,
            guards=(another_approves, asked_span_holds), input_guards=(is_documented,),
            legal_basis=GUIDE,
            sentence="批准后，网站的每个地址都只显示临时下线的公告；已经公开的信息原样保留，恢复以后照旧。",
        ),
        Transition(
            "decline_offline", "不同意下线", frozenset({"offline_asked"}), "running", AUTHORITY,
            needs_message=True,
        ),
        Transition(
            "restore", "恢复运行", frozenset({"offline"}), "running", EDITORS,
            legal_basis=GUIDE, sentence="网站随即恢复；恢复后到报送系统更新状态。",
        ),
        Transition(
            "ask_closing", "申请关停", frozenset({"running"}), "closing_asked", EDITORS,
            guards=(nothing_underneath,), input_guards=(has_successor,), needs_message=True,
            legal_basis=GUIDE, sentence="批准以前网站照常。理由会写在公告里给公众看。",
        ),
        Transition(
            "announce", "批准关停，发布公告", frozenset({"closing_asked"}), "announced", AUTHORITY,
            guards=(another_approves, covers_successor, successor_runs),
            input_guards=(is_documented,), legal_basis=GUIDE,
            sentence="公告挂在本站每一页和上级站点的首页，期满才能迁移。",
        ),
        Transition(
            "decline_closing", "不同意关停", frozenset({"closing_asked"}), "running", AUTHORITY,
            needs_message=True,
        ),
        Transition(
            "stop_closing", "不再关停", frozenset({"announced"}), "running", AUTHORITY,
            needs_message=True, sentence="公告撤下，网站照常运行。",
        ),
        Transition(
            "migrate", "迁移内容", frozenset({"announced"}), "moving", AUTHORITY,
            guards=(notice_has_run, covers_successor, successor_runs),
            input_guards=(has_fallback,), legal_basis=GUIDE,
            sentence="全部信息逐条迁到接收的站点，迁完才能注销；原来的地址上写明迁到了哪里。开始以后不能退回。",
        ),
        Transition(
            "close", "完成关停", frozenset({"moving"}), "closed", AUTHORITY,
            guards=(everything_moved,), needs_message=True, legal_basis=GUIDE,
            sentence="写明网站标识码、域名、ICP 备案、公安备案各在哪天注销；不需要注销的也写明。",
        ),
    ),
    progress=("running", "closing_asked", "announced", "moving", "closed"),
)  # fmt: skip
"""站点的转换表。临时下线是旁支，恢复以后回到正常运行。"""
_OFFLINE = ("running", "offline_asked", "offline")


def path_along(state: str) -> tuple[str, ...]:
    """现在走的是哪条路：没有申请过的只有一步，下线一条，关停一条。"""
    if state == LIFE.initial:
        return (state,)
    return _OFFLINE if state in _OFFLINE else LIFE.progress


@dataclass(frozen=True)
class Announcement:
    """一则公告：标题、各段、落款、日期。"""

    title: str
    paragraphs: tuple[str, ...]
    signed: str
    on: date


def offline_notice(
    name: str, organiser: str, reason: str, *, since: date, until: date, approval: str, contact: str
) -> Announcement:
    """临时下线的公告：为什么、从哪天到哪天、经谁批准、怎样联系。"""
    return Announcement(
        f"{name}网站临时下线公告",
        tuple(
            _paragraphs(
                f"因{_clause(reason)}，经批准（{approval}），{name}网站自 {since.isoformat()} 起临时下线，"
                f"预计 {until.isoformat()} 恢复。",
                "已经公开的政府信息完整保存，恢复以后地址不变。",
                contact and f"需要帮助的，请联系：{contact}。",
            )
        ),
        organiser,
        since,
    )


def closing_notice(
    name: str,
    organiser: str,
    reason: str,
    *,
    since: date,
    until: date,
    successor: str,
    address: str,
    approval: str,
    contact: str,
    closed_on: date | None = None,
) -> Announcement:
    """关停的公告：为什么、哪天关、内容迁到哪里、新的网址、经谁批准、怎样联系。"""
    if closed_on is None:
        told = (
            f"因{_clause(reason)}，经批准（{approval}），{name}网站将在公告期满后关停。"
            f"公告期自 {since.isoformat()} 至 {until.isoformat()}。"
        )
        moved = f"网站的全部信息迁移到{successor}网站，新的网址是 {address}/。"
    else:
        told = f"因{_clause(reason)}，经批准（{approval}），{name}网站已于 {closed_on.isoformat()} 关停。"
        moved = f"网站的全部信息已迁移到{successor}网站，网址是 {address}/。"
    help_ = contact and f"需要帮助的，请联系：{contact}。"
    return Announcement(
        f"{name}网站关停公告", tuple(_paragraphs(told, moved, help_)), organiser, since
    )


def _paragraphs(*given: str) -> Iterable[str]:
    return (each for each in given if each)


def _clause(reason: str) -> str:
    """理由接在“因”后面：去掉自己的“因”和句末的标点。"""
    return reason.strip().removeprefix("因为").removeprefix("因").rstrip("。；;.，, ")
