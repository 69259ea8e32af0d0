"""菜单与页框：此人能进哪些界面，现在在哪一个，以什么身份。"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Subquery
from django.http import HttpRequest
from django.urls import reverse

from yangguang.foundation.accounts.models import Role, RoleAssignment
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.audit.models import AuditEvent
from yangguang.foundation.reading_day import reading_day

from . import assets
from .registry import SECTIONS, all_viewsets


@dataclass(frozen=True)
class Entry:
    """菜单的一项。``count`` 是还没有看的有几件，没有的不写；等着办的件数随后取来（``slug`` 认是哪一项）。"""

    slug: str
    label: str
    href: str
    is_current: bool
    count: int = 0


@dataclass(frozen=True)
class Section:
    """菜单的一栏。"""

    label: str
    entries: Sequence[Entry]


@dataclass(frozen=True)
class Identity:
    """现在的身份，显示在菜单上方。

    ``empty`` 是对此人没有内容、菜单里不列的界面；``moment`` 随任职和此人办过的最后一件事而变，
    等着办的件数凭它知道要不要重数。
    """

    name: str
    role: str
    organisation: str
    scope: str
    moment: str
    counts: Mapping[str, int] = field(default_factory=dict)
    empty: Collection[str] = ()


Counted = Callable[[Actor], Any]
"""一个界面里还没有看的件数、列不列：一个 SQL 表达式，随身份的那一次查询一起算出。"""

_counted: dict[str, Counted] = {}
_wanted: dict[str, Counted] = {}


def count_in_menu(slug: str, counted: Counted) -> None:
    """登记：代号为 ``slug`` 的界面，菜单和页框上写明有几件没有看。登记过的抛出 ``ValueError``。"""
    if slug in _counted:
        raise ValueError(f"{slug} 已经登记过。")
    _counted[slug] = counted


def list_when(slug: str, wanted: Counted) -> None:
    """登记：代号为 ``slug`` 的界面，``wanted``（一个真假的 SQL 表达式）为真的才列进菜单；地址照样打得开。

    登记过的抛出 ``ValueError``。
    """
    if slug in _wanted:
        raise ValueError(f"{slug} 已经登记过。")
    _wanted[slug] = wanted


def menu(actor: Actor, path: str, who: Identity) -> list[Section]:
    """此人的菜单；没有能进的界面的那一栏不列。自己不查询，界面的 ``may_open`` 可能查一次。"""
    sections = []
    for label in SECTIONS:
        entries = [
            Entry(
                each.slug,
                each.label,
                each.list_href(),
                path.startswith(each.list_href()),
                who.counts.get(each.slug, 0),
            )
            for each in all_viewsets()
            if each.section == label and each.slug not in who.empty and each.may_open(actor)
        ]
        if entries:
            sections.append(Section(label, entries))
    return sections


def identity(actor: Actor) -> Identity:
    """身份的写法，连同各界面里没有看的件数、哪些不列进菜单。一次查询。"""
    counted = {f"count_{slug}": count(actor) for slug, count in _counted.items()}
    counted |= {f"wanted_{slug}": wanted(actor) for slug, wanted in _wanted.items()}
    done = AuditEvent.objects.filter(user=actor.user_id).order_by("-pk")
    counted["last_event"] = Subquery(done.values("pk")[:1])
    held: Any = (
        RoleAssignment.objects.select_related("organisation")
        .annotate(**counted)
        .get(pk=actor.assignment_id)
    )
    return Identity(
        actor.signature,
        str(Role(actor.role).label),
        held.organisation.short_name,
        "含下级" if actor.includes_subtree else "",
        f"{actor.assignment_id}-{held.last_event or 0}",
        {slug: getattr(held, f"count_{slug}") for slug in _counted},
        [slug for slug in _wanted if not getattr(held, f"wanted_{slug}")],
    )


def frame(request: HttpRequest) -> dict[str, Any]:
    """模板的公共值。只在工作台的页面上算，一次请求算一遍：页里的表格另成一个模板，也来要。"""
    kept: dict[str, Any] | None = getattr(request, "workbench_frame", None)
    if kept is None:
        kept = _frame(request)
        request.workbench_frame = kept  # type: ignore[attr-defined]
    return kept


def _frame(request: HttpRequest) -> dict[str, Any]:
    home = reverse("workbench:today")
    if not request.path.startswith(home):
        return {}
    actor: Actor | None = getattr(request, "acting", None)
    common = {
        "workbench_home": home,
        "workbench_stylesheet": assets.stylesheet().path,
        "workbench_script": assets.script().path,
        "today": reading_day(),
    }
    if actor is None:
        return common
    who = identity(actor)
    sections = menu(actor, request.path, who)
    return common | {
        "menu": sections,
        "identity": who,
        "unseen": [each for section in sections for each in section.entries if each.count],
        "is_home": request.path == home,
    }
