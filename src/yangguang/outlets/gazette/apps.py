from django.apps import AppConfig


class GazetteConfig(AppConfig):
    """政府公报."""

    name = "yangguang.outlets.gazette"
    label = "gazette"
    verbose_name = "政府公报"

    def ready(self) -> None:
        """登记政府公报这一种信息，和指标。"""
        from yangguang.hub.indicators.registry import register as register_indicators
        from yangguang.hub.publications.kinds import register

        from .indicators import INDICATORS
        from .publications import GazetteIssueKind

        register(GazetteIssueKind())
        register_indicators(INDICATORS)
