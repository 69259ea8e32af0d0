"""通知的工作台：我的消息，提醒设置；系统管理员看投递。"""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

import django_filters
import django_tables2 as tables
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.views.decorators.http import require_POST

from yangguang.foundation.accounts.models import Role
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.lifecycle.services import Refused
from yangguang.foundation.workbench.listing import TIGHT, kept_query
from yangguang.foundation.workbench.menu import count_in_menu
from yangguang.foundation.workbench.registry import register
from yangguang.foundation.workbench.viewsets import RecordViewSet

from .adapters import outlets
from .forms import SettingsForm
from .models import Contact, Delivery, Message
from .outlets import masked
from .rules import CHANNELS, KINDS
from .selectors import (
    Reach,
    choices_of,
    contacts_of,
    deliveries_of,
    messages_of,
    quiet_of,
    unread_count,
    unread_of,
)
from .services import choose, confirm_contact, drop_contact, mark, set_contact
from .wording import Tally, Unsafe

SHOWN = 20
"""提醒设置里列出最近几次投递。"""
ASKED = {
    "email": ("邮箱地址", "email", "email"),
    "sms": ("手机号码", "tel", "tel-national"),
    "webhook": ("即时通讯的账号", "text", "off"),
}
"""登记时怎样问：标签、输入框的种类、浏览器可以替人填什么。"""


class MessageTable(tables.Table):
    """我的消息。"""

    title = tables.Column("事项")
    kind = tables.Column("类别", attrs=TIGHT)
    due_on = tables.DateColumn(verbose_name="期限", format="Y-m-d", default="", attrs=TIGHT)
    created_at = tables.DateTimeColumn(verbose_name="时间", format="Y-m-d H:i", attrs=TIGHT)
    standing = tables.Column("现在", empty_values=(), orderable=False, attrs=TIGHT)

    class Meta:
        model = Message
        fields = ("title", "kind", "due_on", "created_at", "standing")

    def render_title(self, record: Message) -> str:
        """事项，下面是说明；没有看的加重。"""
        href = reverse("workbench:messages-record", args=[record.pk])
        told = "　".join(each for each in (record.subject_label, record.why) if each)
        title = record.title or "（没有标题）"
        shown = format_html("<b>{}</b>", title) if record.is_new else title
        return format_html('<a href="{}">{}</a><span class="why">{}</span>', href, shown, told)

    def render_standing(self, record: Message) -> str:
        """办了、看过、还没有看。"""
        if record.settled_at is not None:
            return "已经办了"
        return "看过" if record.read_at is not None else "没有看"


class MessageFilters(django_filters.FilterSet):
    """没有指定就是没有看的。"""

    state = django_filters.ChoiceFilter(
        label="看过没有",
        choices=[("unread", "没有看的"), ("all", "全部")],
        empty_label=None,
        method="narrow",
    )
    kind = django_filters.ChoiceFilter(
        label="类别", choices=[(k.code, k.label) for k in KINDS.values()], empty_label="全部"
    )

    class Meta:
        model = Message
        fields = ("state", "kind")

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        if data is not None and "state" not in data:
            data = data.copy()
            data["state"] = "unread"
        super().__init__(data, *args, **kwargs)

    def narrow(self, rows: Any, name: str, value: str) -> Any:
        """没有看、也没有办的。"""
        if value == "all":
            return rows
        return rows.filter(read_at__isnull=True, settled_at__isnull=True)


class MessageViewSet(RecordViewSet[Any]):
    """我的消息，和怎样提醒我。谁也只看得到自己的。"""

    slug = "messages"
    section = "办"
    label = "消息"
    model = Message
    table = MessageTable
    filters = MessageFilters
    search = ("title", "why")
    is_exported = False
    everything = "?state=all"
    list_template = "notify/list.html"
    records_template = "notify/records.html"
    empty_text = "没有新的消息。"

    def queryset(self, actor: Actor) -> QuerySet[Message]:
        """发给自己的，新的在前。"""
        return messages_of(actor.user_id)

    def may_open(self, actor: Actor) -> bool:
        """人人都有。"""
        return True

    def routes(self) -> list[URLPattern]:
        """列表、打开一条、标记；提醒设置、收提醒的地址。"""
        contact = "settings/<slug:channel>/"
        return [
            self.route("", self.list_view, ""),
            self.route("<int:pk>/", self.record_view, "record"),
            self.route("mark/", require_POST(self.mark_view), "mark"),
            self.route("settings/", self.settings_view, "settings"),
            self.route(contact, require_POST(self.contact_view), "contact"),
            self.route(f"{contact}confirm/", require_POST(self.confirm_view), "confirm"),
            self.route(f"{contact}drop/", require_POST(self.drop_view), "drop"),
        ]

    def record_view(self, request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
        """打开一条：记作看过，转到那件事；要用别的身份办的，先去换身份。"""
        found: Message = self.get(actor, pk)
        mark([pk], is_read=True, actor=actor)
        if found.assignment is None or found.assignment_id == actor.assignment_id:
            return redirect(found.href)
        held = found.assignment
        messages.warning(
            request,
            f"这件事要用“{held.organisation.short_name} {held.get_role_display()}”的身份办，请先换身份。",
        )
        query = urlencode({"next": found.href})
        return redirect(f"{reverse('accounts:identity')}?{query}")

    def mark_view(self, request: HttpRequest, actor: Actor) -> HttpResponse:
        """选中的标作看过、没看；或者全部标作看过。"""
        what = request.POST.get("do", "")
        if what not in ("read", "unread", "all"):
            raise Http404
        picked = [int(pk) for pk in request.POST.getlist("pk") if pk.isdecimal()]
        if what == "all":
            picked = list(unread_of(actor.user_id).values_list("pk", flat=True))
        if picked:
            changed = mark(picked, is_read=what != "unread", actor=actor)
            told = "没看" if what == "unread" else "看过"
            messages.success(request, f"{changed} 条标作{told}。")
        else:
            messages.warning(request, "没有选中的消息。")
        query = kept_query(request.POST.get("query", ""))
        return redirect(f"{self.list_href()}?{query}" if query else self.list_href())

    # ---- 提醒设置 ----

    def settings_view(self, request: HttpRequest, actor: Actor) -> HttpResponse:
        """收提醒的地址，怎样提醒，什么时候不打扰，最近发过哪些。"""
        if request.method != "POST":
            return self._settings(request, actor)
        form = self._form(actor, request.POST)
        if not form.is_valid():
            return self._settings(request, actor, form=form)
        choose(form.paces(), form.quiet(), actor=actor)
        messages.success(request, "提醒设置已保存。")
        return redirect("workbench:messages-settings")

    def contact_view(self, request: HttpRequest, actor: Actor, channel: str) -> HttpResponse:
        """登记或更换地址，往那里发验证码。没有接通的渠道没有这一页。"""
        if channel not in outlets().channels:
            raise Http404
        address = request.POST.get("address", "")
        return self._try(
            request, actor,
            lambda: set_contact(channel, address, actor=actor),
            "验证码正在发出，几分钟内会到。收到后填在下面。",
        )  # fmt: skip

    def confirm_view(self, request: HttpRequest, actor: Actor, channel: str) -> HttpResponse:
        """填验证码。没有登记的没有这一页。"""
        self._held(actor, channel)
        digits = request.POST.get("code", "")
        return self._try(
            request, actor,
            lambda: confirm_contact(channel, digits, actor=actor),
            "核实好了，以后的提醒会发到这里。",
        )  # fmt: skip

    def drop_view(self, request: HttpRequest, actor: Actor, channel: str) -> HttpResponse:
        """删去地址。没有登记的没有这一页。"""
        self._held(actor, channel)
        return self._try(request, actor, lambda: drop_contact(channel, actor=actor), "已删去。")

    def _held(self, actor: Actor, channel: str) -> None:
        if channel not in contacts_of(actor.user_id):
            raise Http404

    def _try(self, request: HttpRequest, actor: Actor, act: Any, told: str) -> HttpResponse:
        try:
            act()
        except Refused as refused:
            return self._settings(request, actor, refusals=refused.reasons)
        messages.success(request, told)
        return redirect("workbench:messages-settings")

    def _form(self, actor: Actor, data: Any = None) -> SettingsForm:
        chosen = Reach(choices=choices_of(actor.user_id))
        channels = outlets().labels
        paces = {
            (kind, channel): chosen.pace(kind, channel) for kind in KINDS for channel in channels
        }
        return SettingsForm(data, channels=channels, paces=paces, quiet=quiet_of(actor.user_id))

    def _settings(
        self,
        request: HttpRequest,
        actor: Actor,
        *,
        form: SettingsForm | None = None,
        refusals: Sequence[str] = (),
    ) -> HttpResponse:
        held = contacts_of(actor.user_id)
        channels = [
            _channel(code, label, held.get(code)) for code, label in outlets().labels.items()
        ]
        context = self._context(actor) | {
            "heading": "提醒设置",
            "channels": channels,
            "form": form or self._form(actor),
            "refusals": refusals,
            "deliveries": [(each, told(each)) for each in deliveries_of(actor.user_id)[:SHOWN]],
        }
        status = HTTPStatus.UNPROCESSABLE_ENTITY if refusals or form is not None else 200
        return render(request, "notify/settings.html", context, status=status)


def _channel(code: str, label: str, contact: Contact | None) -> dict[str, Any]:
    asked, kind, fills = ASKED[code]
    return {
        "code": code,
        "label": label,
        "asked": asked,
        "type": kind,
        "fills": fills,
        "contact": contact,
        "address": masked(code, contact.address) if contact else "",
    }


def told(delivery: Delivery) -> str:
    """一次投递说了什么。"""
    if delivery.template == "check":
        return "验证码"
    try:
        return Tally(tuple((k, s, n) for k, s, n in delivery.tally)).told()
    except Unsafe:
        # 还没有发、不必发了的没有清点；早先登记的类别后来没有了的也说不出
        return "每日提醒" if delivery.template == "digest" else "提醒"


class DeliveryTable(tables.Table):
    """投递。"""

    created_at = tables.DateTimeColumn(verbose_name="排上", format="Y-m-d H:i", attrs=TIGHT)
    user = tables.Column("收件人", accessor="user__display_name", attrs=TIGHT)
    channel = tables.Column("渠道", attrs=TIGHT)
    what = tables.Column("发了什么", empty_values=(), orderable=False)
    state = tables.Column("状态", attrs=TIGHT)
    attempts = tables.Column("已试", attrs=TIGHT)
    sent_at = tables.DateTimeColumn(
        verbose_name="发出", format="Y-m-d H:i", default="", attrs=TIGHT
    )
    why = tables.Column("缘由", default="")

    class Meta:
        model = Delivery
        fields = (
            "created_at", "user", "channel", "what", "state", "attempts", "sent_at", "why",
        )  # fmt: skip

    def render_what(self, record: Delivery) -> str:
        """只有类别和件数。"""
        return told(record)


class DeliveryFilters(django_filters.FilterSet):
    """投递的筛选。"""

    state = django_filters.ChoiceFilter(
        label="状态", choices=Delivery.State.choices, empty_label="全部"
    )
    channel = django_filters.ChoiceFilter(
        label="渠道", choices=list(CHANNELS.items()), empty_label="全部"
    )

    class Meta:
        model = Delivery
        fields = ("state", "channel")


class DeliveryViewSet(RecordViewSet[Any]):
    """离开本系统的提醒，和它们的回执。"""

    slug = "deliveries"
    section = "管"
    label = "提醒的投递"
    model = Delivery
    table = DeliveryTable
    filters = DeliveryFilters
    empty_text = "没有往外发过提醒。"

    def queryset(self, actor: Actor) -> QuerySet[Delivery]:
        """全平台的，新的在前。"""
        return Delivery.objects.select_related("user").order_by("-pk")

    def may_open(self, actor: Actor) -> bool:
        """系统管理员。"""
        return actor.role == Role.SYSTEM_ADMIN

    def routes(self) -> list[URLPattern]:
        """只有列表。"""
        return [self.route("", self.list_view, "")]


register(MessageViewSet())
register(DeliveryViewSet())
count_in_menu("messages", unread_count)
