from collections.abc import Iterator
from datetime import date

from django.apps import AppConfig


class WebsiteConfig(AppConfig):
    """网站."""

    name = "yangguang.outlets.website"
    label = "website"
    verbose_name = "网站"

    def ready(self) -> None:
        """登记：动态的公开页面用站点的页眉页脚；网站是一种出口，撤回要等它确认；体检看钥匙和巡查；``rebuild --check`` 也查静态树和列表。"""
        from yangguang.foundation.health.registry import register, register_metric
        from yangguang.foundation.theme import framing
        from yangguang.hub.projectors.registry import register_family
        from yangguang.hub.publications.rebuilding import register_check

        from .framing import frame
        from .rules import FAMILY

        framing.register(frame)
        register_family(FAMILY, "网站")
        register_check(_tree)
        register_check(_lists)
        register("site_key", _key)
        register("patrol", _patrol)
        register_metric("patrol", _patrol_metrics)


def _key(on: date) -> list[str]:
    from .manifests import key_warnings

    return key_warnings()


def _patrol(on: date) -> list[str]:
    from .patrol import warnings

    return warnings()


def _patrol_metrics() -> list[dict[str, object]]:
    from .patrol import metrics

    return metrics()


def _tree() -> Iterator[str]:
    from .verification import verify_site

    yield from verify_site().broken


def _lists() -> Iterator[str]:
    from django.utils import timezone

    from yangguang.hub.columns.models import Site

    from .frame import Press
    from .numbering import faults

    yield from faults({site.pk: Press(site, timezone.localdate()) for site in Site.objects.all()})
