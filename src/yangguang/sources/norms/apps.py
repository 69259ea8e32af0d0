from django.apps import AppConfig


class NormsConfig(AppConfig):
    """规章和规范性文件."""

    name = "yangguang.sources.norms"
    label = "norms"
    verbose_name = "规范性文件"

    def ready(self) -> None:
        """登记规范性文件、清理结果这两种信息，和指标。"""
        from yangguang.hub.indicators.registry import register as register_indicators
        from yangguang.hub.publications.kinds import register

        from .indicators import INDICATORS
        from .publications import CleanUpKind, NormKind

        register(NormKind())
        register(CleanUpKind())
        register_indicators(INDICATORS)
