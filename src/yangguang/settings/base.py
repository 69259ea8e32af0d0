"""各环境共用的设置。环境之间的差别只在 demo.py、test.py、production.py 里。"""

from datetime import date, timedelta
from pathlib import Path
from urllib.parse import unquote, urlsplit

from yangguang.foundation.files.rules import GIGABYTE, MAX_REQUEST_BYTES, MEGABYTE
from yangguang.foundation.notify.outlets import Outlets
from yangguang.foundation.oidc.provider import Provider
from yangguang.foundation.residents.claims import Vocabulary

PROJECT_ROOT = Path(__file__).resolve().parents[3]
DATA_ROOT = PROJECT_ROOT / "data"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "treebeard",
    "django_tables2",
    "django_filters",
    "django_htmx",
    "axes",
    "yangguang.foundation.organisations",
    "yangguang.foundation.calendar",
    "yangguang.foundation.accounts",
    "yangguang.foundation.lifecycle",
    "yangguang.foundation.audit",
    "yangguang.foundation.jobs",
    "yangguang.foundation.health",
    "yangguang.foundation.numbering",
    "yangguang.foundation.files",
    "yangguang.foundation.screening",
    "yangguang.foundation.theme",
    "yangguang.foundation.richtext",
    "yangguang.foundation.workbench",
    "yangguang.foundation.codes",
    "yangguang.foundation.personnel",
    "yangguang.foundation.library",
    "yangguang.foundation.notify",
    "yangguang.foundation.api",
    "yangguang.foundation.residents",
    "yangguang.hub.publications",
    "yangguang.hub.projectors",
    "yangguang.hub.columns",
    "yangguang.hub.sites",
    "yangguang.hub.topics",
    "yangguang.hub.indicators",
    "yangguang.hub.search",
    "yangguang.hub.screening",
    "yangguang.sources.documents",
    "yangguang.sources.norms",
    "yangguang.sources.interpretations",
    "yangguang.sources.articles",
    "yangguang.sources.contributions",
    "yangguang.sources.funds",
    "yangguang.sources.ledger",
    "yangguang.sources.compilations",
    "yangguang.sources.disclosures",
    "yangguang.dialogue.requests",
    "yangguang.dialogue.redaction",
    "yangguang.dialogue.remedies",
    "yangguang.dialogue.letters",
    "yangguang.outlets.website",
    "yangguang.outlets.blocks",
    "yangguang.outlets.gazette",
    "yangguang.outlets.links",
    "yangguang.outlets.search",
    "yangguang.outlets.api",
    "yangguang.oversight.plans",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "yangguang.foundation.api.answers.Answers",
    "yangguang.foundation.accounts.middleware.AllowedAddresses",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "yangguang.foundation.accounts.middleware.ActingMiddleware",
    "yangguang.foundation.api.gate.Gate",
    "yangguang.foundation.threshold.Threshold",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "yangguang.urls"
WSGI_APPLICATION = "yangguang.wsgi.application"
CSRF_FAILURE_VIEW = "yangguang.foundation.workbench.views.csrf_failed"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "APP_DIRS": True,
        "OPTIONS": {"environment": "yangguang.foundation.theme.environment.environment"},
    },
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "yangguang.foundation.workbench.menu.frame",
            ],
        },
    },
]

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "yangguang.foundation.accounts.validation.HousePasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=30)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False
AXES_LOCKOUT_CALLABLE = "yangguang.foundation.accounts.views.locked_out"
LOGIN_URL = "/workbench/sign-in/"
LOGIN_REDIRECT_URL = "/workbench/"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True
FILTERS_EMPTY_CHOICE_LABEL = "全部"

CALENDAR_REGION = "linxia"
"""本平台所在地区的工作日历叠加层，见 ``data/calendar``。"""

CHECK_LINKS = False
"""夜里去不去查公开页面上的站外链接。查要连到外网，只在生产上打开。"""

SITES_SERVED_AT = ""
"""本平台的网站在哪里应答（``host:port``）：上网核对去那里取自己的网页。空的就照域名走公网，与公众一样。"""
FETCH_ALSO: tuple[str, ...] = ()
"""上网核对另外准许去取的 ``host:port``：别的单位在政务外网里的网站。其余只取公网的。"""

READING_DAY: date | None = None
"""页面和待办截至哪一天；``None`` 就是今天，见 ``foundation.reading_day``。"""

API_PER_MINUTE_ANONYMOUS = 60
"""没有密钥的，一个来源地址每分钟可以读接口几次。"""
REQUESTS_PER_HOUR = 20
"""依申请公开：一个来源地址、一个申请人，一小时最多在网上提出几件。"""
WRONG_CODES_PER_HOUR = 10
"""依申请公开：一个来源地址，一小时最多填错几次查询码。"""

STATIC_URL = "/static/"

# 站点的临时下线、关停（国办发〔2017〕47号）：一次最多几天，一年最多几次，关停公告挂几天
SITE_OFFLINE_DAYS = 30
SITE_OFFLINE_TIMES = 1
SITE_NOTICE_DAYS = 30

# 上传只在内存里过，任何时候不落临时文件：密级文件被拒之后不得留下痕迹（foundation.threshold）
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
FILE_UPLOAD_MAX_MEMORY_SIZE = MAX_REQUEST_BYTES
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * MEGABYTE
# 一笔资金分到全州的乡镇有三百来笔，一笔十二格，在同一张表里交回来（sources.funds.fields）
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_ENGINE = "yangguang.foundation.accounts.sessions"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 8 * 60 * 60
"""登录一次管一个工作日，秒；关掉浏览器就退出。"""
SESSION_IDLE = timedelta(hours=1)
"""闲置这么久就要重新登录。"""
SESSION_EXPIRE_AT_BROWSER_CLOSE = True

WORKBENCH_NETWORKS: tuple[str, ...] = ()
"""工作台只从这些地址或网段打得开（``10.1.0.0/16``）；空的不限。"""

LIBRARY_QUOTA = 50 * GIGABYTE
"""一个机构的资料库最多存多少字节，从前的各份、没有传完的视频都算。"""
CLAMD = ""
"""查毒服务 clamd 的地址：``tcp://主机:端口`` 或 ``unix:///路径``；空的没有接，上传只做格式检查。"""

SECOND_STEP_REQUIRED = True
"""权力大的角色（``accounts.rules.PRIVILEGED``）登录是不是必须有第二步。"""
SIGN_ON: Provider | None = None
"""工作人员的统一身份认证接着哪一家；没有接为 ``None``。"""
RESIDENT_SIGN_ON: Provider | None = None
# 答复文书用哪一种电子印章（dialogue.letters.sealing.Seal 的一种）；空的不用，打印以后盖实物印章
LETTER_SEAL = ""
"""公众的实名登录接着哪一家；没有接为 ``None``，网站照样用，只是没有实名登录。"""
RESIDENT_VOCABULARY = Vocabulary()
"""那一家的声明和代号怎样说，见 ``foundation.residents.claims``。"""
RESIDENT_COOKIE = "resident"
"""公众的会话 Cookie 的名称；与工作人员的是两样，谁也不当谁用。"""
PASSKEY_DOMAIN = ""
"""通行密钥认的域名，它之下的都通用；空的只认设的时候那一个。定了再改，设过的全部作废。"""
SECRET_KEY_FALLBACKS: list[str] = []
"""换下来的 ``SECRET_KEY``：从前加密的、签了名的还认得。"""

NOTIFY = Outlets()
"""接通了哪些往外发提醒的渠道，见 ``foundation.notify.outlets``；一样也没有的只有站内消息。"""

ENTRY_LINK_LIFE = timedelta(hours=72)
"""邀请、重设登录的一次性链接管多久。"""


def database(address: str) -> dict[str, object]:
    """把 ``sqlite:////路径`` 或 ``postgresql://用户:密码@主机:端口/库`` 化为 Django 的数据库设置。

    SQLite 一律 WAL、IMMEDIATE 事务、20 秒等待：延迟事务在升级写锁时会直接失败。
    """
    parts = urlsplit(address)
    if parts.scheme == "sqlite":
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": f"/{unquote(parts.path).lstrip('/')}" if parts.path else ":memory:",
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
            },
        }
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
    }
