"""Settings: known ones only, told apart from mistakes; no secret is ever shown (Art. 1, 22-24)."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from server.config import KNOWN, BadSetting, Settings, example, load, secret_of

NOWHERE = Path("no such file")
TOKEN = "1234567890:" + "A" * 35


def settings(file=NOWHERE, **given):
    return load({f"SHUANGSUIJI_{name}": value for name, value in given.items()}, file)


def refused(file=NOWHERE, **given):
    with pytest.raises(BadSetting) as no:
        settings(file, **given)
    return str(no.value)


def test_nothing_needs_to_be_set():
    made = settings()
    assert made == Settings()
    assert (made.database, made.public) == ("sqlite://data/shuangsuiji.sqlite3", "http://127.0.0.1:8080")


def test_an_unknown_setting_is_an_error_that_names_the_nearest():
    assert (
        refused(BOT_TOKNE=TOKEN)
        == "unknown setting SHUANGSUIJI_BOT_TOKNE; did you mean SHUANGSUIJI_BOT_TOKEN?"
    )
    assert "SHUANGSUIJI_LISTEN" in refused(QWERTZ="1")


def test_an_unknown_setting_in_the_file_is_an_error_too(tmp_path):
    file = tmp_path / ".env"
    file.write_text("SHUANGSUIJI_LISTEN=127.0.0.1:9000\nSHUANGSUIJI_LANG=en\nOTHER=1\n")
    assert "SHUANGSUIJI_LANG" in refused(file)


def test_the_environment_wins_over_the_file(tmp_path):
    file = tmp_path / ".env"
    file.write_text("SHUANGSUIJI_LISTEN=127.0.0.1:9000\nSHUANGSUIJI_LANGUAGE=en\n")
    made = settings(file, LISTEN="127.0.0.1:9001")
    assert (made.listen, made.language) == ("127.0.0.1:9001", "en")


def test_an_empty_setting_stands_for_its_default():
    assert settings(**{name.removeprefix("SHUANGSUIJI_"): "" for name in KNOWN}) == Settings()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LISTEN", "8080"),
        ("LISTEN", "127.0.0.1:99999"),
        ("LISTEN", "127.0.0.1:８０"),
        ("UPDATES", "push"),
        ("LANGUAGE", "de"),
        ("LOG", "xml"),
        ("NOTICE_DAYS", "three"),
        ("NOTICE_DAYS", "-1"),
        ("NOTICE_DAYS", "3.5"),
        ("BOT_TOKEN", "token"),
        ("QUIET_HOURS", "21-7"),
        ("QUIET_HOURS", "25:00-07:00"),
        ("BOT_API_URL", "api.example.test"),
        ("PUBLIC_URL", "inspections.example.test"),
        ("DATABASE_URL", "mysql://x"),
        ("TRUSTED_PROXIES", "10.0.0.0/8, proxy"),
        ("SMTP_URL", "http://mail.example.test"),
        ("SMTP_URL", "smtp://mail.example.test"),
        ("SMS_URL", "ftp://sms.example.test"),
        ("SMS_URL", "https://{phone}.example.test/"),
        ("SMS_METHOD", "PUT"),
        ("SMS_HEADERS", "Authorization: x"),
        ("SMS_HEADERS", '{"a": 1}'),
        ("SMS_SUCCESS", "("),
        ("SMS_RECEIPT", "/id /status DELIVRD"),
        ("IMAP_URL", "pop3://mail.example.test"),
        ("HOOK_SECRET", "short"),
        ("WEBHOOK_SECRET", "short"),
        ("TSA_AUTHORITIES", "no such file"),
    ],
)
def test_a_value_that_cannot_be_used_is_refused_by_name(name, value):
    assert f"SHUANGSUIJI_{name}" in refused(**{name: value}) or name == "SMTP_URL"


def test_a_webhook_needs_its_secret():
    assert "WEBHOOK_SECRET" in refused(UPDATES="webhook", BOT_TOKEN=TOKEN)
    assert settings(UPDATES="webhook", BOT_TOKEN=TOKEN, WEBHOOK_SECRET="s" * 16).updates == "webhook"


def test_no_refusal_repeats_a_secret():
    assert "not-a-token" not in refused(BOT_TOKEN="not-a-token")
    assert "hunter2" not in refused(SMTP_URL="imap://me:hunter2@mail.example.test")


def test_what_is_shown_holds_no_secret_and_no_password():
    made = settings(
        BOT_TOKEN=TOKEN,
        WEBHOOK_SECRET="w" * 16,
        SMTP_URL="smtp://me:hunter2@mail.example.test",
        SMTP_FROM="me@example.test",
        DATABASE_URL="postgresql://me:hunter3@db.example.test/ssj",
    )
    shown = made.shown()
    assert shown["SHUANGSUIJI_DATABASE_URL"] == "postgresql://me:***@db.example.test/ssj"
    for secret in (TOKEN, "w" * 16, "hunter2", "hunter3"):
        assert secret not in str(shown)
        assert any(secret in word for word in made.secrets)
    assert set(shown) == set(KNOWN)


def test_the_example_says_every_setting_and_is_the_one_in_the_tree():
    written = (Path(__file__).parents[2] / ".env.example").read_text()
    assert written == example()
    for name in KNOWN:
        assert f"\n#{name}=" in written


def test_the_example_without_its_signs_is_the_default(tmp_path):
    file = tmp_path / ".env"
    file.write_text(example().replace("\n#SHUANGSUIJI_", "\nSHUANGSUIJI_"))
    assert settings(file) == Settings()


def test_the_districts_secret_is_made_once_for_its_owner_alone(tmp_path):
    made = Settings(data_dir=str(tmp_path / "data"))
    with ThreadPoolExecutor(8) as many:
        [secret] = set(many.map(lambda _: secret_of(made), range(24)))
    assert len(secret) == 32
    assert [path.name for path in made.folder.iterdir()] == ["secret.key"]
    assert stat.S_IMODE((made.folder / "secret.key").stat().st_mode) == 0o600


def test_a_damaged_secret_is_not_taken_for_one(tmp_path):
    made = Settings(data_dir=str(tmp_path))
    (tmp_path / "secret.key").write_text("")
    with pytest.raises(BadSetting):
        secret_of(made)
