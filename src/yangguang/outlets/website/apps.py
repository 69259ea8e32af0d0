from django.apps import AppConfig


class WebsiteConfig(AppConfig):
    """网站."""

    name = "yangguang.outlets.website"
    label = "website"
    verbose_name = "网站"
