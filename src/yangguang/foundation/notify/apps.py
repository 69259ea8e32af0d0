from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class NotifyConfig(AppConfig):
    """通知."""

    name = "yangguang.foundation.notify"
    label = "notify"
    verbose_name = "通知"

    def ready(self) -> None:
        """看着流转的每一步；载入各应用的 ``notices`` 模块：里面登记了什么事告诉谁。"""
        from yangguang.foundation.lifecycle.watching import watch

        from .producers import JOBS, on_steps
        from .wording import declare_subject

        declare_subject(JOBS, "作业")
        declare_subject("notify.contact", "联系方式")
        watch(on_steps)
        autodiscover_modules("notices")
