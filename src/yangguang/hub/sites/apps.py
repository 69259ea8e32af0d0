from django.apps import AppConfig


class SitesConfig(AppConfig):
    """站点管理."""

    name = "yangguang.hub.sites"
    label = "sites"
    verbose_name = "站点管理"
