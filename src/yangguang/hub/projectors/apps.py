from django.apps import AppConfig


class ProjectorsConfig(AppConfig):
    """出口的进度与回执."""

    name = "yangguang.hub.projectors"
    label = "projectors"
    verbose_name = "出口的进度与回执"

    def ready(self) -> None:
        """登记体检：谁落后了，哪些撤回还没有确认。"""
        from yangguang.foundation.health.registry import register, register_metric

        from .selectors import metrics, warnings

        register("projectors", warnings)
        register_metric("projectors", metrics)
