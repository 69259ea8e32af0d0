"""凭一次性链接进来的地址。"""

from django.urls import path

from . import views

app_name = "personnel"
urlpatterns = [
    path("join/<str:token>/", views.join, name="join"),
]
