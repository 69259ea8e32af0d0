from django.apps import AppConfig


class WorkbenchConfig(AppConfig):
    """工作台."""

    name = "yangguang.foundation.workbench"
    label = "workbench"
    verbose_name = "工作台"
