from django.apps import AppConfig


class RedactionConfig(AppConfig):
    """遮盖处理."""

    name = "yangguang.dialogue.redaction"
    label = "redaction"
    verbose_name = "遮盖处理"
