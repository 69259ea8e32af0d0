"""工作台的地址：首页、登录、样式，和各应用登记的界面。"""

from django.urls import URLPattern, URLResolver, path
from django.views.decorators.http import require_POST

from yangguang.foundation.richtext.views import paste

from . import views
from .access import acting_required
from .registry import all_viewsets

app_name = "workbench"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.today, name="today"),
    path("assets/<str:name>", views.asset, name="asset"),
    path("paste/", require_POST(acting_required(paste)), name="paste"),
    *(route for viewset in all_viewsets() for route in viewset.routes()),
]
