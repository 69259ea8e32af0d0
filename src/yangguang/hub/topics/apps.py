from django.apps import AppConfig


class TopicsConfig(AppConfig):
    """专题."""

    name = "yangguang.hub.topics"
    label = "topics"
    verbose_name = "专题"
