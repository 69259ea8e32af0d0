from django.apps import AppConfig


class CalendarConfig(AppConfig):
    """工作日历."""

    name = "yangguang.foundation.calendar"
    label = "calendar"
    verbose_name = "工作日历"
