from django.apps import AppConfig


class RequestsConfig(AppConfig):
    """依申请公开."""

    name = "yangguang.dialogue.requests"
    label = "disclosure_requests"
    verbose_name = "依申请公开"

    def ready(self) -> None:
        """登记各个期限：日历一变随之重算；“我的”里登记我的申请。"""
        from yangguang.foundation.calendar import dated
        from yangguang.foundation.residents import registry
        from yangguang.hub.indicators.registry import register as register_indicators

        from .due import FIELDS
        from .indicators import INDICATORS

        for field in FIELDS:
            dated.register(field)
        register_indicators(INDICATORS)
        registry.register(
            registry.Entry("我的申请", "requests:mine", "提出过的政府信息公开申请，办到了哪里")
        )
