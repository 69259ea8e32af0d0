from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """发文台账."""

    name = "yangguang.sources.ledger"
    label = "ledger"
    verbose_name = "发文台账"

    def ready(self) -> None:
        """登记两个期限、指标；公文走一步、期限重算一次，台账随着记。"""
        from yangguang.foundation.calendar import dated
        from yangguang.foundation.lifecycle.watching import watch
        from yangguang.hub.indicators.registry import register as register_indicators
        from yangguang.sources.documents.due import PUBLISH_DUE as DOCUMENT_DUE

        from .due import FORMED_DUE, PUBLISH_DUE
        from .following import follow, on_steps
        from .indicators import INDICATORS

        dated.register(PUBLISH_DUE)
        dated.register(FORMED_DUE)
        dated.follow(DOCUMENT_DUE.name, follow)
        watch(on_steps)
        register_indicators(INDICATORS)
