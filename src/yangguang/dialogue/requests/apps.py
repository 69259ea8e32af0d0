from django.apps import AppConfig


class RequestsConfig(AppConfig):
    """依申请公开."""

    name = "yangguang.dialogue.requests"
    label = "disclosure_requests"
    verbose_name = "依申请公开"
