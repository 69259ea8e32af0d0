"""稿件的动作：起草、改稿、挂附件、定步骤，运转每一步的后果，到时自动发布、标明失效。"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.accounts.selectors import actor_of
from yangguang.foundation.audit.services import record as record_event
from yangguang.foundation.library.models import LibraryItem
from yangguang.foundation.library.selectors import choosable
from yangguang.foundation.library.services import captions_from
from yangguang.foundation.lifecycle.selectors import history
from yangguang.foundation.lifecycle.services import Refused, note, perform, refuse_marked, start
from yangguang.foundation.organisations.models import Organisation
from yangguang.foundation.richtext.blocks import picture_files, plain_text
from yangguang.foundation.workbench.versions import keeping
from yangguang.hub.columns.models import Column
from yangguang.hub.columns.selectors import site_for
from yangguang.hub.publications.models import Publication
from yangguang.hub.publications.services import correct, move, pin, publish, withdraw
from yangguang.hub.screening.attaching import Attachments
from yangguang.hub.screening.selectors import examine_record
from yangguang.hub.screening.services import look_again, sign_in_passing
from yangguang.hub.topics.models import Topic
from yangguang.hub.topics.services import gather_chosen

from .models import Article, ReviewRoute
from .pictures import with_pictures
from .rules import ROUTES, is_over, schedule_faults
from .selectors import UNDER, expiring, publication_of, scheduled

EDITABLE = (
    "title", "article_type", "summary", "stage", "subject", "body", "video",
    "is_transcribed", "source_name", "source_href", "source_level", "source_published_at", "publish_at", "expires_on",
    "pinned_until",
)  # fmt: skip
"""经办人能改的字段。"""
GATES_PASSED = {
    "pass": ("policy", "text"),
    "pass_on": ("text",),
    "pass_again": ("policy",),
    "approve": ("political",),
    "release": ("political",),
}
"""按下哪一步，就是把过了哪几关。"""
VIDEO = 0
"""文中的视频在配字幕的地址里的编号；附件从一编起。"""
SCHEDULED = "按签发时定的时间自动发布。"


@transaction.atomic
def draft(
    values: Mapping[str, Any],
    *,
    organisation: Organisation,
    actor: Actor,
    key: str,
    columns: Sequence[Column] = (),
    topics: Sequence[Topic] = (),
    is_demonstration: bool = False,
) -> Article:
    """起草一篇，返回它。``values`` 是 ``EDITABLE`` 里的字段；同一人同一 ``key`` 只起草一次。

    带密级标志抛出 ``Classified``；图片、视频不能用的，时间不成立的抛出 ``Refused``。
    """
    given = {name: values[name] for name in EDITABLE if name in values}
    refuse_classified(given)
    article = Article(organisation=organisation, is_demonstration=is_demonstration, **given)
    article.body = with_pictures(article.body, (), actor)
    _check_schedule(article)
    start(article, actor=actor, key=key)
    article.pictures.set(picture_files(article.body))
    article.columns.set(columns)
    article.topics.set(topics)
    look_again(article)
    return article


@transaction.atomic
def edit(
    article: Article,
    changes: Mapping[str, Any],
    *,
    actor: Actor,
    columns: Sequence[Column] | None = None,
    topics: Sequence[Topic] | None = None,
) -> Article:
    """改一篇起草中或修订中的稿件，记下改了哪些字段。

    不能改（状态、身份不对）、图片不能用、时间不成立抛出 ``Refused``；新内容带密级标志抛出
    ``Classified``。
    """
    current = editable(article, actor)
    given = {name: changes[name] for name in EDITABLE if name in changes}
    refuse_classified(given)
    if "body" in given:
        given["body"] = with_pictures(given["body"], picture_files(current.body), actor)
    changed = [name for name, value in given.items() if getattr(current, name) != value]
    for name in changed:
        setattr(current, name, given[name])
    if "video" in changed and current.captions is not None:
        # 字幕是照原来的视频写的
        current.captions = None
        changed.append("captions")
    if {"publish_at", "expires_on"} & set(changed):
        _check_schedule(current)
    if changed:
        current.save(update_fields=[*changed, "updated_at"])
    if "body" in changed:
        current.pictures.set(picture_files(current.body))
    for name, chosen in (("columns", columns), ("topics", topics)):
        if chosen is not None and set(chosen) != set(getattr(current, name).all()):
            getattr(current, name).set(chosen)
            current.save(update_fields=["updated_at"])
            changed.append(name)
    if changed:
        record_event("articles.edit", actor=actor, target=current, fields=changed)
        look_again(current)
    article.refresh_from_db()
    return article


@transaction.atomic
def attach(article: Article, item: LibraryItem, *, actor: Actor) -> None:
    """把资料库里的一份挂为附件，接在已有的后面。不能改的稿件、选不到的、已经挂着的抛出 ``Refused``。"""
    current = editable(article, actor)
    if not choosable(actor).filter(pk=item.pk).exists():
        raise Refused([f"“{item}”不在资料库里，或者已经停用，请另选。"])
    if current.attachments.filter(version__item=item).exists():
        raise Refused([f"“{item}”已经是这篇稿件的附件了。"])
    with keeping(current, actor=actor):
        ATTACHMENTS.append(current, [{"version": item.version}], actor=actor)


@transaction.atomic
def caption(article: Article, number: int, item: LibraryItem | None, *, actor: Actor) -> None:
    """给视频配上资料库里的一份字幕；``item`` 为空是去掉。``number`` 是附件的编号，文中的视频是 ``VIDEO``。

    不能改的稿件、不是字幕的抛出 ``Refused``。
    """
    if number != VIDEO:
        ATTACHMENTS.caption(article, number, item, actor=actor)
        return
    current = editable(article, actor)
    captions = captions_from(item, actor=actor) if item else None
    with keeping(current, actor=actor):
        current.captions = captions
        current.save(update_fields=["captions", "updated_at"])
    record_event("articles.caption", actor=actor, target=current, fields=("captions",))
    look_again(current)
    article.refresh_from_db()


@transaction.atomic
def set_route(organisation: Organisation, route: str, *, actor: Actor) -> ReviewRoute:
    """定本机构的稿件审几道。正在走的稿件，从下一步起照新的步骤。

    不是本机构的签发人、没有这种步骤的抛出 ``Refused``。
    """
    if actor.role != "approver" or actor.organisation_id != organisation.pk:
        raise Refused(["审签步骤由本机构的签发人定。"])
    if route not in ROUTES:
        raise Refused(["没有这种审签步骤。"])
    current, _ = ReviewRoute.objects.get_or_create(organisation=organisation)
    if current.route != route:
        current.route = route
        current.save(update_fields=["route"])
        record_event(
            "articles.set_route", actor=actor, target=current, fields=("route",),
            public={"route": ROUTES[route]},
        )  # fmt: skip
    return current


def screening_faults(article: Article) -> list[str]:
    """正文和附件里必须先处理才能公开的内容，每条一句。"""
    return examine_record(article).reasons


# ---- 运转的后果 ----


def carry_out(
    article: Article,
    event: str,
    *,
    actor: Actor,
    inputs: Mapping[str, Any],
    at: datetime,
) -> None:
    """运转一步的后果。由流转引擎在同一事务里调用。"""
    message = str(inputs["message"])
    if event in GATES_PASSED:
        sign_in_passing(article, GATES_PASSED[event], actor=actor, at=at)
    if event in ("approve", "release"):
        article.approved_under_id = actor.assignment_id
    if event in ("release", "publish", "republish", "correct"):
        article.is_expired = is_over(article.expires_on, timezone.localdate(at))
    if event in ("release", "publish", "republish"):
        _publish(article, actor)
    elif event == "correct":
        publication = publication_of(article)
        correct(publication, article, actor=actor, reason=message, key=_key(article))
        own = _own_columns(article, publication)
        if own:
            move(publication, own, actor=actor)
        gather_chosen(publication, article.topics, actor=actor)
        pin(publication, article.pinned_until, actor=actor)
    elif event == "withdraw":
        withdraw(publication_of(article), actor=actor, reason=message)
    elif event == "move":
        _move(article, list(inputs["columns"]), actor)
    elif event == "pin":
        article.pinned_until = inputs["until"]
        pin(publication_of(article), article.pinned_until, actor=actor)
    elif event == "unpin":
        article.pinned_until = None
        pin(publication_of(article), None, actor=actor)


def _publish(article: Article, actor: Actor) -> None:
    version = publish(
        article,
        "article",
        organisation=article.organisation,
        columns=_ordered(article),
        actor=actor,
        key=_key(article),
        is_demonstration=article.is_demonstration,
    )
    gather_chosen(version.publication, article.topics, actor=actor)
    pin(version.publication, article.pinned_until, actor=actor)


def _ordered(article: Article) -> list[Column]:
    """栏目，本机构所在站点的在前：第一个是组配分类。"""
    site = site_for(article.organisation)
    columns = article.columns.select_related("site__organisation").order_by("path")
    return sorted(columns, key=lambda column: site is None or column.site_id != site.pk)


def _own_columns(article: Article, publication: Publication) -> list[Column]:
    return list(article.columns.filter(site=publication.site_id).order_by("path"))


def _move(article: Article, columns: Sequence[Column], actor: Actor) -> None:
    """换成这些栏目；别的站点的照旧。"""
    publication = publication_of(article)
    others = list(article.columns.exclude(site=publication.site_id))
    if move(publication, columns, actor=actor) is None:
        raise Refused(["已经在这些栏目里了。"])
    article.columns.set([*columns, *others])


def _key(article: Article) -> str:
    return f"article:{article.pk}:{history(article).count()}"


# ---- 到时自动办的 ----


def publish_scheduled(now: datetime) -> int:
    """到了定时的，以签发人的名义发布，返回发布了几篇。

    办不成的（栏目没有了、查出要拦下的内容）在经过里写明缘由，留着，人来办。
    """
    done = 0
    for article in scheduled(now):
        assignment = article.approved_under
        if assignment is None or article.publish_at is None:
            continue
        actor = actor_of(assignment)
        at = article.publish_at.isoformat(timespec="minutes")
        try:
            perform(
                article, "publish", actor=actor, key=f"scheduled:{article.pk}:{at}",
                message=SCHEDULED, at=now,
            )  # fmt: skip
        except Refused as refused:
            note(
                article, "schedule_failed", "定时发布没有办成", actor=actor,
                key=f"scheduled-failed:{article.pk}:{at}", message="".join(refused.reasons),
            )  # fmt: skip
        else:
            done += 1
    return done


def mark_expired(today: date) -> int:
    """有效期满的标明“失效”，仍可查阅；返回标了几篇。以签发人的名义更正。

    标不成的（更正时查出要拦下的内容）在经过里写明缘由，不碍别的，人来办。
    """
    done = 0
    for article in expiring(today):
        try:
            done += _expire(article)
        except Refused as refused:
            if article.approved_under is not None:
                note(
                    article, "expire_failed", "期满没有标成失效",
                    actor=actor_of(article.approved_under),
                    key=f"expire-failed:{article.pk}:{article.expires_on}",
                    message="".join(refused.reasons),
                )  # fmt: skip
    return done


@transaction.atomic
def _expire(article: Article) -> bool:
    """标明一篇；已经标过、不再公开着的不标，返回假。"""
    current = (
        Article.objects.select_for_update(of=("self",)).select_related(*UNDER).get(pk=article.pk)
    )
    if current.state != "published" or current.is_expired or current.approved_under is None:
        return False
    actor = actor_of(current.approved_under)
    reason = f"有效期至 {current.expires_on}，期满标明失效。"
    current.is_expired, current.pinned_until = True, None
    current.save(update_fields=["is_expired", "pinned_until", "updated_at"])
    publication = publication_of(current)
    note(
        current, "expire", "期满失效", actor=actor,
        key=f"expired:{current.pk}:{current.expires_on}", message=reason,
    )  # fmt: skip
    correct(publication, current, actor=actor, reason=reason, key=_key(current))
    pin(publication, None, actor=actor)
    return True


# ---- 查验 ----


def editable(article: Article, actor: Actor) -> Article:
    """锁住一篇能改的稿件。须在事务里；不能改的抛出 ``Refused``。"""
    current = Article.objects.select_for_update(of=("self",)).get(pk=article.pk)
    if not current.policy.may_edit(actor, current):
        raise Refused([f"“{current.state_label}”的稿件不能修改。"])
    return current


ATTACHMENTS = Attachments("articles", "这篇稿件", "attachments", editable)
detach = ATTACHMENTS.detach


def refuse_classified(values: Mapping[str, Any]) -> None:
    """各字段的文字、``body`` 的块里带密级标志的抛出 ``Classified``。"""
    refuse_marked(*values.values(), plain_text(values.get("body", ())))


def _check_schedule(article: Article) -> None:
    now = timezone.now()
    reasons = schedule_faults(article.publish_at, article.expires_on, now, timezone.localdate(now))
    if reasons:
        raise Refused(reasons)
