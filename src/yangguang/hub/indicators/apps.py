from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    """指标."""

    name = "yangguang.hub.indicators"
    label = "indicators"
    verbose_name = "指标"

    def ready(self) -> None:
        """登记公开页面用的数据。"""
        from yangguang.hub.publications.data import register_data

        from .selectors import DATA, figures_of

        register_data(DATA, figures_of)
