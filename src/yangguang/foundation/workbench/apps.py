from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class WorkbenchConfig(AppConfig):
    """工作台."""

    name = "yangguang.foundation.workbench"
    label = "workbench"
    verbose_name = "工作台"

    def ready(self) -> None:
        """载入各应用的 ``workbench`` 模块：里面登记了它们的界面。"""
        autodiscover_modules("workbench")
