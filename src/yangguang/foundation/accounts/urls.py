"""登录、退出、选身份、我的账号的地址。"""

from django.urls import path

from . import passkey_views, second_step_views, sign_on_views, views

app_name = "accounts"
urlpatterns = [
    path("sign-in/", views.sign_in, name="sign-in"),
    path("sign-in/second-step/", second_step_views.second_step, name="second-step"),
    path("sign-in/set-up/", second_step_views.set_up, name="set-up"),
    path("sign-in/passkey/", passkey_views.pass_passkey, name="passkey"),
    path("sign-in/passkey/ask/", passkey_views.ask_passkey, name="passkey-ask"),
    path("sign-in/sign-on/", sign_on_views.sign_on, name="sign-on"),
    path("sign-in/sign-on/back/", sign_on_views.sign_on_back, name="sign-on-back"),
    path("sign-out/", views.sign_out, name="sign-out"),
    path("identity/", views.identity, name="identity"),
    path("account/", views.account, name="account"),
    path("account/password/", views.change_password, name="password"),
    path("account/codes/", second_step_views.renew, name="codes"),
    path("account/totp/remove/", second_step_views.drop_totp, name="totp-remove"),
    path("account/passkeys/", passkey_views.new_passkey, name="passkey-new"),
    path("account/passkeys/ask/", passkey_views.ask_new_passkey, name="passkey-new-ask"),
    path(
        "account/passkeys/<int:passkey>/remove/",
        passkey_views.drop_passkey,
        name="passkey-remove",
    ),
    path("account/sign-on/", sign_on_views.sign_on_bind, name="sign-on-bind"),
    path("account/sign-on/remove/", sign_on_views.sign_on_unbind, name="sign-on-unbind"),
    path("account/sessions/end-others/", views.end_other_sessions, name="end-other-sessions"),
    path("account/sessions/<slug:handle>/end/", views.end_session, name="end-session"),
]
