from django.apps import AppConfig


class SearchPagesConfig(AppConfig):
    """检索的页面."""

    name = "yangguang.outlets.search"
    label = "search_pages"
    verbose_name = "检索页面"
