"""动态地址。公开页面是烘焙好的静态文件，不在这里。"""

from django.urls import URLPattern, URLResolver, include, path

from yangguang.foundation.theme import views as theme

urlpatterns: list[URLPattern | URLResolver] = [
    path("assets/<str:name>", theme.asset, name="asset"),
    path("api/", include("yangguang.outlets.api.urls")),
    path("api/v1/", include("yangguang.foundation.api.urls")),
    path("interact/requests/case/letters/", include("yangguang.dialogue.letters.public")),
    path("interact/requests/", include("yangguang.dialogue.requests.public.urls")),
    path("interact/", include("yangguang.foundation.residents.urls")),
    path("search/", include("yangguang.outlets.search.urls")),
    path("workbench/", include("yangguang.foundation.accounts.urls")),
    path("workbench/", include("yangguang.foundation.personnel.urls")),
    path("workbench/", include("yangguang.foundation.workbench.urls")),
]
handler400 = "yangguang.foundation.theme.views.bad_request"
handler403 = "yangguang.foundation.theme.views.forbidden"
handler404 = "yangguang.foundation.workbench.views.not_found"
handler500 = "yangguang.foundation.theme.views.broken"
