"""The product's settings, stricter and faster: what only tests may have."""

from __future__ import annotations

import os

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright's loop runs beside the sync tests

from tests import harness
from tests.strictness import UndefinedVariable
from tsunagi.config.settings import *
from tsunagi.config.settings import DATABASES, TEMPLATES

DATABASES["default"]["OPTIONS"].pop("pool", None)  # a pool would keep a re-cloned database open
DATABASES["default"]["CONN_HEALTH_CHECKS"] = False
DATABASES["default"].update(
    NAME="there_is_no_clone_yet",
    HOST=str(harness.CLUSTER.socket),
    USER="nobody_yet",
    PASSWORD="",
)
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = UndefinedVariable()
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
WHITENOISE_AUTOREFRESH = True  # does not read every static file for every client
ACCOUNT_RATE_LIMITS = False
SECOND_FACTOR_REQUIRED = False  # tests of sign-in turn it on, as a city has it
ONE_ADMINISTRATOR = False
SECRETS_KEY = "only for tests"
