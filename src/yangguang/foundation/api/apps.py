from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class ApiConfig(AppConfig):
    """接口."""

    name = "yangguang.foundation.api"
    label = "api"
    verbose_name = "接口"

    def ready(self) -> None:
        """载入各应用的 ``api`` 模块：里面登记了它们的地址和权限。"""
        autodiscover_modules("api")
