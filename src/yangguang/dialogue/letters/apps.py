from django.apps import AppConfig


class LettersConfig(AppConfig):
    """答复文书."""

    name = "yangguang.dialogue.letters"
    label = "letters"
    verbose_name = "答复文书"
