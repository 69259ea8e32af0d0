from django.apps import AppConfig


class JobsConfig(AppConfig):
    """作业."""

    name = "yangguang.foundation.jobs"
    label = "jobs"
    verbose_name = "作业"
