from django.apps import AppConfig


class ScreeningConfig(AppConfig):
    """把关."""

    name = "yangguang.hub.screening"
    label = "gates"
    verbose_name = "把关"

    def ready(self) -> None:
        """登记为发布的关：什么都从这里过。"""
        from yangguang.hub.publications.gate import register_gate

        from .gate import ScreeningGate

        register_gate(ScreeningGate())
