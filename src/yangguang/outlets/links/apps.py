from django.apps import AppConfig


class LinksConfig(AppConfig):
    """站外链接."""

    name = "yangguang.outlets.links"
    label = "links"
    verbose_name = "站外链接"

    def ready(self) -> None:
        """登记体检：夜里查链接连不连得到外网。"""
        from yangguang.foundation.health.registry import register

        from .selectors import health_warnings

        register("links", health_warnings)
