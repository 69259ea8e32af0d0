"""让样例和方案走一遍真实的运转：由该办的人、用平台的服务、一步一个幂等键。"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.files.services import store
from yangguang.foundation.lifecycle.models import TransitionRecord
from yangguang.foundation.lifecycle.services import perform
from yangguang.foundation.organisations.models import Organisation
from yangguang.hub.columns.models import Column
from yangguang.hub.columns.selectors import site_for
from yangguang.hub.publications.codes import subject_code
from yangguang.sources.documents.codes import type_code
from yangguang.sources.documents.models import OfficialDocument
from yangguang.sources.documents.services import edit, set_steps, take_in

from .attachments import attachment_content
from .people import Staff
from .samples import PUBLISHED_SOURCE, STEPS, Sample, corrected

WHO = {
    "submit": "drafter",
    "pass": "reviewer",
    "approve": "approver",
    "publish": "drafter",
    "revise": "drafter",
    "correct": "approver",
    "withdraw": "approver",
}
"""每件事由谁办。"""
TOP = "linxia"


class Circulation:
    """装入公文。已经办过的步骤不再办，所以中断了可以接着装。"""

    def __init__(self, staff: Staff, today: date) -> None:
        self.staff = staff
        self.today = today
        self._done = dict(
            TransitionRecord.objects.filter(idempotency_key__startswith="demo:").values_list(
                "idempotency_key", "object_id"
            )
        )

    def done(self, key: str) -> bool:
        """这一步是否早已办过。"""
        return key in self._done

    def load(self, sample: Sample, organisation: Organisation) -> bool:
        """把一份样例装到它该到的一步；全都办过了返回假。"""
        steps = STEPS[sample.fate] + (("revise", "correct") if "correction" in sample.raw else ())
        last = f"demo:{sample.key}:{steps[-1] if steps else 'create'}"
        if self.done(last):
            return False
        document = self._take_in(sample, organisation)
        messages = {"withdraw": sample.raw.get("withdrawal", "")}
        for event in steps:
            if event == "submit" and not self.done(f"demo:{sample.key}:submit"):
                self._settle(document, sample, organisation)
            if event in ("revise", "correct"):
                messages[event] = sample.raw["correction"]["reason"]
            if event == "correct" and not self.done(f"demo:{sample.key}:correct"):
                self._correct_text(document, sample)
            self.step(document, event, sample.key, messages.get(event, ""))
        return True

    def step(self, document: OfficialDocument, event: str, name: str, message: str = "") -> None:
        """办一步。"""
        key = f"demo:{name}:{event}"
        if not self.done(key):
            actor = self._actor(document.organisation, WHO[event])
            perform(document, event, actor=actor, key=key, message=message)

    def take_in(
        self, text: str, organisation: Organisation, name: str, **overrides: Any
    ) -> OfficialDocument:
        """信息员收下一份公文。"""
        drafter = self._actor(organisation, "drafter")
        return take_in(
            text,
            organisation=organisation,
            actor=drafter,
            key=f"demo:{name}:create",
            overrides=overrides,
        )

    def settle(
        self, document: OfficialDocument, columns: list[str], changes: Mapping[str, Any]
    ) -> None:
        """信息员核对要素、定公开属性和本机构站点的栏目；存疑的都已对照原文看过。"""
        site = site_for(document.organisation)
        chosen = list(Column.objects.filter(site=site, code__in=columns))
        if len(chosen) != len(set(columns)):
            raise LookupError(f"“{site}”没有这些栏目：{'、'.join(columns)}")
        edit(
            document,
            {**changes, "uncertain": []},
            actor=self._actor(document.organisation, "drafter"),
            columns=chosen,
        )

    def _take_in(self, sample: Sample, organisation: Organisation) -> OfficialDocument:
        key = f"demo:{sample.key}:create"
        if self.done(key):
            return OfficialDocument.objects.get(pk=self._done[key])
        drafter = self._actor(organisation, "drafter")
        files = []
        if spec := sample.raw.get("attachment"):
            content = attachment_content(spec)
            files.append(store(content, spec["name"], actor=drafter, organisation=organisation))
        return take_in(
            sample.text(organisation.name, self.today),
            organisation=organisation,
            actor=drafter,
            key=key,
            files=files,
            overrides={"is_demonstration": True} | back_filled(sample.published_at),
        )

    def _settle(
        self, document: OfficialDocument, sample: Sample, organisation: Organisation
    ) -> None:
        changes = {
            "title": sample.title(organisation.name),
            "document_number": sample.document_number(self.today),
            "issuers": [organisation.name],
            "document_type": type_code(sample.raw["type"]),
            "disclosure": sample.disclosure,
            "disclosure_ground": sample.raw.get("disclosure_ground", ""),
            "disclosure_reason": sample.raw.get("disclosure_reason", ""),
            "stage": sample.raw["stage"],
            "subject": subject_code(sample.raw["subject"]),
            "validity": sample.raw.get("validity", "effective"),
            "written_on": sample.written_on(self.today),
            "issued_on": sample.written_on(self.today),
        }
        self.settle(document, sample.raw.get("columns", []), changes)

    def _correct_text(self, document: OfficialDocument, sample: Sample) -> None:
        change = sample.raw["correction"]
        if not any(change["new"] in block.get("text", "") for block in document.body):
            body = corrected(document.body, change["old"], change["new"])
            drafter = self._actor(document.organisation, "drafter")
            edit(document, {"body": body}, actor=drafter)

    def _actor(self, organisation: Organisation, role: str) -> Actor:
        return self.staff.at(organisation.code, role)


def settle_steps(staff: Staff) -> None:
    """演示里的公文走部门审核、签发：州里定一次，没有另定的下级照着走。"""
    set_steps(Organisation.objects.get(code=TOP), ["review"], actor=staff.at(TOP, "approver"))


def back_filled(at: datetime | None, source: str = PUBLISHED_SOURCE) -> dict[str, Any]:
    """补录的发布时间和来源。"""
    return {"back_filled_at": at, "back_filled_from": source} if at else {}
