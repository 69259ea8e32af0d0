"""动态地址。公开页面是烘焙好的静态文件，不在这里。"""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
