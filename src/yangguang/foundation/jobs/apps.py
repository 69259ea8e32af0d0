from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class JobsConfig(AppConfig):
    """作业."""

    name = "yangguang.foundation.jobs"
    label = "jobs"
    verbose_name = "作业"

    def ready(self) -> None:
        """载入各应用的 ``jobs.py``。"""
        autodiscover_modules("jobs")
