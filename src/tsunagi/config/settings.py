"""Django's settings. Reading them never starts a server; `cli` and the tests' conftest do that.

Environment
    TSUNAGI_VAR            where the database's files, secrets and uploads lie (default: var/)
    DATABASE_URL           a city's own PostgreSQL, signed in as the owner; without it the embedded one is used
    TSUNAGI_REACH          "whole" for jobs and commands: they see every row; unset for the web process
    TSUNAGI_ROLE           "owner" for migrate, net and verify-journal; otherwise the application's role
    TSUNAGI_HOSTS          the names this server answers to, comma separated (default: this machine)
    TSUNAGI_DEMO           "1" while the demo city is served for practice; a real city is then not served (setup/README.md)
    TSUNAGI_HTTPS          "1" when it is served over TLS: cookies are then sent over TLS only
    TSUNAGI_LINKS          "1" where offices without an account may read and answer one sheet by a link (default: off)
    TSUNAGI_ADDRESS        where the sign-in page is, as links say it (https://tsunagi.city.example.lg.jp)
    TSUNAGI_ATTACHMENTS    where attachments lie, sealed (default: attachments/ under TSUNAGI_VAR); never below a web root
    TSUNAGI_ATTACHMENT_KEYS  the file with the key that opens them (default: secrets/attachment-keys under TSUNAGI_VAR)
    TSUNAGI_ATTACHMENT_MB  the largest file in MB (default 20)
    TSUNAGI_CLAMAV         where clamd listens: a socket (/run/clamav/clamd.ctl) or host:port (default: no scanning)
    TSUNAGI_CLAMAV_SECONDS how long one scan may take (default 20); then the file waits and is scanned again
    TSUNAGI_MAIL_HOST      the city's mail server, host or host:port (default: no letters); the rest is in docs/operations.md
    TSUNAGI_MAIL_TLS       "starttls" (default), "tls" or "none"; TSUNAGI_MAIL_CA: the city's own authority
    TSUNAGI_MAIL_FROM      the sender; TSUNAGI_MAIL_USER, TSUNAGI_MAIL_PASSWORD_FILE: where the server asks for them
    TSUNAGI_MAIL_SECONDS   how long one step may take (default 10); TSUNAGI_MAIL_DOMAINS: where letters may go
    TSUNAGI_IDLE_MINUTES   a session that was not used for so long ends (default 60)
    TSUNAGI_SECOND_FACTOR  "required" (default) or "optional": whether the password alone opens the door. The invented
                           city of `tsunagi demo` stays with the password alone
    TSUNAGI_SECRETS_KEY    what the second factors' secrets are sealed with (default: a word kept under
                           $TSUNAGI_VAR/secrets). Never in the database; whoever loses it lets everybody enrol anew
    TSUNAGI_ONE_ADMINISTRATOR  "1" where a city has one system administrator: their deeds then need no second yes
    TSUNAGI_SIGN_ON_*      the city's own sign-on (OpenID Connect); see docs/operations.md
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from . import embedded
from .modules import PACKAGE, present

VAR = embedded.var_directory()
DEBUG = False
SECRET_KEY = embedded.secret(VAR, "session-key")

DEMO = os.environ.get("TSUNAGI_DEMO") == "1"
"""Whether the demo city is served, whose sign-ins are told to everybody: the password alone then opens it."""
HTTPS = os.environ.get("TSUNAGI_HTTPS") == "1"
ALLOWED_HOSTS = [host for host in os.environ.get("TSUNAGI_HOSTS", "").split(",") if host] or [
    "127.0.0.1",
    "localhost",
    "[::1]",
]

INSTALLED_APPS = [
    *(f"tsunagi.{name}" for name in present()),
    "django_htmx",
    "template_partials.apps.SimpleAppConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "procrastinate.contrib.django",
]

MIDDLEWARE = [
    "tsunagi.config.middleware.headers",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "tsunagi.config.middleware.clock",
    "tsunagi.config.middleware.SignInRequired",
    "tsunagi.config.first_password.FirstPassword",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "tsunagi.config.urls"
WSGI_APPLICATION = "tsunagi.config.wsgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {
            "loaders": [
                (
                    "template_partials.loader.Loader",
                    [
                        (
                            "django.template.loaders.cached.Loader",
                            ["django.template.loaders.app_directories.Loader"],
                        )
                    ],
                )
            ],
            "builtins": ["template_partials.templatetags.partials", "tsunagi.ui.templatetags.addresses"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"

# -- the database -------------------------------------------------------------------------------------

ROLE = os.environ.get("TSUNAGI_ROLE", "app")


def sight(role: str, options: str | None = None) -> dict[str, str]:
    """The connection's options that decide which rows it sees (config/rows.py), beside others.

    Before the tables of the application's role stand the views that show a worker's rows. What is no request — jobs
    and commands: TSUNAGI_REACH=whole — sees all; the web process sees nothing until an edge says who asks.
    """
    if role == "owner":
        return {"options": options} if options else {}
    words = [options or "", "-c search_path=seen,public"]
    if os.environ.get("TSUNAGI_REACH"):
        words.append(f"-c tsunagi.reach={os.environ['TSUNAGI_REACH']}")
    return {"options": " ".join(filter(None, words))}


def database(var: os.PathLike[str] | str = VAR, url: str | None = None, role: str = ROLE) -> dict[str, Any]:
    """Where the database is and as whom we sign in. `url` is the owner's, of a city's own server."""
    if url:
        parts = urlsplit(url)
        owner = unquote(parts.username or "")
        options: dict[str, Any] = dict(parse_qsl(parts.query))
        place = {
            "NAME": unquote(parts.path.lstrip("/")) or owner,
            "HOST": unquote(parts.hostname or "") or options.pop("host", ""),
            "PORT": str(parts.port or ""),
        }
        if role == "owner":
            who = {"USER": owner, "PASSWORD": unquote(parts.password or "")}
        else:
            who = {"USER": f"{owner}_app", "PASSWORD": embedded.secret(VAR, f"{owner}_app")}
        return place | who | {"OPTIONS": options | sight(role, options.get("options"))}
    cluster = embedded.Cluster(Path(var))
    found = cluster.parameters(embedded.OWNER if role == "owner" else embedded.APP)
    return {
        "NAME": found["dbname"],
        "HOST": found["host"],
        "PORT": found["port"],
        "USER": found["user"],
        "PASSWORD": found["password"],
        "OPTIONS": sight(role),
    }


DATABASES: dict[str, dict[str, Any]] = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "TIME_ZONE": "Asia/Tokyo",
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": True,
        "ATOMIC_REQUESTS": False,  # the edges open the transaction
        **database(url=os.environ.get("DATABASE_URL")),
    }
}
if ROLE != "owner":
    # A pool survives a restart of the database with a few errors instead of a hundred.
    # Only statements that are kept (shared/kept.py) are prepared: planned once per connection, for any value.
    DATABASES["default"]["OPTIONS"]["prepare_threshold"] = 2
    DATABASES["default"]["OPTIONS"]["options"] = " ".join(
        filter(
            None,
            [DATABASES["default"]["OPTIONS"].get("options"), "-c plan_cache_mode=force_generic_plan"],
        )
    )
    DATABASES["default"]["OPTIONS"]["pool"] = {"min_size": 1, "max_size": 10, "timeout": 10}

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# -- language and time --------------------------------------------------------------------------------

LANGUAGE_CODE = "ja"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Tokyo"

# -- static files: served by the process itself, found where they lie, nothing to collect -------------

STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_ALLOW_ALL_ORIGINS = False
WHITENOISE_MAX_AGE = 3600

# -- sign-in ------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.Worker"
AUTHENTICATION_BACKENDS = ["tsunagi.config.known_password.Backend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "tsunagi.config.known_password.NotKnownToEverybody"},
    {"NAME": "tsunagi.config.first_password.NotTheOneHandedOver"},
]
ACCOUNT_ADAPTER = "tsunagi.config.sign_in.Adapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = "sign_in_name"
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PRESERVE_USERNAME_CASING = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_RATE_LIMITS = {
    # By account and address, never by address alone: a whole city hall is one address, and at half past eight
    # everybody signs in (allauth's own "30/m/ip" would lock the hall out).
    "login": "",
    "login_failed": "10/15m/key",
}

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = int(os.environ.get("TSUNAGI_IDLE_MINUTES", "60")) * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = False
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = HTTPS
SESSION_COOKIE_NAME = "tsunagi_session"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_NAME = "tsunagi_csrf"
CSRF_FAILURE_VIEW = "tsunagi.config.errors.stale_form"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
CONTENT_SECURITY_POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "frame-ancestors 'none'; form-action 'self'"
)

SECOND_FACTOR_REQUIRED = (
    os.environ.get("TSUNAGI_SECOND_FACTOR", "optional" if DEMO else "required") != "optional"
)
SECRETS_KEY = os.environ.get("TSUNAGI_SECRETS_KEY") or embedded.secret(VAR, "second-factor-key")
ONE_ADMINISTRATOR = os.environ.get("TSUNAGI_ONE_ADMINISTRATOR") == "1"

SIGN_ON: dict[str, Any] = {
    "issuer": os.environ.get("TSUNAGI_SIGN_ON_ISSUER", ""),
    "client": os.environ.get("TSUNAGI_SIGN_ON_CLIENT", ""),
    "secret": os.environ.get("TSUNAGI_SIGN_ON_SECRET", ""),
    "claim": os.environ.get("TSUNAGI_SIGN_ON_CLAIM", "sub"),
    "strong": [word for word in os.environ.get("TSUNAGI_SIGN_ON_STRONG", "").split(",") if word],
    "ask": os.environ.get("TSUNAGI_SIGN_ON_ASK", ""),
    "passwords": [word for word in os.environ.get("TSUNAGI_SIGN_ON_PASSWORDS", "*").split(",") if word],
    "certificates": os.environ.get("TSUNAGI_SIGN_ON_CERTIFICATES", ""),
}
"""The city's own sign-on; without an issuer there is none. docs/operations.md says what each is."""

# -- size of what may be sent -------------------------------------------------------------------------

DATA_UPLOAD_MAX_MEMORY_SIZE = 16 * 1024 * 1024  # a note of 10 MB is refused in words, with its text
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "tsunagi.config.uploads.NamelessFileHandler",
]
MEDIA_ROOT = VAR / "files"

# -- attachments ------------------------------------------------------------------------------------

ATTACHMENTS = Path(os.environ.get("TSUNAGI_ATTACHMENTS") or VAR / "attachments")
ATTACHMENT_KEYS = Path(os.environ.get("TSUNAGI_ATTACHMENT_KEYS") or VAR / "secrets" / "attachment-keys")
ATTACHMENT_BYTES = int(os.environ.get("TSUNAGI_ATTACHMENT_MB") or 20) * 1024 * 1024
LARGEST_UPLOAD = max(ATTACHMENT_BYTES, 50 * 1024 * 1024)  # of anything, ledgers included
CLAMAV = os.environ.get("TSUNAGI_CLAMAV", "")
CLAMAV_SECONDS = float(os.environ.get("TSUNAGI_CLAMAV_SECONDS") or 20)

# -- beyond the system --------------------------------------------------------------------------------

ANSWER_LINKS = os.environ.get("TSUNAGI_LINKS") == "1"
ADDRESS = os.environ.get("TSUNAGI_ADDRESS", "").rstrip("/")

# -- letters: off unless a server and our own address are known ----------------------------------------

MAIL_HOST = os.environ.get("TSUNAGI_MAIL_HOST", "")
MAIL_TLS = os.environ.get("TSUNAGI_MAIL_TLS") or "starttls"
MAIL_CA = os.environ.get("TSUNAGI_MAIL_CA", "")
MAIL_USER = os.environ.get("TSUNAGI_MAIL_USER", "")
MAIL_PASSWORD_FILE = os.environ.get("TSUNAGI_MAIL_PASSWORD_FILE", "")
MAIL_FROM = os.environ.get("TSUNAGI_MAIL_FROM", "")
MAIL_SECONDS = float(os.environ.get("TSUNAGI_MAIL_SECONDS") or 10)
MAIL_DOMAINS = [
    word.strip().lower() for word in os.environ.get("TSUNAGI_MAIL_DOMAINS", "").split(",") if word.strip()
]

# -- jobs ---------------------------------------------------------------------------------------------

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = ""  # wiring registers them by name
PROCRASTINATE_ON_APP_READY = "tsunagi.config.wiring.register_tasks"

# -- logs: what happened to the program, never what is in the rows ------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": [], "level": "WARNING", "propagate": True},
        "django.request": {"level": "ERROR"},
    },
}

SOURCE = PACKAGE
SILENCED_SYSTEM_CHECKS: list[str] = []
