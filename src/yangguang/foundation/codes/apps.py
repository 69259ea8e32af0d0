from django.apps import AppConfig


class CodesConfig(AppConfig):
    """代码表."""

    name = "yangguang.foundation.codes"
    label = "codes"
    verbose_name = "代码表"

    def ready(self) -> None:
        """载入各应用的 ``codes`` 模块：里面登记了哪些代码表；一次请求里代码表只读一次。"""
        from django.utils.module_loading import autodiscover_modules

        autodiscover_modules("codes")

        from django.core.signals import request_finished, request_started

        from .selectors import begin_request, end_request

        request_started.connect(begin_request, dispatch_uid="codes.begin_request")
        request_finished.connect(end_request, dispatch_uid="codes.end_request")
