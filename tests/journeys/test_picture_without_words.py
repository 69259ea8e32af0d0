"""没有替代文字的图片。

信息员要给图片新闻配图。没有写替代文字的不收，写成文件名的也不收，填的都还在；写清图上是什么，才收进
资料库。稿件插上这张图，文中删了那句话的送不出去。发布以后，看不见图片的人在公开页面上听得到那句话，
拍摄的设备没有跟出去。
"""

import io
from typing import Any

import pytest

from tests.foundation.library.conftest import drawn
from tests.town import Town
from tests.workbench import sign_in
from yangguang.foundation.library.models import LibraryItem
from yangguang.hub.publications.models import PublicationVersion
from yangguang.sources.articles.models import Article

pytestmark = pytest.mark.django_db
WORDS = "干部在村口向群众讲解政策"


def photograph() -> Any:
    stream = io.BytesIO(drawn())
    stream.name = "IMG_2035.jpg"
    return stream


def test_a_picture_needs_words_before_anything_is_made_of_it(town: Town) -> None:
    desk = sign_in(town.drafter)
    upload = "/workbench/library/new/"
    for alternative in ("", "IMG_2035", "图片"):
        refused = desk.fill(
            upload, file=photograph(), alternative=alternative, caption="演示县某乡，秋收。"
        )
        page = refused.content.decode()
        assert refused.status_code == 422 and "替代文字" in page, alternative
        assert "演示县某乡，秋收。" in page  # 填的都在
    assert not LibraryItem.objects.exists()
    desk.fill(upload, file=photograph(), alternative=WORDS, caption="演示县某乡，秋收。")
    picture = LibraryItem.objects.get()

    desk.fill(
        "/workbench/articles/new/", title="政策讲到村口", article_type="pictures",
        stage="service", columns=[str(town.column.pk)], body="村口讲政策。",
    )  # fmt: skip
    article = Article.objects.get()
    home = f"/workbench/articles/{article.pk}/"
    without = desk.fill(f"{home}do/submit/")
    assert without.status_code == 422
    assert "图片新闻的正文里至少要有一张图片。" in without.content.decode()
    figure = (
        f'<p>村口讲政策。</p><figure><img data-file="{picture.pk}" alt="{{}}" src="/x"></figure>'
    )
    # 文中把那句话删了的，存得下，送不出去
    desk.fill(f"{home}edit/", **{"body-html": figure.format("")})
    without = desk.fill(f"{home}do/submit/")
    assert without.status_code == 422
    assert "第 1 张图片没有替代文字，请用一句话写明图里是什么。" in without.content.decode()
    desk.fill(f"{home}edit/", **{"body-html": figure.format(WORDS)})
    desk.fill(f"{home}do/submit/")
    sign_in(town.reviewer).fill(f"{home}do/pass/")
    sign_in(town.approver).fill(f"{home}do/release/")
    published = str(PublicationVersion.objects.get().payload)
    assert WORDS in published and "SecretCamera" not in published
