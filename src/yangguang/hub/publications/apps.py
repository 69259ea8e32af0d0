from django.apps import AppConfig


class PublicationsConfig(AppConfig):
    """信息资源库."""

    name = "yangguang.hub.publications"
    label = "publications"
    verbose_name = "信息资源库"
