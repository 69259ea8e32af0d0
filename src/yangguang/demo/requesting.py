"""演示的依申请公开：四个受理机构，各走到不同一步的几件申请。申请人是虚构的，证件号码的区划不存在。"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from yangguang.dialogue.letters.models import CaseLetter
from yangguang.dialogue.letters.services import draft, make
from yangguang.dialogue.requests.applicants import Applicant
from yangguang.dialogue.requests.models import DisclosureRequest, RequestOffice
from yangguang.dialogue.requests.procedures import note_search, save_decision
from yangguang.dialogue.requests.services import Asked, assign, new_code, submit, take_in
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.lifecycle.models import TransitionRecord
from yangguang.foundation.lifecycle.services import perform
from yangguang.foundation.organisations.models import Organisation
from yangguang.foundation.reading_day import reading_day
from yangguang.foundation.residents.rules import Paper

from .people import Staff

OFFICE = "linxia-office"
OFFICES = {
    OFFICE: "临州办", "linxia-education": "临州教", "yongjing": "永政", "yongjing-liujiaxia": "刘政",
}  # fmt: skip
"""受理机构和它的机关代字。"""
SAMPLES = ("granted", "correcting", "refusing", "waiting", "fresh")
OURS = {"clarity": "clear", "nature": "information", "responsible": "ours"}


def open_offices() -> int:
    """设受理机构，返回新设了几个。地址、电话都是演示的。"""
    opened = 0
    for unit in Organisation.objects.filter(code__in=OFFICES):
        _, is_new = RequestOffice.objects.get_or_create(
            organisation=unit,
            defaults={
                "name": f"{unit.short_name}政务公开科（演示）",
                "address": "临夏回族自治州演示路1号",
                "postcode": "731100",
                "hours": "工作日 8:30—12:00、14:30—18:00",
                "telephone": "0930-0000000",
                "agency_code": OFFICES[unit.code],
                "review_online_url": "https://xzfy.example.gov.cn/",
            },
        )
        opened += is_new
    return opened


class Requests:
    """照次序装入几件；装过的不再装。"""

    def __init__(self, staff: Staff) -> None:
        self.staff = staff
        self.place = Organisation.objects.get(code=OFFICE)
        self.officer = staff.named("office.request")
        self.today = reading_day()

    def load(self) -> int:
        """新装了几件。"""
        done = set(
            TransitionRecord.objects.filter(idempotency_key__startswith="demo:request:")
            .values_list("idempotency_key", flat=True)
        )  # fmt: skip
        wanted = [name for name in SAMPLES if f"demo:request:{name}" not in done]
        for name in wanted:
            getattr(self, f"_{name}")()
        return len(wanted)

    def _granted(self) -> None:
        """当面提出、予以公开、已经答复的。"""
        request = self._came("granted", "马演示", "2020年政务公开工作要点的分工安排")
        save_decision(
            request,
            OURS | {"existence": "exists", "giving": "granted", "when": "随本答复提供"},
            actor=self.officer,
        )
        letter = self._signed(request, "granted", {})
        self._do(letter, "send", sent_on=letter.written_on)

    def _correcting(self) -> None:
        """等申请人补正的。"""
        request = self._came("correcting", "祁演示", "有关补贴的材料")
        until = self.today + timedelta(days=15)
        terms = {
            "items": ["写明是哪一年、哪一种补贴的材料", "写明文件的名称、文号，或者形成的大致时间"],
            "until": until.isoformat(),
        }
        letter = self._signed(request, "clarification", {"terms": terms})
        self._do(letter, "send", sent_on=letter.written_on)

    def _refusing(self) -> None:
        """检索过、拟答复信息不存在的，文书在起草。"""
        request = self._came("refusing", "汪演示", "2003年某会议室装修的设计图纸")
        note_search(
            request,
            {
                "scope": "2002 至 2005 年文书档案、基建档案", "words": "会议室、装修、设计",
                "places": "档案室、机关事务科、电子公文系统", "way": "查阅档案目录，系统全文检索",
                "found": "没有形成或者保存过这份图纸", "searched_on": self.today,
            },
            actor=self.officer, key="demo:request:refusing:search",
        )  # fmt: skip
        save_decision(request, OURS | {"existence": "not_existing"}, actor=self.officer)
        draft(
            request, "not_existing", {}, actor=self.officer, key="demo:request:refusing:letter",
            is_demonstration=True,
        )  # fmt: skip

    def _waiting(self) -> None:
        """刚登记分办的，公共卫生类。"""
        request = self._came("waiting", "张演示", "2020年某次公共卫生检测的结果", assigned=False)
        assign(
            request, actor=self.officer, key="demo:request:waiting:assign",
            inner_office="政务公开科", is_public_health=True,
        )  # fmt: skip

    def _fresh(self) -> None:
        """网上刚提出、等着确认的。"""
        asked = Asked("某村2020年耕地地力保护补贴的发放明细", "某镇某村", "electronic", "online")
        submit(
            asked, _person("何演示", 5), organisation=self.place, key="demo:request:fresh",
            query_code=new_code(), is_demonstration=True,
        )  # fmt: skip

    def _came(
        self, name: str, who: str, subject: str, *, assigned: bool = True
    ) -> DisclosureRequest:
        request = take_in(
            Asked(subject, "", "electronic", "online"), _person(who, SAMPLES.index(name)),
            channel="counter", came_on=self._working_day(), organisation=self.place,
            actor=self.staff.named("office.counter"), key=f"demo:request:{name}",
            query_code=new_code(), is_demonstration=True,
        ).request  # fmt: skip
        if assigned:
            assign(
                request, actor=self.officer, key=f"demo:request:{name}:assign",
                inner_office="政务公开科",
            )  # fmt: skip
        return request

    def _working_day(self) -> date:
        return self.today - timedelta(days=1)

    def _signed(
        self, request: DisclosureRequest, kind: str, values: Mapping[str, Any]
    ) -> CaseLetter:
        request.refresh_from_db()
        letter = draft(
            request, kind, values, actor=self.officer, key=f"demo:request:{request.number}:{kind}",
            is_demonstration=True,
        )  # fmt: skip
        self._do(letter, "submit")
        if letter.state == "in_legality":
            self._do(letter, "pass_legality", who=self.staff.named("office.legality"))
            self._do(letter, "pass_secrecy", who=self.staff.named("office.secrecy"))
        self._do(letter, "sign", who=self.staff.named("office.approver"))
        make(letter)
        return letter

    def _do(
        self, letter: CaseLetter, event: str, *, who: Actor | None = None, **inputs: Any
    ) -> None:
        perform(
            letter, event, actor=who or self.officer, key=f"demo:letter:{letter.pk}:{event}",
            inputs=inputs,
        )  # fmt: skip


def _person(name: str, place: int) -> Applicant:
    """一个虚构的人：证件号码的区划不存在，校验位正确。"""
    number = NUMBERS[place]
    return Applicant(
        "natural_person", name, Paper("identity_card", number), "13900000000",
        "临夏市演示街道1号", "731100",
    )  # fmt: skip


NUMBERS = (
    "990000198001150015", "990000198102030012", "990000197603080013", "990000199005060011",
    "990000198511110013", "990000199207070015",
)  # fmt: skip
