"""生产环境：一切取自环境变量，缺一样就拒绝启动。"""

import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from yangguang.foundation.files.rules import GIGABYTE
from yangguang.foundation.networks import network_fault
from yangguang.foundation.notify.outlets import Misconfigured, read_outlets
from yangguang.foundation.oidc.provider import Misconfigured as ProviderMisconfigured
from yangguang.foundation.oidc.provider import read_provider, separation_fault
from yangguang.foundation.residents.claims import read_vocabulary

from .base import *  # noqa: F403
from .base import database

SECRET_KEY = os.environ["YANGGUANG_SECRET_KEY"]
SECRET_KEY_FALLBACKS = os.environ.get("YANGGUANG_OLD_SECRET_KEYS", "").split()
CLAMD = os.environ.get("YANGGUANG_CLAMD", "")
LIBRARY_QUOTA = int(os.environ.get("YANGGUANG_LIBRARY_GB", "50")) * GIGABYTE
SECOND_STEP_REQUIRED = os.environ.get("YANGGUANG_SECOND_STEP", "1") == "1"
PASSKEY_DOMAIN = os.environ.get("YANGGUANG_PASSKEY_DOMAIN", "")
ALLOWED_HOSTS = os.environ["YANGGUANG_HOSTS"].split(",")
DATABASES = {"default": database(os.environ["YANGGUANG_DATABASE"])}
VAR_ROOT = Path(os.environ["YANGGUANG_VAR"]).resolve()
SITE_ROOT = VAR_ROOT / "site"
FILES_ROOT = VAR_ROOT / "files"
SEARCH_ROOT = VAR_ROOT / "search"
SEAL_ROOT = Path(os.environ.get("YANGGUANG_SEALS", VAR_ROOT / "seals")).resolve()
SITE_KEY = Path(os.environ.get("YANGGUANG_SITE_KEY", VAR_ROOT / "keys" / "site-signing-key.pem"))
PATROL_ROOT = VAR_ROOT / "patrol"
SITES_SERVED_AT = os.environ.get("YANGGUANG_SITES_SERVED_AT", "")
FETCH_ALSO = tuple(os.environ.get("YANGGUANG_FETCH_ALSO", "").split())
CHECK_LINKS = os.environ.get("YANGGUANG_CHECK_LINKS", "1") == "1"
STATIC_ROOT = VAR_ROOT / "static"

DEBUG = False
SECURE_SSL_REDIRECT = True
SECURE_HSTS_SECONDS = 31_536_000
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
AXES_CLIENT_IP_CALLABLE = "yangguang.foundation.accounts.services.address_behind_proxy"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

RESIDENT_COOKIE = "__Host-resident"
try:
    SIGN_ON = read_provider(os.environ, "YANGGUANG_SIGN_ON")
    RESIDENT_SIGN_ON = read_provider(os.environ, "YANGGUANG_RESIDENT")
    RESIDENT_VOCABULARY = read_vocabulary(os.environ.get("YANGGUANG_RESIDENT_CLAIMS", ""))
except ProviderMisconfigured as error:
    raise ImproperlyConfigured(str(error)) from error
if fault := separation_fault(SIGN_ON, RESIDENT_SIGN_ON):
    raise ImproperlyConfigured(fault)

WORKBENCH_NETWORKS = tuple(os.environ.get("YANGGUANG_WORKBENCH_NETWORKS", "").split())
if faults := [fault for each in WORKBENCH_NETWORKS if (fault := network_fault(each))]:
    raise ImproperlyConfigured("YANGGUANG_WORKBENCH_NETWORKS：" + "".join(faults))

EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
try:
    NOTIFY = read_outlets(os.environ)
except Misconfigured as error:
    raise ImproperlyConfigured(str(error)) from error
