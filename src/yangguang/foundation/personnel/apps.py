from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class PersonnelConfig(AppConfig):
    """人员和任职."""

    name = "yangguang.foundation.personnel"
    label = "personnel"
    verbose_name = "人员和任职"

    def ready(self) -> None:
        """载入各应用的 ``holdings`` 模块：里面登记了一个人手上可能有哪些事。"""
        autodiscover_modules("holdings")
