from django.apps import AppConfig


class LifecycleConfig(AppConfig):
    """流转."""

    name = "yangguang.foundation.lifecycle"
    label = "lifecycle"
    verbose_name = "流转"
