from django.apps import AppConfig


class NormsConfig(AppConfig):
    """规章和规范性文件."""

    name = "yangguang.sources.norms"
    label = "norms"
    verbose_name = "规范性文件"

    def ready(self) -> None:
        """登记规范性文件、清理结果这两种信息。"""
        from yangguang.hub.publications.kinds import register

        from .publications import CleanUpKind, NormKind

        register(NormKind())
        register(CleanUpKind())
