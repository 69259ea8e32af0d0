"""把关的读取：一份内容里查出什么、谁放行过、三关各由谁把的。"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from datetime import date
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, Model, Q, QuerySet
from django.db.models.functions import TruncMonth
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.dateparse import parse_date

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.files.extracted import Passage, Unreadable
from yangguang.foundation.files.passages import passages_at
from yangguang.foundation.files.storing import location
from yangguang.foundation.organisations.models import Organisation
from yangguang.foundation.screening.rules import Finding
from yangguang.hub.publications.kinds import Attachment, PublicationKind, all_kinds
from yangguang.hub.publications.models import Publication

from .folding import folded
from .kinds import GATE_OF, GATES, KINDS, MASKED, NEVER
from .lexicon import Lexicon, lexicon_for
from .models import CaughtError, FileScreening, GateVerdict, Overrule
from .places import ATTACHED, passages_of
from .wording import excerpt, sentence


@dataclass(frozen=True)
class Found:
    """一处发现：在哪里、是什么、建议怎么改、放行了没有。

    ``file`` 是附件的摘要，正文的为空；``passage``、``start``、``end`` 是正文的第几处、其中第几字。
    """

    place: str
    kind: str
    severity: str
    excerpt: str
    suggestion: str
    fingerprint: str
    file: str = ""
    passage: int = -1
    start: int = 0
    end: int = 0
    overrule: Overrule | None = None

    @property
    def gate(self) -> str:
        """归哪一关。"""
        return GATE_OF[self.kind]

    @property
    def label(self) -> str:
        """种类的中文。"""
        return KINDS[self.kind]

    @property
    def blocks(self) -> bool:
        """拦着：必须处理，还没有放行。"""
        return self.severity == "block" and self.overrule is None

    @property
    def may_be_overruled(self) -> bool:
        """可以由审核的人放行：密级标志、身份证号任何人都不能。"""
        return self.blocks and self.kind not in NEVER

    @property
    def may_be_masked(self) -> bool:
        """可以一键遮盖。"""
        return self.kind in MASKED and self.overrule is None

    @property
    def sentence(self) -> str:
        """一句话。"""
        return f"{self.place}{sentence(self.kind, self.excerpt, self.suggestion)}"


@dataclass(frozen=True)
class GateStanding:
    """一关现在怎样。``verdict`` 是对现在这份内容的结论，没有把过、内容改了的为空。"""

    code: str
    found: Sequence[Found]
    verdict: GateVerdict | None
    stale: GateVerdict | None

    @property
    def label(self) -> str:
        """关的名称。"""
        return GATES[self.code]

    @property
    def blocked(self) -> int:
        """拦着几处。"""
        return sum(each.blocks for each in self.found)

    @property
    def warned(self) -> int:
        """提醒几处。"""
        return sum(each.severity == "warn" for each in self.found)

    @property
    def overruled(self) -> int:
        """放行几处。"""
        return sum(each.overrule is not None for each in self.found)


@dataclass(frozen=True)
class Examination:
    """看过的一份内容。``digest`` 认定是不是同一份；``versions`` 是用了哪几版词典。"""

    passages: Sequence[Passage]
    found: Sequence[Found]
    digest: str
    versions: Mapping[str, str]
    verdicts: Sequence[GateVerdict] = field(default=())

    @property
    def reasons(self) -> list[str]:
        """不能公开的全部缘由，每条一句。"""
        refused = [
            f"{gate.label}没有通过：{gate.verdict.note}（{gate.verdict.user}）"
            for gate in self.gates
            if gate.verdict and gate.verdict.verdict == GateVerdict.Verdict.REFUSED
        ]
        told = dict.fromkeys(each.sentence for each in self.found if each.blocks)
        return [*refused, *told]

    @property
    def gates(self) -> list[GateStanding]:
        """三关，按次序。"""
        return [self._gate(code) for code in GATES]

    @property
    def maskable(self) -> int:
        """可以一键遮盖的几处。"""
        return sum(each.may_be_masked for each in self.found)

    def _gate(self, code: str) -> GateStanding:
        found = [each for each in self.found if each.gate == code]
        signed = [each for each in self.verdicts if each.gate == code]
        now = [each for each in signed if each.digest == self.digest]
        stale = signed[-1] if signed and not now else None
        return GateStanding(code, found, now[-1] if now else None, stale)


def examine(
    payload: Mapping[str, Any], files: Iterable[Attachment], record: Model | None
) -> Examination:
    """看一份内容。词典用来源记录所属机构的，职务、机构名称看成文那天。四至六次查询，附件另算。"""
    lexicon = lexicon_for(organisation_of(record) if record is not None else None)
    on = parse_date(str(payload.get("written_on") or "")) or timezone.localdate()
    attachments = list(files)
    read = list(passages_of(payload))
    names = {p.text for p in read if p.place == ATTACHED} | {file.name for file in attachments}
    # 附件随发布才进载荷：名称总排在最后，发布前后认得出是同一份
    passages = [p for p in read if p.place != ATTACHED]
    passages += [Passage(ATTACHED, name) for name in sorted(names)]
    found = find_in(passages, lexicon, on)
    for file in attachments:
        found += in_file(file, lexicon, on)
    overrules, verdicts = _decisions(record)
    return Examination(
        passages,
        [_decided(each, overrules.get(each.fingerprint)) for each in found],
        _digest(passages, attachments),
        lexicon.versions,
        verdicts,
    )


_seen: ContextVar[dict[tuple[str, int], Examination] | None] = ContextVar("seen", default=None)


@contextmanager
def examined_once() -> Iterator[None]:
    """``with`` 里面一条来源记录只看一遍：守卫和三关一块看的是同一次。

    只读的页面才用：里面改了记录的，看到的还是改之前的。
    """
    token = _seen.set({})
    try:
        yield
    finally:
        _seen.reset(token)


def examine_record(record: Model) -> Examination:
    """看一条来源记录现在的内容；它发布成哪一种信息，由登记的种类定。"""
    seen = _seen.get()
    key = (record._meta.label_lower, record.pk)
    if seen is not None and key in seen:
        return seen[key]
    kind = kind_of(record)
    found = examine(kind.payload(record), kind.attachments(record), record)
    if seen is not None:
        seen[key] = found
    return found


def kind_of(record: Model) -> PublicationKind:
    """来源记录发布成哪一种信息；没有登记抛出 ``LookupError``。"""
    for kind in all_kinds():
        if isinstance(record, kind.model):
            return kind
    raise LookupError(f"{record._meta.verbose_name}没有登记为一种信息")


def organisation_of(record: Any) -> Organisation | None:
    """来源记录归哪个机构：自己不写机构的，看它发布成的信息；两处都没有为空。"""
    if isinstance(own := getattr(record, "organisation", None), Organisation):
        return own
    published = Publication.objects.filter(
        source_label=record._meta.label_lower, source_id=record.pk
    ).select_related("organisation")
    return published[0].organisation if published else None


def find_in(passages: Sequence[Passage], lexicon: Lexicon, on: date) -> list[Found]:
    """几处文字里的全部发现：连成一篇，只扫一遍。"""
    starts: list[int] = []
    length = 0
    for passage in passages:
        starts.append(length)
        length += len(passage.text) + 1
    whole = "\n".join(passage.text for passage in passages)
    found = []
    for finding in lexicon.matcher.find(whole, on):
        number = bisect_right(starts, finding.start) - 1
        begin = finding.start - starts[number]
        found.append(
            Found(
                passages[number].place, finding.kind, finding.severity, excerpt(finding),
                finding.suggestion, fingerprint(finding.kind, finding.text), "", number, begin,
                begin + finding.end - finding.start,
            )
        )  # fmt: skip
    return found


def in_file(file: Attachment, lexicon: Lexicon, on: date) -> list[Found]:
    """一份附件里的发现。同样的内容、同样的词典只检测一次。"""
    key = lexicon.key_on(on)
    known = FileScreening.objects.filter(sha256=file.sha256, lexicon=key).first()
    if known is None:
        rows = [
            [each.place, each.kind, each.severity, each.excerpt, each.suggestion, each.fingerprint]
            for each in _inspect(file.sha256, lexicon, on)
        ]
        known, _ = FileScreening.objects.get_or_create(
            sha256=file.sha256, lexicon=key, defaults={"findings": rows}
        )
    return [
        Found(f"附件“{file.name}”{place}", kind, severity, said, suggestion, print_, file.sha256)
        for place, kind, severity, said, suggestion, print_ in known.findings
    ]


def _inspect(sha256_: str, lexicon: Lexicon, on: date) -> list[Found]:
    try:
        reading = passages_at(location(sha256_))
    except Unreadable as error:
        return [_unread(error.reason)]
    return [*find_in(reading.passages, lexicon, on), *map(_unread, reading.unread)]


def _unread(reason: str) -> Found:
    return Found("：", "unread", "warn", reason, "请人看", fingerprint("unread", reason))


def fingerprint(kind: str, text: str) -> str:
    """一处字样的带密钥摘要：个人信息也不会由它倒推出来。"""
    return salted_hmac(
        "yangguang.screening", f"{kind}\n{folded(text)}", settings.SECRET_KEY, algorithm="sha256"
    ).hexdigest()


def _decided(found: Found, overrule: Overrule | None) -> Found:
    if overrule is None or found.kind in NEVER:
        return found
    return replace(found, overrule=overrule)


def _decisions(record: Model | None) -> tuple[dict[str, Overrule], list[GateVerdict]]:
    """这条记录上的放行和把关结论。两次查询。"""
    if record is None or record.pk is None:
        return {}, []
    of = {
        "content_type": ContentType.objects.get_for_model(type(record)),
        "object_id": record.pk,
    }
    overrules = Overrule.objects.filter(**of).select_related("user")
    verdicts = GateVerdict.objects.filter(**of).select_related("user", "assignment")
    return {each.fingerprint: each for each in overrules}, list(verdicts.order_by("pk"))


def _digest(passages: Sequence[Passage], files: Sequence[Attachment]) -> str:
    made = sha256()
    for part in (*(p.text for p in passages), *(file.sha256 for file in files)):
        made.update(part.encode("utf-8", "replace") + b"\x00")
    return made.hexdigest()


def text_findings(text: str) -> list[Finding]:
    """不成为一条信息的一段文字里的发现，用最上级的词典，看今天。"""
    return lexicon_for(None).matcher.find(text, timezone.localdate())


# ---- 查出的差错 ----


def errors_of(actor: Actor) -> QuerySet[CaughtError]:
    """此人范围内查出的全部差错。"""
    if actor.includes_subtree:
        return CaughtError.objects.filter(organisation__path__startswith=actor.organisation_path)
    return CaughtError.objects.filter(organisation=actor.organisation_id)


def open_errors(actor: Actor) -> QuerySet[CaughtError]:
    """还没有改好、没有放行的，新查出的在前。"""
    return (
        errors_of(actor)
        .filter(mended_at=None, is_overruled=False)
        .select_related("organisation", "content_type")
        .prefetch_related("record")
        .order_by("-caught_at", "-pk")
    )


def caught_by_month(actor: Actor) -> Any:
    """各月、各单位、各关查出几处：拦下的、改好的、放行的。一次查询。"""
    return (
        errors_of(actor)
        .annotate(month=TruncMonth("caught_on"))
        .values("month", "organisation__short_name", "gate")
        .annotate(
            total=Count("pk"),
            blocked=Count("pk", filter=Q(severity="block")),
            mended=Count("pk", filter=Q(mended_at__isnull=False)),
            overruled=Count("pk", filter=Q(is_overruled=True)),
        )
        .order_by("-month", "organisation__path", "gate")
    )
