from django.apps import AppConfig


class OrganisationsConfig(AppConfig):
    """机构."""

    name = "yangguang.foundation.organisations"
    label = "organisations"
    verbose_name = "机构"
