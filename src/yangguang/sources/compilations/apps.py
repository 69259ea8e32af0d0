from django.apps import AppConfig


class CompilationsConfig(AppConfig):
    """文件汇编."""

    name = "yangguang.sources.compilations"
    label = "compilations"
    verbose_name = "文件汇编"

    def ready(self) -> None:
        """登记文件汇编这一种信息，和指标。"""
        from yangguang.hub.indicators.registry import register as register_indicators
        from yangguang.hub.publications.kinds import register

        from .indicators import INDICATORS
        from .publications import CompilationKind

        register(CompilationKind())
        register_indicators(INDICATORS)
