from django.apps import AppConfig


class CodesConfig(AppConfig):
    """代码表."""

    name = "yangguang.foundation.codes"
    label = "codes"
    verbose_name = "代码表"

    def ready(self) -> None:
        """载入各应用的 ``codes`` 模块：里面登记了哪些代码表。"""
        from django.utils.module_loading import autodiscover_modules

        autodiscover_modules("codes")
