from django.apps import AppConfig


class FundsConfig(AppConfig):
    """政策资金和直达资金."""

    name = "yangguang.sources.funds"
    label = "funds"
    verbose_name = "资金公开"

    def ready(self) -> None:
        """登记资金公开这一种信息，和指标。"""
        from yangguang.hub.indicators.registry import register as register_indicators
        from yangguang.hub.publications.kinds import register

        from .indicators import INDICATORS
        from .publications import FundKind

        register(FundKind())
        register_indicators(INDICATORS)
