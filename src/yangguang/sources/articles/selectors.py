"""稿件的读取。"""

from collections.abc import Iterator
from datetime import date, datetime

from django.db.models import F, Q, QuerySet, Subquery
from django.urls import reverse

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.files.video import MP4
from yangguang.foundation.library.references import Sought, Use
from yangguang.foundation.lifecycle.selectors import history, of_others
from yangguang.foundation.organisations.models import Organisation
from yangguang.foundation.organisations.selectors import lineage
from yangguang.hub.columns.models import Column, Site
from yangguang.hub.columns.selectors import open_columns, site_for, sites
from yangguang.hub.publications import selectors as publications
from yangguang.hub.publications.models import Publication

from .models import Article, ArticleAttachment, ReviewRoute
from .rules import DEFAULT_ROUTE

UNDER = (
    "organisation", "approved_under__user", "approved_under__organisation",
    "approved_under__on_behalf_of__user",
)  # fmt: skip
"""以签发人的名义办，要一并取出的。"""
FILES = ("version__file", "masked", "captions")
"""附件要打开、要公开，须一并取出的。"""
SHOWN = 50
"""待办里最多列几篇；再多的到列表里看。"""


def route_of(organisation: int) -> str:
    """机构的审签步骤。一次查询。"""
    found = ReviewRoute.objects.filter(organisation=organisation).values_list("route", flat=True)
    return found.first() or DEFAULT_ROUTE


def first_reviewer(article: Article) -> int | None:
    """这一轮初审的人；还没有初审、不分初审复审的为空。最多一次查询。"""
    if article.state != "in_second_review":
        return None
    passed = history(article).filter(event="pass_on").order_by("-pk").first()
    return passed.user_id if passed else None


def waiting_for(actor: Actor) -> QuerySet[Article]:
    """等此人办的稿件：信息员的草稿和待发布的，审核人、签发人手上别人起草的。转载急的在前。一次查询。"""
    others = of_others(actor)
    mine = {
        "drafter": Q(state__in=["draft", "revising"]) | Q(state="approved", publish_at=None),
        "reviewer": Q(state__in=["in_review", "in_second_review"]) & others,
        "approver": Q(state="in_approval") & others | Q(state="revising"),
    }.get(actor.role)
    visible = Article.policy.visible(actor)
    if mine is None:
        return visible.none()
    return visible.filter(mine).order_by(F("source_published_at").asc(nulls_last=True), "pk")[
        :SHOWN
    ]


def scheduled(now: datetime) -> QuerySet[Article]:
    """签发了、到了定时的，先到的在前。用时一次查询。"""
    found = Article.objects.filter(state="approved", publish_at__lte=now)
    return found.select_related(*UNDER).order_by("publish_at", "pk")


def expiring(today: date) -> QuerySet[Article]:
    """公开着、有效期满了还没有标明的。用时一次查询。"""
    found = Article.objects.filter(state="published", is_expired=False, expires_on__lt=today)
    return found.select_related(*UNDER).order_by("pk")


def publication_of(article: Article) -> Publication:
    """这篇稿件发布成的信息；没有发布过抛出 ``Publication.DoesNotExist``。"""
    return publications.publication_of(article, "article")


def published_path(article: Article) -> str:
    """公开页面的地址；公众现在看不到的为空。"""
    return publications.published_path(article, "article")


def untold_videos(article: Article) -> list[str]:
    """没有字幕的视频的名称：文中的，和附件里的。一次查询。"""
    found = [article.video.file.name] if article.video and article.captions_id is None else []
    rows = article.attachments.filter(version__file__media_type=MP4, captions=None)
    return [*found, *rows.values_list("version__file__name", flat=True)]


def columns_offered(organisation: Organisation) -> list[tuple[Site, list[Column]]]:
    """机构的稿件能放的栏目，按站点：它所在的站点在前，下级站点在后。两次查询，每个站点另一次。"""
    own = site_for(organisation)
    if own is None:
        return []
    below = [
        site
        for site in sites()
        if site.pk != own.pk and site.organisation.path.startswith(own.organisation.path)
    ]
    return [(site, list(open_columns(site))) for site in (own, *below)]


def columns_within(organisation_path: str) -> QuerySet[Column]:
    """树上这一处的机构的稿件放得进的栏目，与 ``columns_offered`` 一样，按站点、按树的次序。一次查询。"""
    own = (
        Site.objects.filter(organisation__path__in=lineage(Organisation(path=organisation_path)))
        .order_by("-organisation__depth")
        .values("organisation__path")[:1]
    )
    found: QuerySet[Column] = Column.objects.filter(
        site__organisation__path__startswith=Subquery(own), closed_on=None
    )
    return found.select_related("site").order_by("site", "path")


def used_in(sought: Sought, actor: Actor | None) -> Iterator[Use]:
    """哪些稿件用到所查的资料：附件、视频、字幕、文中的图片，供资料库列出用处。四次查询。"""
    visible = Article.policy.visible(actor) if actor is not None else Article.objects.all()
    attached = ArticleAttachment.objects.filter(version__item__in=sought.items, article__in=visible)
    for row in attached.select_related("article").order_by("pk"):
        yield _use(row.article, "附件")
    for article in visible.filter(video__item__in=sought.items).order_by("pk"):
        yield _use(article, "视频")
    captioned = Q(captions__in=sought.files) | Q(attachments__captions__in=sought.files)
    for article in visible.filter(captioned).distinct().order_by("pk"):
        yield _use(article, "字幕")
    for article in visible.filter(pictures__in=sought.items).distinct().order_by("pk"):
        yield _use(article, "配图")


def _use(article: Article, role: str) -> Use:
    return Use(
        f"稿件“{article.title}”的{role}", reverse("workbench:articles-record", args=[article.pk])
    )
