from django.apps import AppConfig


class FilesConfig(AppConfig):
    """文件."""

    name = "yangguang.foundation.files"
    label = "files"
    verbose_name = "文件"

    def ready(self) -> None:
        """登记体检：隔离太久的、查出病毒的，拍摄信息没有去掉的。"""
        from yangguang.foundation.health.registry import register

        from . import baring, quarantine

        register("files.quarantine", quarantine.warnings)
        register("files.baring", baring.warnings)
