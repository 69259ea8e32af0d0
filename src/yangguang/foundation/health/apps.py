from django.apps import AppConfig


class HealthConfig(AppConfig):
    """体检."""

    name = "yangguang.foundation.health"
    label = "health"
    verbose_name = "体检"
