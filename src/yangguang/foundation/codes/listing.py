"""列表里的代码：写成说法，一页只读一次代码表。"""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.utils.functional import cached_property
from django_tables2 import Column

from .rules import CodeTable, Entry, label_on
from .selectors import entries_of


class CodeColumn(Column):
    """代码在记录那一天（``day``）的说法。显示这一列、有一行选了的，一页多一次查询。"""

    def __init__(
        self, label: str, table: CodeTable, day: Callable[[Any], date], **kwargs: Any
    ) -> None:
        self.table, self.day = table, day
        super().__init__(label, default="", **kwargs)

    @cached_property
    def entries(self) -> list[Entry]:
        """表里的各项。"""
        return entries_of(self.table)

    def render(self, value: str, record: Any) -> str:
        """说法。"""
        return label_on(self.entries, value, self.day(record))
