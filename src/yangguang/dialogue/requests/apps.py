from django.apps import AppConfig


class RequestsConfig(AppConfig):
    """依申请公开."""

    name = "yangguang.dialogue.requests"
    label = "disclosure_requests"
    verbose_name = "依申请公开"

    def ready(self) -> None:
        """登记各个期限：日历一变随之重算。"""
        from yangguang.foundation.calendar import dated

        from .due import FIELDS

        for field in FIELDS:
            dated.register(field)
