from django.apps import AppConfig


class ApiPagesConfig(AppConfig):
    """接口的说明页."""

    name = "yangguang.outlets.api"
    label = "api_pages"
    verbose_name = "接口说明"
