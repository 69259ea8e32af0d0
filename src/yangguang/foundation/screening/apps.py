from django.apps import AppConfig


class ScreeningConfig(AppConfig):
    """检测."""

    name = "yangguang.foundation.screening"
    label = "screening"
    verbose_name = "检测"
