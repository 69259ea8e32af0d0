from collections.abc import Iterator

from django.apps import AppConfig


class WebsiteConfig(AppConfig):
    """网站."""

    name = "yangguang.outlets.website"
    label = "website"
    verbose_name = "网站"

    def ready(self) -> None:
        """登记一项核对：``rebuild --check`` 也查静态树。"""
        from yangguang.hub.publications.rebuilding import register_check

        register_check(_tree)


def _tree() -> Iterator[str]:
    from .verification import verify_site

    yield from verify_site().broken
