"""Settings, all from the environment, all with a default that serves on one machine.

docs/operations.md lists the variables. A value that makes no sense stops the start and
names its variable.
"""

from __future__ import annotations

import ipaddress
import secrets
from pathlib import Path
from urllib.parse import urlsplit

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"
VAR_DIR.mkdir(exist_ok=True)

env = environ.Env()


def read_secret_key() -> str:
    """Return SECRET_KEY, or one made once and kept under var/."""
    given = env.str("SECRET_KEY", default="")
    if given:
        return str(given)
    kept = VAR_DIR / "secret-key"
    try:
        with kept.open("x", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(50))
        kept.chmod(0o600)
    except FileExistsError:
        pass
    return kept.read_text(encoding="ascii").strip()


def read_site_url() -> str:
    """Return SITE_URL without a final slash: the address that readers see."""
    default = f"http://127.0.0.1:{env.int('PORT', default=8000)}"
    url = str(env.str("SITE_URL", default=default)).rstrip("/")
    if urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).netloc:
        raise ImproperlyConfigured(f"SITE_URL must be an http(s) address, not {url!r}")
    return url


def read_service_url(name: str, default: str) -> str:
    """Return the address of a service that is asked, without a final slash."""
    url = str(env.str(name, default=default)).rstrip("/")
    if urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).netloc:
        raise ImproperlyConfigured(f"{name} must be an http(s) address, not {url!r}")
    return url


def read_private_hosts() -> list[str]:
    """Return FETCH_PRIVATE_HOSTS: hosts, hosts with a port, or networks."""
    hosts = [str(host) for host in env.list("FETCH_PRIVATE_HOSTS", default=[])]
    for host in hosts:
        try:
            _ = "/" in host and ipaddress.ip_network(host, strict=False)
        except ValueError as error:
            raise ImproperlyConfigured(
                f"FETCH_PRIVATE_HOSTS: {host!r} is no host and no network"
            ) from error
    return hosts


def read_source_url() -> str:
    url = str(env.str("SOURCE_URL", default=""))
    if url and urlsplit(url).scheme not in ("http", "https"):
        raise ImproperlyConfigured(
            f"SOURCE_URL must be an http(s) address, not {url!r}"
        )
    return url


SECRET_KEY = read_secret_key()
DEBUG = env.bool("DEBUG", default=False)
SITE_URL = read_site_url()
ALLOWED_HOSTS = env.list(
    "ALLOWED_HOSTS",
    default=["localhost", "127.0.0.1", "[::1]", urlsplit(SITE_URL).hostname],
)
# Where the source code of this site can be had; named on /about/.
SOURCE_URL = read_source_url()
IS_HTTPS = SITE_URL.startswith("https://")
# Told to the services that we ask, so that they can write before they shut us out.
CONTACT_EMAIL = env.str("CONTACT_EMAIL", default="")
# Private hosts that may be fetched all the same: "wiki.local", "127.0.0.1:9000", "10.1.0.0/16".
FETCH_PRIVATE_HOSTS = read_private_hosts()
# Who is asked when a curator pastes an identifier; each may be a mirror.
CROSSREF_URL = read_service_url("CROSSREF_URL", "https://api.crossref.org")
DOI_URL = read_service_url("DOI_URL", "https://doi.org")
EUTILS_URL = read_service_url(
    "EUTILS_URL", "https://eutils.ncbi.nlm.nih.gov/entrez/eutils"
)
ARXIV_URL = read_service_url("ARXIV_URL", "https://export.arxiv.org/api")
OPEN_LIBRARY_URL = read_service_url("OPEN_LIBRARY_URL", "https://openlibrary.org")
LOOKUP_TIMEOUT_S = env.float("LOOKUP_TIMEOUT_S", default=8.0)

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "taggit",
    "simple_history",
    "csp",
    "ninja",
    "kb",
    "articles",
    "search",
    "exchange",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.languages.language_of_address",
    "csp.middleware.CSPMiddleware",
    "config.conditional.conditional",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "kb.accounts.gate.SecondFactorGate",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "kb.accounts.context.desk",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "kb.templatetags.words",
                "kb.templatetags.carry",
                "kb.templatetags.languages",
                "kb.templatetags.pieces",
            ],
        },
    }
]

DATABASES = {
    "default": env.db("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'db.sqlite3'}")
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 10,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
else:
    DATABASES["default"].setdefault("CONN_HEALTH_CHECKS", True)
# A thread keeps its connection for a minute: to open one costs more than a search.
DATABASES["default"].setdefault("CONN_MAX_AGE", 60)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {
    "default": env.cache_url("CACHE_URL", default="locmemcache://"),
    # Rendered pages, compressed: a copy a process, each true to its moment (kb.keeping).
    "pages": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "pages",
        "TIMEOUT": None,
        "OPTIONS": {"MAX_ENTRIES": 800},
    },
}

SEARCH_URL = env.str("SEARCH_URL", default=f"whoosh:///{VAR_DIR / 'index'}")

# Who is asked for a compound by its PubChem number.
PUBCHEM_URL = env.str(
    "PUBCHEM_URL", default="https://pubchem.ncbi.nlm.nih.gov/rest/pug"
).rstrip("/")

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"

# Who works at the desk: see kb/accounts/.
REQUIRE_SECOND_FACTOR = env.bool("REQUIRE_SECOND_FACTOR", default=IS_HTTPS)
SESSION_COOKIE_AGE = env.int("SESSION_HOURS", default=12) * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = env.bool("SESSION_ENDS_WITH_BROWSER", default=False)
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
if SESSION_COOKIE_AGE <= 0:
    raise ImproperlyConfigured("SESSION_HOURS must be 1 or more")
ACCOUNT_ADAPTER = "kb.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = not SESSION_EXPIRE_AT_BROWSER_CLOSE
# Failures are counted by kb.accounts.lockout, in the database that all processes share.
ACCOUNT_RATE_LIMITS = {"login_failed": None}
# Behind https there is one server in front, whose X-Forwarded-Proto is believed too.
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if IS_HTTPS else 0
MFA_ADAPTER = "kb.accounts.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_FORMS = {
    "authenticate": "kb.accounts.forms.CodeForm",
    "reauthenticate": "kb.accounts.forms.CodeAgainForm",
}
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_ISSUER = "Pharmakon"
MFA_TOTP_TOLERANCE = 1  # half a minute either way: phones' clocks differ
# A passkey works on https, and on http://localhost for who tries it out.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not IS_HTTPS

LANGUAGE_CODE = "en"
# The first is that of addresses without a prefix, of the API and of the files.
LANGUAGES = [("en", "English"), ("es", "Español"), ("de", "Deutsch")]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = "config.formats"
TIME_ZONE = "UTC"
USE_I18N = True
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "config.bundles.BundleFinder",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = (
    "map",
    "png",
    "jpg",
    "gif",
    "ico",
    "woff2",
    "gz",
    "br",
)

TAGGIT_CASE_INSENSITIVE = True

# Tests alone run a task where it is enqueued; see kb.work.
WORK_AT_ONCE = False
# Where copies of pages that are gone are asked for (kb.links).
ARCHIVE_URL = env.str("ARCHIVE_URL", default="https://archive.org/wayback/available")

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if IS_HTTPS else None
SECURE_HSTS_SECONDS = 31_536_000 if IS_HTTPS else 0
CSRF_TRUSTED_ORIGINS = [SITE_URL]

DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        **{
            name: {"level": "INFO"} for name in ("kb", "articles", "search", "exchange")
        },
        # An address that is not there, or a mistyped place, is the reader's own business.
        "django.request": {"level": "ERROR"},
        "django.security.DisallowedHost": {"level": "CRITICAL"},
    },
}
