"""公众实名的地址。"""

from django.urls import path

from . import views

app_name = "residents"
urlpatterns = [
    path("sign-in/", views.sign_in_page, name="sign-in"),
    path("sign-in/go/", views.go, name="sign-in-go"),
    path("sign-in/back/", views.back, name="sign-in-back"),
    path("sign-out/", views.leave_session, name="sign-out"),
    path("me/", views.me, name="me"),
    path("me/leave/", views.leave_for_good, name="leave"),
]
