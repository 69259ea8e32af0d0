from django.apps import AppConfig


class ContributionsConfig(AppConfig):
    """信息报送."""

    name = "yangguang.sources.contributions"
    label = "contributions"
    verbose_name = "信息报送"
