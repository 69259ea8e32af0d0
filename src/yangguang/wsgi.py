"""WSGI 入口。"""

import os

from django.core.wsgi import get_wsgi_application

from yangguang.foundation.theme import phrases

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yangguang.settings.production")
application = get_wsgi_application()
phrases.prepare()
