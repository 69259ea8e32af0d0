"""写稿时选的专题：公开以后收进去，更正时新选的也收。"""

from tests.sources.articles.conftest import walk, written
from tests.town import Town
from yangguang.hub.topics.models import Topic
from yangguang.hub.topics.selectors import gathered
from yangguang.hub.topics.services import open_topic
from yangguang.sources.articles.services import edit


def opened(town: Town, name: str) -> Topic:
    return open_topic(town.site, name=name, summary="一件事。", actor=town.approver, key=name)


def test_an_article_goes_into_its_topics_when_published_and_when_corrected(town: Town) -> None:
    first, second = opened(town, "六稳六保"), opened(town, "文旅")
    article = written(town)
    edit(article, {}, topics=[first], actor=town.drafter)
    assert gathered(first) == []
    walk(town, article, "submit", "pass", "release")
    assert [each.source_id for each in gathered(first)] == [article.pk]
    walk(town, article, "revise")
    edit(article, {"summary": "改过。"}, topics=[first, second], actor=town.drafter)
    walk(town, article, "correct")
    assert [each.source_id for each in gathered(second)] == [article.pk]
