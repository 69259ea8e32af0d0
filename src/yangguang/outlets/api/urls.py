"""接口说明的地址。"""

from django.urls import path

from . import views

app_name = "api_pages"
urlpatterns = [path("", views.guide, name="guide")]
