"""Settings: `SHUANGSUIJI_*` from the environment, else `.env`; an unknown one is an error (Art. 1, 22-24)."""

from __future__ import annotations

import contextlib
import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path

from dotenv import dotenv_values

from models.data import workday_calendar
from models.district import District

PREFIX = "SHUANGSUIJI_"


class BadSetting(Exception):
    """A setting that is unknown or cannot be used; the message says which, why and what to do."""


def _setting(default: object, what: str, *, secret: bool = False) -> object:
    return field(default=default, metadata={"what": what, "secret": secret})


@dataclass(frozen=True)
class Settings:
    """Every setting with its default. The words of `.env.example` are the words here."""

    data_dir: str = _setting("./data", "Folder for the database, photos, documents and the secret key.")  # type: ignore[assignment]
    database_url: str = _setting(
        "", "sqlite:///path or postgresql://user:password@host/name; empty: SQLite in DATA_DIR."
    )  # type: ignore[assignment]
    objects_url: str = _setting(
        "", "Folder or s3://bucket/prefix for photos and documents; empty: DATA_DIR/objects."
    )  # type: ignore[assignment]
    listen: str = _setting("127.0.0.1:8080", "Address and port of the web server.")  # type: ignore[assignment]
    public_url: str = _setting("", "Address under which people reach the web server; empty: http://LISTEN.")  # type: ignore[assignment]
    trusted_proxies: str = _setting(
        "", "Addresses of proxies whose X-Forwarded-For is believed, separated by commas."
    )  # type: ignore[assignment]
    bot_token: str = _setting("", "Token of the bot; empty: no chat, everything else works.", secret=True)  # type: ignore[assignment]
    bot_api_url: str = _setting("https://api.telegram.org", "Own Bot API server or proxy.")  # type: ignore[assignment]
    updates: str = _setting("poll", "How updates come in: poll or webhook.")  # type: ignore[assignment]
    webhook_secret: str = _setting("", "Secret of the webhook: 16 to 256 of A-Z a-z 0-9 _ -", secret=True)  # type: ignore[assignment]
    smtp_url: str = _setting(
        "", "smtp://user:password@host:port or smtps://…; empty: no e-mail.", secret=True
    )  # type: ignore[assignment]
    smtp_from: str = _setting("", "Sender's address of e-mails.")  # type: ignore[assignment]
    language: str = _setting("zh_Hans", "Language of the command line and of public pages: zh_Hans or en.")  # type: ignore[assignment]
    district: str = _setting("平顶山市新华区", "Name of the district.")  # type: ignore[assignment]
    complaint_phone: str = _setting("12345", "Telephone for complaints, printed on every notice.")  # type: ignore[assignment]
    notice_days: int = _setting(3, "Working days between notice and visit; fewer need a reason.")  # type: ignore[assignment]
    tsa_url: str = _setting("", "RFC 3161 service that stamps each day's root; empty: none.")  # type: ignore[assignment]
    tsa_authorities: str = _setting("", "PEM file with the certificates that its stamps must lead to.")  # type: ignore[assignment]
    log: str = _setting("console", "Form of the log on standard error: console or json.")  # type: ignore[assignment]

    @property
    def folder(self) -> Path:
        return Path(self.data_dir)

    @property
    def database(self) -> str:
        return self.database_url or f"sqlite://{self.folder / 'shuangsuiji.sqlite3'}"

    @property
    def objects(self) -> str:
        return self.objects_url or str(self.folder / "objects")

    @property
    def address(self) -> tuple[str, int]:
        host, _, port = self.listen.rpartition(":")
        return host.strip("[]"), int(port)

    @property
    def public(self) -> str:
        return self.public_url.rstrip("/") or f"http://{self.listen}"

    @property
    def proxies(self) -> tuple[str, ...]:
        return tuple(one.strip() for one in self.trusted_proxies.split(",") if one.strip())

    @property
    def api(self) -> str:
        return self.bot_api_url.rstrip("/")

    def shown(self) -> dict[str, str]:
        """Every setting as it stands, secrets masked."""
        return {
            PREFIX + one.name.upper(): "***"
            if one.metadata["secret"] and getattr(self, one.name)
            else str(getattr(self, one.name))
            for one in fields(self)
        }


def load(environment: Mapping[str, str] | None = None, file: Path = Path(".env")) -> Settings:
    """Read the settings; the environment wins over the file. Raises BadSetting."""
    given = (
        {k: v or "" for k, v in dotenv_values(file).items() if k.startswith(PREFIX)} if file.is_file() else {}
    )
    given |= {
        k: v for k, v in (os.environ if environment is None else environment).items() if k.startswith(PREFIX)
    }
    known = {PREFIX + one.name.upper(): one for one in fields(Settings)}
    if unknown := sorted(set(given) - set(known)):
        near = ", ".join(sorted(known))
        raise BadSetting(f"unknown setting {unknown[0]}; known are: {near}")
    values: dict[str, object] = {}
    for name, text in given.items():
        one = known[name]
        try:
            values[one.name] = int(text) if isinstance(one.default, int) else text.strip()
        except ValueError:
            raise BadSetting(f"{name} must be a whole number, not {text!r}") from None
    return _checked(Settings(**values))  # type: ignore[arg-type]


def _checked(settings: Settings) -> Settings:
    choices = {"updates": ("poll", "webhook"), "log": ("console", "json"), "language": ("zh_Hans", "en")}
    for name, allowed in choices.items():
        if getattr(settings, name) not in allowed:
            raise BadSetting(f"{PREFIX}{name.upper()} must be one of {', '.join(allowed)}")
    if not re.fullmatch(r"\[?[\w.:-]*\]?:\d{1,5}", settings.listen):
        raise BadSetting(f"{PREFIX}LISTEN must be address:port, such as 127.0.0.1:8080")
    if (
        settings.updates == "webhook"
        and settings.bot_token
        and not re.fullmatch(r"[\w-]{16,256}", settings.webhook_secret)
    ):
        raise BadSetting(f"{PREFIX}WEBHOOK_SECRET is needed for webhooks: 16 to 256 letters, digits, _ or -")
    if settings.tsa_url and not re.match(r"https?://", settings.tsa_url):
        raise BadSetting(f"{PREFIX}TSA_URL must begin with http:// or https://")
    if settings.tsa_authorities and not Path(settings.tsa_authorities).is_file():
        raise BadSetting(f"{PREFIX}TSA_AUTHORITIES: there is no such file")
    if settings.smtp_url and not settings.smtp_from:
        raise BadSetting(f"{PREFIX}SMTP_FROM is needed with SMTP_URL: the address that mails come from")
    if settings.bot_token and not re.fullmatch(r"\d+:[\w-]{10,}", settings.bot_token):
        raise BadSetting(f"{PREFIX}BOT_TOKEN does not look like a token (digits, a colon, letters)")
    return settings


def example() -> str:
    """The text of `.env.example`."""
    rows = ["# Settings of shuangsuiji; copy to .env and change what you need."]
    rows += [
        f"\n# {one.metadata['what']}\n#{PREFIX}{one.name.upper()}={one.default}" for one in fields(Settings)
    ]
    return "\n".join(rows) + "\n"


def authorities_of(settings: Settings) -> bytes:
    """The certificates that time stamps must lead to; empty when none are set."""
    return Path(settings.tsa_authorities).read_bytes() if settings.tsa_authorities else b""


def secret_of(settings: Settings) -> bytes:
    """The district's secret, made on first use and readable by its owner alone."""
    path = settings.folder / "secret.key"
    settings.folder.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        with contextlib.suppress(FileExistsError):
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "w") as file:
                file.write(secrets.token_hex(32))
    return bytes.fromhex(path.read_text().strip())


def district_of(settings: Settings, *, practice: bool = False) -> District:
    """The district as the settings describe it, with the announced calendar that comes with the program."""
    return District(
        settings.district,
        secret_of(settings),
        workday_calendar(),
        settings.public,
        settings.complaint_phone,
        settings.notice_days,
        practice,
    )
