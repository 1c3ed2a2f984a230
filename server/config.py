"""Settings: `SHUANGSUIJI_*` from the environment, else `.env`; an unknown one is an error (Art. 1, 22-24)."""

from __future__ import annotations

import contextlib
import difflib
import json
import os
import re
import secrets
import ssl
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from ipaddress import ip_network
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from dotenv import dotenv_values

from models.data import workday_calendar
from models.district import District
from models.rules.digest import read_convenor
from models.rules.overdue import DEFAULT, read_terms
from models.rules.quiet_hours import USUAL, read_quiet_hours
from server import tls

PREFIX = "SHUANGSUIJI_"
PASSWORD = re.compile(r"(://[^/@:]*:)[^/@]+@")
CHOICES = {
    "updates": ("poll", "webhook"), "sms_method": ("POST", "GET"), "log": ("console", "json"),
    "language": ("zh_Hans", "en"), "notice_head_approves": ("off", "on"), "chat_evidence": ("on", "off"),
}  # fmt: skip
FORMS = {
    "listen": (r"\[?[\w.:-]*\]?:\d{1,5}$", "address:port, such as 127.0.0.1:8080"),
    "database_url": ("(sqlite|postgres(ql)?)://", "sqlite:///path or postgresql://user:password@host/name"),
    "public_url": ("https?://", "an address that begins with http:// or https://"),
    "bot_api_url": ("https?://", "an address that begins with http:// or https://"),
    "tsa_url": ("https?://", "an address that begins with http:// or https://"),
    "smtp_url": ("smtps?://", "an address that begins with smtp:// or smtps://"),
    "imap_url": ("imaps?://", "an address that begins with imap:// or imaps://"),
    "sms_url": ("(https?|file)://", "an address that begins with https://, http:// or file://"),
    "sms_receipt": (r"\S+ \S+ \S+ \S+$", "four parts: /id /status GOOD|STATES BAD|STATES"),
    "hook_secret": (r"[\w-]{16,256}$", "16 to 256 letters, digits, _ or -"),
    "bot_token": (r"\d+:[\w-]{10,}$", "a bot's token: digits, a colon, letters"),
    "launch_key": (r"[0-9a-f]{64}$", "an Ed25519 public key: 64 hexadecimal digits"),
    "metrics_token": (r"[\w-]{16,256}$", "16 to 256 letters, digits, _ or -"),
    "webhook_secret": (r"[\w-]{16,256}$", "16 to 256 letters, digits, _ or -"),
}


class BadSetting(Exception):
    """A setting that is unknown or cannot be used; the message says which, why and what to do."""


def _setting(default: object, what: str, *, secret: bool = False) -> Any:
    return field(default=default, metadata={"what": what, "secret": secret})


@dataclass(frozen=True)
class Settings:
    """Every setting with its default. The words of `.env.example` are the words here."""

    data_dir: str = _setting("./data", "Folder for the database, photos, documents and the secret key.")
    database_url: str = _setting(
        "", "sqlite:///path or postgresql://user:password@host/name; empty: SQLite in DATA_DIR."
    )
    objects_url: str = _setting(
        "", "Folder or s3://bucket/prefix for photos and documents; empty: DATA_DIR/objects."
    )
    listen: str = _setting("127.0.0.1:8080", "Address and port of the web server.")
    public_url: str = _setting("", "Address under which people reach the web server; empty: http://LISTEN.")
    trusted_proxies: str = _setting(
        "", "Addresses of proxies whose X-Forwarded-For is believed, separated by commas."
    )
    bot_token: str = _setting("", "Token of the bot; empty: no chat, everything else works.", secret=True)
    bot_api_url: str = _setting("https://api.telegram.org", "Own Bot API server or proxy.")
    launch_key: str = _setting(
        "e7bf03a2fa4602af4580703d88dda5bb59f32ed8b02a56c187fe7d34caed242d",
        "Ed25519 key in hex with which Telegram signs who opened the companion; another one for its test servers only.",
    )
    updates: str = _setting("poll", "How updates come in: poll or webhook.")
    webhook_secret: str = _setting("", "Secret of the webhook: 16 to 256 of A-Z a-z 0-9 _ -", secret=True)
    smtp_url: str = _setting(
        "", "smtp://user:password@host:port or smtps://…; empty: no e-mail.", secret=True
    )
    smtp_ca: str = _setting(
        "",
        "PEM file with the authority of the mail servers' certificates (SMTP_URL, IMAP_URL), if it is your own.",
    )
    smtp_from: str = _setting("", "Sender's address of e-mails.")
    imap_url: str = _setting(
        "", "imaps://user:password@host/INBOX that mails come back to; empty: none is read.", secret=True
    )
    sms_url: str = _setting(
        "", "Gateway for text messages, or file:///folder to try; {phone} {e164} {text} {id} may stand in it.",
        secret=True,
    )  # fmt: skip
    sms_method: str = _setting("POST", "How the gateway is asked: POST or GET.")
    sms_body: str = _setting("", 'What it is sent, such as {"to":"{phone}","text":"{text}"}.')
    sms_headers: str = _setting(
        "", "Headers for it, as a JSON object; keys and passwords go here.", secret=True
    )
    sms_success: str = _setting(
        "", "What its answer says when it took one: /code=0, or a regular expression."
    )
    sms_id: str = _setting("", "Where its answer names the message: /data/id, or a regular expression.")
    sms_receipt: str = _setting(
        "/id /status DELIVRD UNDELIV|EXPIRED|REJECTD|DELETED",
        "Its receipts: where the name and the state stand, which states are good and which are bad.",
    )
    hook_secret: str = _setting(
        "", "Secret in the addresses /hooks/sms/SECRET and /hooks/mail/SECRET; empty: closed.", secret=True
    )
    metrics_token: str = _setting(
        "", "Token with which a machine may read /metrics (Authorization: Bearer TOKEN); empty: there is none.",
        secret=True,
    )  # fmt: skip
    language: str = _setting("zh_Hans", "Language of the command line and of public pages: zh_Hans or en.")
    district: str = _setting("平顶山市新华区", "Name of the district.")
    complaint_phone: str = _setting("12345", "Telephone for complaints, printed on every notice.")
    convenor: str = _setting(
        "",
        "The convenor of the joint conference: e-mail addresses and mobile numbers for the monthly digest, by commas.",
    )
    notice_days: int = _setting(3, "Working days between notice and visit; fewer need a reason.")
    reply_days: int = _setting(
        3, "Working days that the entity has to answer a result before it is published."
    )
    terms: str = _setting(
        DEFAULT.written(),
        "Working days until each other thing is overdue (`accept` in hours); what is not named keeps its own.",
    )
    visits_a_year: int = _setting(
        0,
        "Most visits of one target in a year, key items included; 0: as the regulation and the item list have it.",
    )
    quiet_hours: str = _setting(
        USUAL.written(),
        "Hours in which nobody is reminded and nothing rings, save a change of a visit of the same day.",
    )
    officer_day_mb: int = _setting(
        4096,
        "Photos that one officer may enter in a day, in MiB; what a console account may upload in a day too.",
    )
    chat_evidence: str = _setting(
        "on",
        "off: the chat carries task numbers, times and links only; answers and photos go by the companion.",
    )
    notice_head_approves: str = _setting(
        "off", "Whether the head of the department approves each notice too: on or off."
    )
    tsa_url: str = _setting("", "RFC 3161 service that stamps each day's root; empty: none.")
    tsa_authorities: str = _setting("", "PEM file with the certificates that its stamps must lead to.")
    log: str = _setting("console", "Form of the log on standard error: console or json.")

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
        return tuple(value.strip() for value in self.trusted_proxies.split(",") if value.strip())

    @property
    def api(self) -> str:
        return self.bot_api_url.rstrip("/")

    @property
    def secrets(self) -> tuple[str, ...]:
        """What no log may show: secrets, and addresses that may hold a password."""
        addresses = (self.database_url, self.objects_url, self.public_url, self.bot_api_url, self.tsa_url)
        known = (self.bot_token, self.webhook_secret, self.smtp_url, self.imap_url, self.hook_secret)
        return (*known, self.metrics_token, self.sms_url, self.sms_headers, *filter(_password, addresses))

    def shown(self) -> dict[str, str]:
        """Every setting as it stands, secrets and passwords masked."""
        result = {}
        for setting in fields(self):
            value = str(getattr(self, setting.name))
            hidden = "***" if setting.metadata["secret"] and value else PASSWORD.sub(r"\1***@", value)
            result[PREFIX + setting.name.upper()] = hidden
        return result


KNOWN = {PREFIX + setting.name.upper(): setting for setting in fields(Settings)}


def load(environment: Mapping[str, str] | None = None, file: Path = Path(".env")) -> Settings:
    """Read the settings; the environment wins over the file, an empty one stands for its default.

    Raises BadSetting.
    """
    written = dotenv_values(file) if file.is_file() else {}
    around = os.environ if environment is None else environment
    given = {name: value for name, value in {**written, **around}.items() if name.startswith(PREFIX)}
    for name in sorted(set(given) - set(KNOWN)):
        near = difflib.get_close_matches(name, KNOWN, 1, cutoff=0.85)
        meant = f"; did you mean {near[0]}?" if near else f"; known are: {', '.join(sorted(KNOWN))}"
        raise BadSetting(f"unknown setting {name}{meant}")
    values = {KNOWN[name].name: _read(name, text.strip()) for name, text in given.items() if text}
    return _checked(Settings(**values))


def _read(name: str, text: str) -> Any:
    if not isinstance(KNOWN[name].default, int):
        return text
    if not re.fullmatch("[0-9]{1,4}", text):
        raise BadSetting(f"{name} must be a whole number, not {text!r}")
    return int(text)


def _password(address: str) -> bool:
    return bool(PASSWORD.search(address))


def _checked(settings: Settings) -> Settings:
    for name, allowed in CHOICES.items():
        if getattr(settings, name) not in allowed:
            raise BadSetting(f"{PREFIX}{name.upper()} must be one of {', '.join(allowed)}")
    for name, (form, what) in FORMS.items():
        value = getattr(settings, name)
        if value and not re.match(form, value, re.ASCII):
            raise BadSetting(f"{PREFIX}{name.upper()} must be {what}")
    if settings.address[1] > 65535:
        raise BadSetting(f"{PREFIX}LISTEN: there is no port {settings.address[1]}")
    for proxy in settings.proxies:
        try:
            ip_network(proxy)
        except ValueError:
            raise BadSetting(f"{PREFIX}TRUSTED_PROXIES: {proxy!r} is no address or network") from None
    if settings.updates == "webhook" and settings.bot_token and not settings.webhook_secret:
        raise BadSetting(f"{PREFIX}WEBHOOK_SECRET is needed for webhooks: {FORMS['webhook_secret'][1]}")
    for name in ("tsa_authorities", "smtp_ca"):
        if getattr(settings, name) and not Path(getattr(settings, name)).is_file():
            raise BadSetting(f"{PREFIX}{name.upper()}: there is no such file")
    _check_authority(settings.smtp_ca, "SMTP_CA")
    _check_hours_and_terms(settings)
    _check_gateway(settings)
    if settings.smtp_url and not settings.smtp_from:
        raise BadSetting(f"{PREFIX}SMTP_FROM is needed with SMTP_URL: the address that mails come from")
    return settings


def _check_hours_and_terms(settings: Settings) -> None:
    try:
        read_convenor(settings.convenor)
    except ValueError as wrong:
        raise BadSetting(
            f"{PREFIX}CONVENOR: {wrong} is neither an e-mail address nor a mobile number; several are parted by commas"
        ) from None
    try:
        read_terms(settings.terms)
    except ValueError as wrong:
        names = ", ".join(pair.partition("=")[0] for pair in DEFAULT.written().split())
        raise BadSetting(
            f"{PREFIX}TERMS: {wrong} is no term with its length, such as sign=2; known are: {names}"
        ) from None
    try:
        read_quiet_hours(settings.quiet_hours)
    except ValueError:
        raise BadSetting(
            f"{PREFIX}QUIET_HOURS: {settings.quiet_hours!r} are no hours such as {USUAL.written()}"
        ) from None


def _check_authority(path: str, name: str) -> None:
    try:
        tls.context(path)
    except ssl.SSLError:
        raise BadSetting(f"{PREFIX}{name}: {path} holds no certificate in PEM form") from None


def _check_gateway(settings: Settings) -> None:
    place = urlsplit(settings.sms_url)
    if "{" in place.netloc + place.path:
        raise BadSetting(f"{PREFIX}SMS_URL: {{phone}} and {{text}} may stand after the ? only")
    for name in ("sms_success", "sms_id"):
        try:
            re.compile(getattr(settings, name))
        except re.error as error:
            raise BadSetting(f"{PREFIX}{name.upper()} is no regular expression: {error}") from None
    try:
        headers_of(settings)
    except ValueError:
        raise BadSetting(f"{PREFIX}SMS_HEADERS must be a JSON object of texts") from None


def addressed(settings: Settings) -> frozenset[str]:
    """Which of `email` and `sms` this district has: the channels to an address."""
    there = {"email": settings.smtp_url, "sms": settings.sms_url}
    return frozenset(channel for channel, url in there.items() if url)


def headers_of(settings: Settings) -> dict[str, str]:
    """The headers that the gateway is sent."""
    headers = json.loads(settings.sms_headers or "{}")
    if not isinstance(headers, dict) or not all(isinstance(header, str) for header in headers.values()):
        raise ValueError(settings.sms_headers)
    return headers


def example() -> str:
    """The text of `.env.example`."""
    rows = ["# Settings of shuangsuiji; copy to .env and change what you need."]
    rows += [
        f"\n# {setting.metadata['what']}\n#{PREFIX}{setting.name.upper()}={setting.default}"
        for setting in fields(Settings)
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
        _write_whole(path, secrets.token_hex(32))
    secret = bytes.fromhex(path.read_text().strip())
    if len(secret) < 16:
        raise BadSetting(f"{path} is damaged: put it back from a backup, every link and seal rests on it")
    return secret


def _write_whole(path: Path, text: str) -> None:
    """All of it under its name or nothing, for its owner alone; whoever was there first stays."""
    handle, name = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(handle, "w") as file:
            file.write(text)
            file.flush()
            os.fsync(handle)
        with contextlib.suppress(FileExistsError):
            Path(path).hardlink_to(name)
    finally:
        Path(name).unlink()


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
        settings.notice_head_approves == "on",
        settings.chat_evidence == "on",
        settings.reply_days,
        settings.officer_day_mb,
        read_terms(settings.terms, settings.notice_days),
        settings.visits_a_year,
        read_quiet_hours(settings.quiet_hours),
        read_convenor(settings.convenor),
    )
