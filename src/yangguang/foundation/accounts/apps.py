from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """账号与任职."""

    name = "yangguang.foundation.accounts"
    label = "accounts"
    verbose_name = "账号与任职"
