"""页面标签：三类页面的必选项一项不缺，缺了就不出页面。"""

from datetime import datetime

import pytest

from yangguang.foundation.theme.labels import (
    ARTICLE_LABELS,
    COLUMN_LABELS,
    SITE_LABELS,
    MissingLabel,
    article_labels,
    column_labels,
    site_labels,
)


def test_each_class_of_page_carries_its_mandatory_labels_in_the_order_of_the_guideline() -> None:
    site = site_labels("临夏州人民政府", "www.linxia.gov.cn", "6229000000")
    column = column_labels("政策文件", "州政府的文件", "政策,文件", "政策文件")
    assert tuple(name for name, _ in site) == SITE_LABELS
    assert tuple(name for name, _ in column) == COLUMN_LABELS
    moment = datetime(2020, 9, 28, 9, 5)
    article = article_labels("政策文件", "政策文件", "某通知", moment, "州政府办公室")
    assert [name for name, _ in article] == ["ColumnName", "ColumnType", *ARTICLE_LABELS]
    assert dict(article)["PubDate"] == "2020-09-28 09:05"


def test_a_missing_mandatory_label_is_refused_and_names_the_label() -> None:
    with pytest.raises(MissingLabel, match="SiteIDCode"):
        site_labels("临夏州人民政府", "www.linxia.gov.cn", " ")


def test_optional_labels_appear_only_when_they_have_a_value() -> None:
    moment = datetime(2020, 9, 28)
    names = [n for n, _ in article_labels("栏", "政策文件", "题", moment, "州", description="摘要")]
    assert "Description" in names and "Keywords" not in names
