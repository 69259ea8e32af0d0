from django.apps import AppConfig


class ThemeConfig(AppConfig):
    """样式."""

    name = "yangguang.foundation.theme"
    label = "theme"
    verbose_name = "样式"
