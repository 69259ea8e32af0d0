from django.apps import AppConfig


class CompilationsConfig(AppConfig):
    """文件汇编."""

    name = "yangguang.sources.compilations"
    label = "compilations"
    verbose_name = "文件汇编"

    def ready(self) -> None:
        """登记文件汇编这一种信息。"""
        from yangguang.hub.publications.kinds import register

        from .publications import CompilationKind

        register(CompilationKind())
