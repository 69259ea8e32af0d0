"""工作台的地址：首页、登录、样式，各应用登记的界面，和每种列表都有的那几个。"""

from django.urls import URLPattern, URLResolver, path
from django.views.decorators.http import require_POST

from yangguang.foundation.richtext.views import paste

from . import views
from .access import acting_required
from .registry import all_viewsets

app_name = "workbench"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.today, name="today"),
    path("counts/", views.counts, name="counts"),
    path("assets/<str:name>", views.asset, name="asset"),
    path("paste/", require_POST(acting_required(paste)), name="paste"),
    *(route for viewset in all_viewsets() for route in viewset.routes()),
    path("<slug:slug>/export.<slug:kind>", views.export, name="export"),
    path("<slug:slug>/saved/", views.save, name="save"),
    path("<slug:slug>/saved/<int:saved>/", views.saved, name="saved"),
    path("<slug:slug>/columns/", views.columns, name="columns"),
    path("<slug:slug>/bulk/", views.bulk, name="bulk"),
    path("<slug:slug>/bulk/<int:run>/", views.bulk_result, name="bulk-result"),
]
