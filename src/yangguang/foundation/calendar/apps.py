from django.apps import AppConfig


class CalendarConfig(AppConfig):
    """工作日历."""

    name = "yangguang.foundation.calendar"
    label = "calendar"
    verbose_name = "工作日历"

    def ready(self) -> None:
        """登记日历的体检。"""
        from yangguang.foundation.health.registry import register

        from .selectors import health_warnings

        register("calendar", health_warnings)
