"""接口的地址。"""

from django.urls import URLPattern, URLResolver, path

from . import views
from .registry import patterns

app_name = "api"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.root, name="root"),
    path("openapi.json", views.openapi, name="openapi"),
    *patterns(),
    path("<path:rest>", views.missing, name="missing"),
]
