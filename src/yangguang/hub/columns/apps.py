from django.apps import AppConfig


class ColumnsConfig(AppConfig):
    """站点与栏目."""

    name = "yangguang.hub.columns"
    label = "columns"
    verbose_name = "站点与栏目"
