from django.apps import AppConfig


class FilesConfig(AppConfig):
    """文件."""

    name = "yangguang.foundation.files"
    label = "files"
    verbose_name = "文件"

    def ready(self) -> None:
        """登记体检：隔离太久的、查出病毒的。"""
        from yangguang.foundation.health.registry import register

        from .quarantine import warnings

        register("files.quarantine", warnings)
