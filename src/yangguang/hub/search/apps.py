from django.apps import AppConfig


class SearchConfig(AppConfig):
    """检索."""

    name = "yangguang.hub.search"
    label = "search"
    verbose_name = "检索"

    def ready(self) -> None:
        """登记两项：检索是一种出口，撤回要等它确认；``rebuild --check`` 核对索引。"""
        from yangguang.hub.projectors.registry import register_family
        from yangguang.hub.publications.rebuilding import register_check

        from .indexer import FAMILY, faults

        register_family(FAMILY, "检索")
        register_check(faults)
