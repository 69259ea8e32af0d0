from django.apps import AppConfig


class SearchConfig(AppConfig):
    """检索."""

    name = "yangguang.hub.search"
    label = "search"
    verbose_name = "检索"

    def ready(self) -> None:
        """登记两项：``health`` 看索引落后了没有，``rebuild --check`` 核对索引。"""
        from yangguang.foundation.health.registry import register
        from yangguang.hub.publications.rebuilding import register_check

        from .indexer import faults, lag_warnings

        register("search", lag_warnings)
        register_check(faults)
