from collections.abc import Iterator

from django.apps import AppConfig


class WebsiteConfig(AppConfig):
    """网站."""

    name = "yangguang.outlets.website"
    label = "website"
    verbose_name = "网站"

    def ready(self) -> None:
        """登记两项：网站是一种出口，撤回要等它确认；``rebuild --check`` 也查静态树。"""
        from yangguang.hub.projectors.registry import register_family
        from yangguang.hub.publications.rebuilding import register_check

        from .rules import FAMILY

        register_family(FAMILY, "网站")
        register_check(_tree)


def _tree() -> Iterator[str]:
    from .verification import verify_site

    yield from verify_site().broken
