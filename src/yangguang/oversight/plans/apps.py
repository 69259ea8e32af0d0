from django.apps import AppConfig


class PlansConfig(AppConfig):
    """工作方案."""

    name = "yangguang.oversight.plans"
    label = "plans"
    verbose_name = "工作方案"
