"""规章和规范性文件的动作：登记、改、写明关系，运转每一步的后果，到日子更新公开页面。"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils import timezone

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.accounts.selectors import actor_of
from yangguang.foundation.audit.services import record as record_event
from yangguang.foundation.files.services import keep_made
from yangguang.foundation.jobs.services import enqueue
from yangguang.foundation.lifecycle.selectors import history
from yangguang.foundation.lifecycle.services import Refused, note, refuse_marked, start
from yangguang.foundation.numbering.services import take
from yangguang.foundation.organisations.models import Organisation
from yangguang.foundation.richtext.blocks import plain_text
from yangguang.hub.columns.models import Column
from yangguang.hub.publications.kinds import kind as publication_kind
from yangguang.hub.publications.models import Publication
from yangguang.hub.publications.services import correct, publish, withdraw
from yangguang.hub.screening.selectors import examine_record
from yangguang.hub.screening.services import look_again, sign_in_passing
from yangguang.sources.documents.models import OfficialDocument

from .models import Norm, NormRelation, TypesetText, UpperText
from .rules import (
    CHANGING,
    RELATIONS,
    Target,
    change_faults,
    circle,
    date_faults,
    quoted,
    term_faults,
)
from .selectors import (
    PUBLIC,
    UNDER,
    content_of,
    edges,
    life_without,
    publication_of,
    relations_of,
    turning,
)
from .terms import terms
from .typesetting import content_digest, pdf, word

EDITABLE = (
    "kind", "title", "register_number", "document_number", "issuers", "document",
    "promulgated_on", "effective_on", "ceases_on", "term_reason", "ended_on", "ended_how",
    "ended_basis", "body", "subject", "stage",
)  # fmt: skip
"""经办人能改的字段。"""
GATES_PASSED = {"pass": ("policy", "text"), "register": ("political",)}
"""按下哪一步，就是把过了哪几关。"""
NUMBERS = {"register_number": "统一登记号", "document_number": "发文字号"}
BRING_UP = "norms.bring_up"
SETTLING = ("publish", "correct", "republish")
"""公布着的内容随之定下来的几步。"""


@transaction.atomic
def draft(
    values: Mapping[str, Any],
    *,
    organisation: Organisation,
    actor: Actor,
    key: str,
    columns: Sequence[Column] = (),
    back_filled_from: str = "",
    is_demonstration: bool = False,
) -> Norm:
    """登记一份，返回它。``values`` 是 ``EDITABLE`` 里的字段；由公文登记的，没有写的取公文的。

    ``back_filled_from`` 不空的是补录：写明从哪里来，公开时的发布时间照公布日期。
    同一人同一 ``key`` 只登记一次；带密级标志抛出 ``Classified``；号用过的、日期矛盾的抛出 ``Refused``。
    """
    given = {name: values[name] for name in EDITABLE if name in values}
    if document := given.get("document"):
        given = _of_document(document, organisation) | {k: v for k, v in given.items() if v}
    refuse_classified(given)
    norm = Norm(
        organisation=organisation, back_filled_from=back_filled_from,
        is_demonstration=is_demonstration, **given,
    )  # fmt: skip
    _check(norm)
    with _numbers_once():
        start(norm, actor=actor, key=key)
    norm.columns.set(columns or (document.columns.all() if document else ()))
    look_again(norm)
    return norm


@transaction.atomic
def edit(
    norm: Norm,
    changes: Mapping[str, Any],
    *,
    actor: Actor,
    columns: Sequence[Column] | None = None,
) -> Norm:
    """改一份登记中、修订中的，记下改了哪些字段。

    不能改、号用过的、日期矛盾的抛出 ``Refused``；新内容带密级标志抛出 ``Classified``。
    """
    current = editable(norm, actor)
    given = {name: changes[name] for name in EDITABLE if name in changes}
    refuse_classified(given)
    changed = [name for name, value in given.items() if getattr(current, name) != value]
    for name in changed:
        setattr(current, name, given[name])
    _check(current)
    if changed:
        with _numbers_once():
            current.save(update_fields=[*changed, "updated_at"])
    if columns is not None and set(columns) != set(current.columns.all()):
        current.columns.set(columns)
        current.save(update_fields=["updated_at"])
        changed.append("columns")
    if changed:
        record_event("norms.edit", actor=actor, target=current, fields=changed)
        look_again(current)
        if current.state == "revising":
            at = timezone.now().isoformat()
            enqueue(BRING_UP, {"norm": current.pk}, key=f"typeset:{current.pk}:{at}")
    norm.refresh_from_db()
    return norm


# ---- 关系 ----


@transaction.atomic
def relate(
    norm: Norm,
    kind: str,
    *,
    actor: Actor,
    target: Norm | None = None,
    upper: UpperText | None = None,
    target_articles: str = "",
    source_articles: str = "",
    on: date | None = None,
    body: Sequence[Mapping[str, Any]] = (),
) -> NormRelation:
    """写明 ``norm`` 对一份文件、对上位依据的关系。

    不能改的、已经有的、成环的、修改废止的文件那一天已经不管用的，抛出 ``Refused``。
    """
    current = editable(norm, actor)
    if kind not in RELATIONS or (target is None) == (upper is None):
        raise Refused(["请选定关系，和所指的一份文件或者上位依据（只选一样）。"])
    if kind in CHANGING and target is None:
        raise Refused(
            [f"{RELATIONS[kind]}的只能是库里的文件，上位依据不能由本文件{RELATIONS[kind]}。"]
        )
    refuse_classified(
        {"articles": target_articles, "own": source_articles, "body": list(body)}
    )  # fmt: skip
    held = current.relations.filter(kind=kind, target=target, upper=upper).first()
    if held is not None and held.is_dropped:
        raise Refused([f"{RELATIONS[kind]}《{held.other}》刚去掉，更正公布以后才能重新写明。"])
    if held is not None:
        raise Refused([f"已经写明{RELATIONS[kind]}《{target or upper}》，要改请先去掉原来的。"])
    made = NormRelation(
        source=current, kind=kind, target=target, upper=upper, target_articles=target_articles,
        source_articles=source_articles, on=on if kind in CHANGING else None,
        body=list(body) if kind == "amends" else [],
    )  # fmt: skip
    faults = _circles(current, made)
    if kind in CHANGING and made.takes_effect is not None:
        faults += _change_faults(current, made)
    if faults:
        raise Refused(faults)
    made.save()
    record_event(
        "norms.relate", actor=actor, target=current, fields=("relations",),
        public={"kind": kind, "other": str(made.other)},
    )  # fmt: skip
    current.save(update_fields=["updated_at"])
    norm.refresh_from_db()
    return made


@transaction.atomic
def unrelate(norm: Norm, relation: NormRelation, *, actor: Actor) -> None:
    """去掉一条关系；公布过的，更正公布以后才去掉。不能改的抛出 ``Refused``。"""
    current = editable(norm, actor)
    held = current.relations.filter(pk=relation.pk)
    if relation.settled_on is None:
        held.delete()
    else:
        held.update(is_dropped=True)
    record_event(
        "norms.unrelate", actor=actor, target=current, fields=("relations",),
        public={"kind": relation.kind, "other": str(relation.other)},
    )  # fmt: skip
    current.save(update_fields=["updated_at"])


def relation_faults_of(norm: Norm) -> list[str]:
    """它对别的文件的关系不成立之处，每条一句。"""
    faults: list[str] = []
    for relation in relations_of(norm):
        if relation.target is None:
            continue
        faults += _circles(norm, relation)
        if relation.kind in CHANGING:
            faults += _change_faults(norm, relation)
    return faults


def _change_faults(norm: Norm, relation: NormRelation) -> list[str]:
    target = relation.target
    assert target is not None  # noqa: S101  修改、废止的总有所指的文件
    faults = change_faults(
        relation.kind,
        Target(target.title, life_without(target, norm)),
        relation.takes_effect,
        has_text=bool(plain_text(relation.body)),
    )
    if norm.effective_on and relation.on and relation.on < norm.effective_on:
        faults.append(
            f"{RELATIONS[relation.kind]}《{target}》的日期 {relation.on.isoformat()} 早于本文件的"
            f"施行日期 {norm.effective_on.isoformat()}。"
        )
    if not target.organisation.path.startswith(norm.organisation.path):
        faults.append(
            f"《{target}》是{target.organisation}的，只能{RELATIONS[relation.kind]}本机构和下级的文件。"
        )
    if target.state not in PUBLIC:
        faults.append(f"《{target}》还没有公布，或者已经撤回，不能{RELATIONS[relation.kind]}。")
    return faults


def _circles(norm: Norm, relation: NormRelation) -> list[str]:
    if relation.target is None:
        return []
    ring = circle(edges(relation.kind), norm.pk, relation.target.pk)
    if not ring:
        return []
    names = dict(Norm.objects.filter(pk__in=ring).values_list("pk", "title"))
    word = RELATIONS[relation.kind]
    told = f"{word}".join(f"《{names[pk]}》" for pk in ring)
    return [f"互相{word}，成了一个圈：{told}。"]


# ---- 查验 ----


def editable(norm: Norm, actor: Actor) -> Norm:
    """锁住一份能改的。须在事务里；不能改的抛出 ``Refused``。"""
    current = Norm.objects.select_for_update(of=("self",)).get(pk=norm.pk)
    if not current.policy.may_edit(actor, current):
        raise Refused([f"“{current.state_label}”的不能修改。"])
    return current


def date_faults_of(norm: Norm) -> list[str]:
    """日期矛盾、没有定有效期之处，每条一句。"""
    faults = date_faults(norm.promulgated_on, norm.effective_on, norm.ceases_on, norm.ended_on)
    if norm.ended_on is None:
        on = norm.effective_on or timezone.localdate()
        faults += term_faults(
            norm.kind, norm.title, norm.effective_on, norm.ceases_on, norm.term_reason, terms(on)
        )  # fmt: skip
    return faults


def screening_faults(norm: Model) -> list[str]:
    """正文里必须先处理才能公开的内容，每条一句。"""
    return examine_record(norm).reasons


def number_faults(values: Mapping[str, Any], norm: Norm | None = None) -> list[str]:
    """登记号、发文字号已经有别的文件用了的，每条一句。"""
    faults = []
    for name, label in NUMBERS.items():
        number = values.get(name)
        if not number:
            continue
        held = (
            Norm.objects.filter(**{name: number}).exclude(pk=(norm.pk if norm else 0) or 0).first()
        )
        if held is not None:
            known = held.state in PUBLIC or (norm and held.organisation_id == norm.organisation_id)
            by = f"《{held}》" if known else "别的机构登记的文件"
            faults.append(f"{label}“{number}”已经由{by}使用，一个号只能用一次，请核对。")
    return faults


def _check(norm: Norm) -> None:
    if bool(norm.ended_on) != bool(norm.ended_how):
        raise Refused(["终止的日期和怎样终止要一起填。"])
    faults = date_faults(norm.promulgated_on, norm.effective_on, norm.ceases_on, norm.ended_on)
    faults += number_faults({name: getattr(norm, name) for name in NUMBERS}, norm)
    if faults:
        raise Refused(faults)


class _numbers_once:  # noqa: N801  当作语句用
    """两个人同时用一个号：后来的得到说明，不是出错。"""

    def __enter__(self) -> None:
        self.inner = transaction.atomic()
        self.inner.__enter__()

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        self.inner.__exit__(kind, error, trace)
        if isinstance(error, IntegrityError) and "number" in str(error):
            raise Refused(["这个统一登记号或者发文字号刚被别的文件用了，请核对。"]) from error


def refuse_classified(values: Mapping[str, Any]) -> None:
    """各字段的文字、``body`` 的块里带密级标志的抛出 ``Classified``。"""
    refuse_marked(*values.values(), plain_text(values.get("body", ())))


def _of_document(document: OfficialDocument, organisation: Organisation) -> dict[str, Any]:
    if document.organisation_id != organisation.pk:
        raise Refused(["只能由本机构的公文登记。"])
    if document.disclosure != "proactive":
        raise Refused(
            ["规章和规范性文件一律主动公开（条例第二十条第一项），这份公文不是主动公开的。"]
        )
    if document.norms.exists():
        raise Refused([f"《{document}》已经登记过，不能再登记一次。"])
    if document.state not in ("approved", "published"):
        raise Refused([f"《{document}》还没有签发，签发以后才能登记。"])
    return {
        "title": document.title,
        "document_number": document.document_number,
        "issuers": document.issuers,
        "promulgated_on": document.issued_on or document.written_on,
        "subject": document.subject,
        "stage": document.stage,
        "body": document.body,
    }


# ---- 运转的后果 ----


def carry_out(
    norm: Norm, event: str, *, actor: Actor, inputs: Mapping[str, Any], at: datetime
) -> None:
    """运转一步的后果。由流转引擎在同一事务里调用。"""
    today = timezone.localdate(at)
    message = str(inputs["message"])
    if event in GATES_PASSED:
        sign_in_passing(norm, GATES_PASSED[event], actor=actor, at=at)
    if event == "register":
        norm.approved_under_id = actor.assignment_id
        norm.register_number = norm.register_number or _next_number(norm, today)
        enqueue(BRING_UP, {"norm": norm.pk}, key=f"typeset:{_key(norm)}")
    dropped = _settle_relations(norm) if event in SETTLING else set()
    if event in ("publish", "republish"):
        _settle(norm, today)
        publish(
            norm, "norm", organisation=norm.organisation,
            columns=list(norm.columns.order_by("path")), actor=actor, key=_key(norm),
            published_at=_published_before(norm, today), published_at_source=norm.back_filled_from,
            is_demonstration=norm.is_demonstration,
        )  # fmt: skip
    elif event == "correct":
        norm.approved_under_id = actor.assignment_id
        _settle(norm, today)
        correct(publication_of(norm), norm, actor=actor, reason=message, key=_key(norm))
    elif event == "withdraw":
        withdraw(publication_of(norm), actor=actor, reason=message)
    elif event == "revise":
        norm.is_stale = False
    elif event == "file":
        norm.filed_on, norm.filed_with = inputs["filed_on"], str(inputs["filed_with"])
        norm.filing_number = str(inputs.get("filing_number") or "")
        reason = f"{norm.filed_on} 报送{norm.filed_with}备案。"
        correct(publication_of(norm), norm, actor=actor, reason=reason, key=_key(norm))
    elif event == "extend":
        norm.ceases_on = inputs["ceases_on"]
        correct(publication_of(norm), norm, actor=actor, reason=message, key=_key(norm))
    elif event == "settle":
        norm.flags.filter(settled_at__isnull=True).update(settled_at=at, finding=message)
    if event in (*SETTLING, "withdraw"):
        _reach_targets(norm, dropped, is_public=event != "withdraw")


def _published_before(norm: Norm, today: date) -> datetime | None:
    """补录的：公布日期那天的零时。不是补录的、公布日期还没有到的为 ``None``，发布时间就是此刻。"""
    day = norm.promulgated_on
    if not norm.back_filled_from or day is None or day > today:
        return None
    return timezone.make_aware(datetime.combine(day, time.min))


def _next_number(norm: Norm, today: date) -> str:
    number = take("norms.register", today.year, norm.organisation)
    return terms(today).register_format.format(
        unit=norm.organisation.short_name, year=today.year, number=number
    )


def _settle(norm: Norm, today: date) -> None:
    """照今天的样子写下有效性。"""
    norm.as_of, norm.is_stale = today, False
    norm.validity = norm.verdict(today).validity


def _settle_relations(norm: Norm) -> set[int]:
    """关系从此算数：定下日期，修订时去掉的真的去掉；返回去掉的关系所指的文件。"""
    gone = norm.relations.filter(is_dropped=True)
    targets = {each for each in gone.values_list("target", flat=True) if each is not None}
    gone.delete()
    for each in norm.relations.filter(kind__in=CHANGING).select_related("source"):
        each.settled_on = each.on or norm.effective_on
        each.save(update_fields=["settled_on"])
    norm.relations.exclude(kind__in=CHANGING).update(settled_on=norm.effective_on)
    return targets


def _reach_targets(norm: Norm, dropped: set[int], *, is_public: bool) -> None:
    """它修改、废止的文件，和不再修改、废止的：重算日子，排上更新页面。"""
    held = norm.relations.filter(kind__in=CHANGING).values_list("target", flat=True)
    wanted = dropped | {each for each in held if each is not None}
    for target in Norm.objects.select_for_update().filter(pk__in=wanted).order_by("pk"):
        _recompute(target, norm, is_public=is_public)
        target.is_stale = True
        target.save(update_fields=["repealed_on", "amended_on", "is_stale"])
        enqueue(BRING_UP, {"norm": target.pk}, key=f"{target.pk}:{_key(norm)}")


def _recompute(target: Norm, source: Norm, *, is_public: bool) -> None:
    """``source`` 此刻公不公开还没有存下：由 ``is_public`` 说。"""
    others = life_without(target, source)
    held = source.relations.filter(target=target, kind__in=CHANGING)
    own = dict(held.values_list("kind", "settled_on")) if is_public else {}
    target.amended_on = _first(others.amended_on, own.get("amends"))
    target.repealed_on = _first(others.repealed_on, own.get("repeals"))


def _first(*days: date | None) -> date | None:
    return min((day for day in days if day is not None), default=None)


def _key(norm: Norm) -> str:
    return f"norm:{norm.pk}:{history(norm).count()}"


# ---- 排版，到日子更新 ----


def typeset(norm: Norm, day: date) -> TypesetText:
    """把 ``day`` 的文本排成文字版、图片版；排过的不再排。不在事务里做：排版、写文件不应拖住数据库。"""
    content = content_of(norm, day)
    digest = content_digest(content)
    held = norm.typeset.filter(digest=digest).first()
    if held is not None:
        return held
    made, printed = word(content), pdf(content)
    values = {
        "word": keep_made(made),
        "word_size": len(made),
        "pdf": keep_made(printed) if printed else "",
        "pdf_size": len(printed),
    }
    found, _ = TypesetText.objects.get_or_create(norm=norm, digest=digest, defaults=values)
    return found


def bring_up(norm: Norm, today: date | None = None) -> bool:
    """排好今天的文本；公布着的，公开页面照今天的样子更新。返回页面变了没有。

    以编号的签发人的名义更正。更正不成的（查出要拦下的内容）在经过里写明缘由，人来办。
    """
    today = today or timezone.localdate()
    typeset(norm, today)
    try:
        return _bring_up(norm.pk, today)
    except Refused as refused:
        current = Norm.objects.select_related(*UNDER).get(pk=norm.pk)
        if current.approved_under is not None:
            note(
                current, "turn_failed", "公开页面没有更新", actor=actor_of(current.approved_under),
                key=f"turn-failed:{norm.pk}:{today.isoformat()}", message="".join(refused.reasons),
            )  # fmt: skip
        return False


@transaction.atomic
def _bring_up(pk: int, today: date) -> bool:
    norm = Norm.objects.select_for_update(of=("self",)).select_related(*UNDER).get(pk=pk)
    if norm.state != "published" or norm.approved_under is None:
        return False
    publication = publication_of(norm)
    _settle(norm, today)
    norm.save(update_fields=["as_of", "validity", "is_stale", "updated_at"])
    reason = _what_turned(norm, publication)
    if reason is None:
        return False
    actor = actor_of(norm.approved_under)
    key = f"turn:{_key(norm)}:{today.isoformat()}"
    note(norm, "turn", "更新效力", actor=actor, key=key, message=reason)
    correct(publication, norm, actor=actor, reason=reason, key=key)
    return True


def _what_turned(norm: Norm, publication: Publication) -> str | None:
    """页面上要变的，一句话；没有要变的为空。"""
    version = publication.current_version
    assert version is not None  # noqa: S101  公开的必有现行版本
    chosen = publication_kind("norm")
    now, shown = chosen.payload(norm), version.payload
    files = [each.sha256 for each in chosen.attachments(norm)]
    if files == [each["sha256"] for each in shown["attachments"]] and all(
        shown.get(name) == value for name, value in now.items()
    ):
        return None
    told = [
        f"{quoted(each['title'])}自 {each['on']} 起{each['word'].removeprefix('被')}本文件。"
        for each in now["changed_by"]
        if each not in shown["changed_by"]
    ]
    if now["validity"] != shown["validity"] or now["since"] != shown["since"]:
        told.append(norm.verdict(norm.as_of or timezone.localdate()).why)
    return "".join(told) or "所引的文件有变动，内容随之更新。"


def turn(today: date) -> int:
    """到了会变的日子的、别的文件改了效力的，逐件更新；返回页面变了几件。

    等着公布、更正、重新公布的，只把今天的文本排好。
    """
    for norm in Norm.objects.filter(state__in=["registered", "revising", "withdrawn"]):
        typeset(norm, today)
    return sum(bring_up(norm, today) for norm in turning(today))
