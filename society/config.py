"""Settings: the environment's `SOCIETY_…`, else the instance folder's `society.toml`, else these defaults."""

import os
import re
import secrets
import tomllib
from collections.abc import Collection, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

from flask import Flask
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from society.errors import Refused
from society.text import in_ascii

DEFAULTS: dict[str, Any] = {
    "DATABASE_URL": "",
    "REDIS_URL": "",
    "BASE_URL": "",
    "MAIL_URL": "",
    "MAIL_FROM": "",
    "MAIL_REPLY_DOMAIN": "",
    "IMAP_URL": "",
    "MAIL_PER_MINUTE": 0,
    "MAIL_PER_HOUR": 0,
    "MAIL_PER_DOMAIN_PER_MINUTE": 0,
    "TRUSTED_PROXIES": 0,
    "RATELIMIT_ENABLED": True,
    "MAX_UPLOAD": 16 * 1024 * 1024,
    "FEED_MEMORY": 64 * 1024 * 1024,
}


_ADDRESS = r"""[^\s\x00-\x1f\x7f<>()",;:\\@]+@[^\s\x00-\x1f\x7f<>()",;:\\@]+"""
_MAILBOX = re.compile(rf"""{_ADDRESS}|("[^"\\\x00-\x1f]*"|[^<>()"@,;:\\\x00-\x1f]*)\s*<{_ADDRESS}>""")
MAIL_LIMITS = ("MAIL_PER_MINUTE", "MAIL_PER_HOUR", "MAIL_PER_DOMAIN_PER_MINUTE")
WHOLE = {
    **dict.fromkeys(MAIL_LIMITS, "100, or 0 for no limit"),
    "TRUSTED_PROXIES": "1 behind nginx or Caddy, or 0",
    "MAX_UPLOAD": "16777216, in bytes",
    "FEED_MEMORY": "67108864, in bytes",
}
"""The settings that are numbers, with what each could be."""
SCHEMES = {"BASE_URL": ("https", "http"), "REDIS_URL": ("redis", "rediss", "redis+unix")}
"""How the settings that are addresses begin."""
DATABASES = ("sqlite", "postgresql+psycopg")
SMTP, IMAP = ("smtp", "smtps"), ("imap", "imaps")
MAIL_URL = (
    "MAIL_URL must be like smtp://user:password@host:587, smtps://user:password@host or file:/folder; what is no "
    "letter and no digit in name and password is written like %40."
)
IMAP_URL = (
    "IMAP_URL must be like imaps://user:password@host/INBOX; what is no letter and no digit in name and password is "
    "written like %40."
)


def instance_folder() -> Path:
    """Where this installation keeps its database, key and outbox."""
    return Path(os.environ.get("SOCIETY_INSTANCE", "instance")).absolute()


def configure(app: Flask, given: Mapping[str, Any]) -> None:
    """Fill `app.config`; `given` outranks everything (tests, commands)."""
    instance = Path(app.instance_path)
    app.config.from_mapping(DEFAULTS)
    _from_file(app, instance / "society.toml")
    app.config.from_prefixed_env("SOCIETY")
    app.config.from_mapping(given)
    config = app.config
    config["SECRET_KEY"] = config["SECRET_KEY"] or _kept_secret(instance)
    config["SQLALCHEMY_DATABASE_URI"] = _database(str(config["DATABASE_URL"] or f"sqlite:///{instance / 'society.db'}"))
    config["MAIL_URL"] = config["MAIL_URL"] or f"file:{instance / 'outbox'}"
    for name in WHOLE:
        config[name] = _whole(name, config[name])
    for name in SCHEMES:
        _check_address(name, str(config[name]))
    where_mail_goes(str(config["MAIL_URL"]))
    if config["IMAP_URL"] and server_in(str(config["IMAP_URL"]), IMAP) is None:
        raise Refused(IMAP_URL)
    config["MAIL_FROM"] = _mailbox("MAIL_FROM", config["MAIL_FROM"])
    config["MAX_CONTENT_LENGTH"] = config["MAX_UPLOAD"]
    config["MAX_FORM_MEMORY_SIZE"] = 2 * 1024 * 1024
    config["RATELIMIT_STORAGE_URI"] = config["REDIS_URL"] or "memory://"
    config["SESSION_COOKIE_NAME"] = "society"
    config["SESSION_COOKIE_SAMESITE"] = "Lax"
    config["SESSION_COOKIE_SECURE"] = str(config["BASE_URL"]).startswith("https://")
    config["SESSION_REFRESH_EACH_REQUEST"] = False
    config["PERMANENT_SESSION_LIFETIME"] = timedelta(days=60)


def _from_file(app: Flask, path: Path) -> None:
    if not path.exists():
        return
    try:
        app.config.from_mapping(tomllib.loads(path.read_text()))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Refused(f"{path} cannot be read: {error}.") from error


def _whole(name: str, value: Any) -> int:
    """A number; nothing at all is nought."""
    if not str(value or 0).isdecimal():
        raise Refused(f"{name} must be a whole number, such as {WHOLE[name]}.")
    return int(value or 0)


def _check_address(name: str, given: str) -> None:
    begins = tuple(f"{scheme}://" for scheme in SCHEMES[name])
    if given and not given.startswith(begins):
        raise Refused(f"{name} must be an address that begins with {' or '.join(begins)}.")


def where_mail_goes(given: str) -> SplitResult | Path:
    """The mail server, or the folder, that the setting `MAIL_URL` names."""
    server = server_in(given, SMTP)
    if server and not (server.path.strip("/") or server.query or server.fragment):
        return server
    folder = unquote(urlsplit(given).path) if given.startswith("file:") else ""
    if not folder.strip("/") or "\0" in folder:
        raise Refused(MAIL_URL)
    return Path(folder)


def server_in(given: str, schemes: Collection[str]) -> SplitResult | None:
    """The server that an address names, taken apart; None if it is none such. A bad one is not repeated: it can hold a
    password."""
    try:
        parts = urlsplit(given)
        host = in_ascii(parts.hostname or "").encode("idna")  # as the system looks it up
        return parts if parts.scheme in schemes and host and parts.port != 0 else None
    except ValueError:
        return None


def _database(given: str) -> str:
    """The database's address, as SQLAlchemy has it. A bad one is not repeated: it can hold a password."""
    try:
        known = make_url(given).drivername in DATABASES
    except (ArgumentError, ValueError):
        known = False
    if not known:
        raise Refused("DATABASE_URL must be like postgresql+psycopg://user:password@host/name, or absent for SQLite.")
    return given


def _mailbox(name: str, value: Any) -> str:
    """A mail address, with a name before it if wanted; or none."""
    given = str(value or "")
    if given and not _MAILBOX.fullmatch(given):
        raise Refused(f"{name} must be one mail address, such as office@example.org.")
    try:
        in_ascii(given.rpartition("@")[2].rstrip(">"))
    except UnicodeError as error:
        raise Refused(f"{name} is at a domain that there cannot be: {error}.") from error
    return given


def _kept_secret(instance: Path) -> str:
    """The installation's key, made once; readable by its owner only."""
    path = instance / "secret-key"
    instance.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_hex(32))
    except FileExistsError:
        pass
    return path.read_text().strip()
