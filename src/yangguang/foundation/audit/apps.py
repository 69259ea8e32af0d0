from django.apps import AppConfig


class AuditConfig(AppConfig):
    """审计."""

    name = "yangguang.foundation.audit"
    label = "audit"
    verbose_name = "审计"

    def ready(self) -> None:
        """登记审计这条链。"""
        from .sealing import AUDIT, register_chain

        register_chain(AUDIT)
