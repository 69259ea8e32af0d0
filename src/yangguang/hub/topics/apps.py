from django.apps import AppConfig


class TopicsConfig(AppConfig):
    """专题."""

    name = "yangguang.hub.topics"
    label = "topics"
    verbose_name = "专题"

    def ready(self) -> None:
        """登记专题供给的体检、指标，和“专题供给”这类通知。"""
        from yangguang.foundation.health.registry import register
        from yangguang.foundation.notify.wording import declare_subject
        from yangguang.hub.indicators.registry import register as register_indicators

        from .indicators import INDICATORS
        from .supplying import SUBJECT, supply_warnings

        register("topics", supply_warnings)
        declare_subject(SUBJECT, "专题供给")
        register_indicators(INDICATORS)
