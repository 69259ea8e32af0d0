"""专题的动作：开设、修改、指定和移出信息。结束和重新开放走流转。"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Manager, QuerySet
from django.utils import timezone

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.audit.services import record as record_event
from yangguang.foundation.lifecycle.models import TransitionRecord
from yangguang.foundation.lifecycle.services import Classified, OutOfScope, Refused, start
from yangguang.foundation.organisations.models import Organisation
from yangguang.foundation.screening.rules import secret_mark
from yangguang.hub.columns.models import Site
from yangguang.hub.columns.policy import sites_edited_by
from yangguang.hub.publications.gate import text_faults
from yangguang.hub.publications.models import Publication
from yangguang.hub.publications.refreshing import place_again, place_linked, refresh
from yangguang.hub.publications.selectors import is_shown_on

from .models import Topic, TopicChoice
from .parts import PARTS
from .rules import free_code, is_code, owner_faults, word_faults

PLAIN = ("name", "summary", "words", "opened_on", "owner", "basis", "tasks")
RELATED = ("columns", "organisations")
"""``PLAIN`` 之外，存在关联表里的条件。"""


@transaction.atomic
def open_topic(
    site: Site,
    *,
    name: str,
    summary: str,
    actor: Actor,
    key: str,
    code: str = "",
    opened_on: date | None = None,
    owner: Organisation | None = None,
    basis: str = "",
    tasks: Sequence[int] = (),
    **gathering: Any,
) -> Topic:
    """开设一个专题。没有给 ``code`` 的，由系统起一个；落实工作方案的，给出责任单位、依据和第几项任务。

    ``gathering`` 是收信息的条件：``columns``、``organisations``、``words``。
    同一 ``key`` 只开一次。不在范围内抛出 ``OutOfScope``，不合规矩抛出 ``Refused``。
    """
    if not sites_edited_by(actor).filter(pk=site.pk).exists():
        raise OutOfScope
    words = list(gathering.get("words", ()))
    taken = Topic.objects.filter(site=site)
    topic = Topic(
        site=site,
        organisation=site.organisation,
        code=code or free_code(frozenset(taken.values_list("code", flat=True))),
        name=name.strip(),
        summary=summary.strip(),
        words=words,
        opened_on=opened_on or timezone.localdate(),
        owner=owner,
        basis=basis.strip(),
        tasks=list(tasks),
    )
    _check(topic)
    is_resent = TransitionRecord.objects.filter(idempotency_key=key).exists()
    if not is_resent and (faults := _taken(topic, taken, code)):
        raise Refused(faults)
    start(topic, actor=actor, key=key)
    if is_resent:
        return topic
    for relation in RELATED:
        getattr(topic, relation).set(gathering.get(relation, ()))
    refresh(topic.data_key)
    return topic


@transaction.atomic
def edit_topic(topic: Topic, changes: Mapping[str, Any], *, actor: Actor) -> Topic:
    """改名称、简介、开设日期和收信息的条件；代码不能改，地址才不变。"""
    current = _locked(topic, actor)
    if current.has_parts and changes.get("owner", current.owner) is None:
        raise Refused(["分部分的专题要有责任单位：公众可能存着各部分的地址，不能改回不分部分。"])
    changed = []
    for name in PLAIN:
        if name in changes and getattr(current, name) != changes[name]:
            setattr(current, name, changes[name])
            changed.append(name)
    _check(current)
    others = Topic.objects.filter(site=current.site).exclude(pk=current.pk)
    if faults := _taken(current, others, ""):
        raise Refused(faults)
    current.save()
    for name in RELATED:
        if name in changes and set(changes[name]) != set(getattr(current, name).all()):
            getattr(current, name).set(changes[name])
            changed.append(name)
    if changed:
        record_event("topics.edit", actor=actor, target=current, fields=changed)
        refresh(current.data_key)
    topic.refresh_from_db()
    return topic


@transaction.atomic
def choose(
    topic: Topic, publication: Publication, choice: str, *, actor: Actor, part: str = ""
) -> None:
    """指定收进（``add``）、移出（``exclude``）一条信息，或者取消指定、照条件来（``undo``）。

    收进的可以定归哪一部分（``part``），不定的照规则。文件进出，它的解读跟着重新归位。
    """
    current = _locked(topic, actor)
    if not is_shown_on(publication, current.site):
        raise Refused(["这条信息不在专题所属的站点里。"])
    if part and (choice != "add" or part not in PARTS or not current.has_parts):
        raise Refused(["归哪一部分，只在收进分部分的专题时定。"])
    own = TopicChoice.objects.filter(topic=current, publication=publication)
    if choice == "undo":
        changed, _ = own.delete()
    else:
        excluded = choice == "exclude"
        if own.filter(is_excluded=excluded, part=part).exists():
            return
        own.delete()
        _enter(current, publication, excluded, actor, part)
        changed = 1
    if changed:
        record_event(
            f"topics.{choice}", actor=actor, target=current, fields=("choices",),
            public={"publication": publication.index_number} | ({"part": PARTS[part]} if part else {}),
        )  # fmt: skip
        place_again(publication)
        place_linked(publication)
        current.save(update_fields=["updated_at"])


@transaction.atomic
def gather(publication: Publication, topics: Iterable[Topic], *, actor: Actor) -> list[Topic]:
    """来源发布一条信息时，连同指定它进哪些专题；返回真正收进去的。须在发布的事务里调用。

    只增不减；监督员已移出的不再收进。别的站点的、已结束的专题不收。
    """
    entered = []
    known = dict(
        TopicChoice.objects.filter(publication=publication).values_list("topic", "is_excluded")
    )
    for topic in topics:
        if topic.state != "open" or not is_shown_on(publication, topic.site):
            continue
        if topic.pk not in known:
            _enter(topic, publication, False, actor)
        if not known.get(topic.pk):
            entered.append(topic)
    fresh = [topic for topic in entered if topic.pk not in known]
    if fresh:
        record_event(
            "topics.gather", actor=actor, target=publication,
            public={"topics": [topic.code for topic in fresh]},
        )  # fmt: skip
        place_again(publication)
        place_linked(publication)
    return entered


def gather_chosen(publication: Publication, chosen: Manager[Topic], *, actor: Actor) -> list[Topic]:
    """来源的记录上选了的专题（多对多的管理器），随发布、更正收进去。没有选的一次查询。"""
    topics = list(chosen.select_related("site").order_by("pk"))
    return gather(publication, topics, actor=actor) if topics else []


def _enter(
    topic: Topic, publication: Publication, excluded: bool, actor: Actor, part: str = ""
) -> None:
    TopicChoice.objects.create(
        topic=topic,
        publication=publication,
        is_excluded=excluded,
        part=part,
        chosen_by_id=actor.user_id,
        chosen_at=timezone.now(),
    )


def _locked(topic: Topic, actor: Actor) -> Topic:
    current = Topic.objects.select_for_update(of=("self",)).filter(pk=topic.pk).first()
    if current is None or not Topic.policy.may_edit(actor, current):
        raise OutOfScope
    return current


def _check(topic: Topic) -> None:
    if secret_mark("\n".join((topic.name, topic.summary, topic.basis, *topic.words))):
        raise Classified
    faults = [
        f"缺少“{label}”。"
        for label, text in (("名称", topic.name), ("简介", topic.summary))
        if not text
    ]
    if not is_code(topic.code):
        faults.append("地址代码只能用小写字母、数字和短横，例如 yiwu-jiaoyu。")
    faults += owner_faults(topic.has_parts, topic.tasks, topic.basis)
    faults += word_faults(topic.words)
    faults += text_faults(f"{topic.name}\n{topic.summary}\n{topic.basis}", "")
    if faults:
        raise Refused(faults)


def _taken(topic: Topic, others: QuerySet[Topic], code: str) -> list[str]:
    faults = []
    if others.filter(name=topic.name).exists():
        faults.append(f"已经有叫“{topic.name}”的专题。")
    if code and others.filter(code=code).exists():
        faults.append(f"地址代码 {code} 已经用过，请换一个。")
    return faults
