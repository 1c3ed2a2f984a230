"""docs/deploy: each file is read by what would read it, and holds what docs/operations.md says of it."""

import configparser
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from models.queries.backlog import Backlog, ChannelBacklog
from server import metrics
from server.config import KNOWN
from server.duties import DUTIES, duties

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "docs" / "deploy"
PAGE = (ROOT / "docs" / "operations.md").read_text("utf-8")


def compose() -> dict:
    return yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))


def instructions() -> list[tuple[str, str]]:
    """The Containerfile's instructions with their words, lines that go on joined."""
    text = re.sub(r"\\\n\s*", " ", (DEPLOY / "Containerfile").read_text("utf-8"))
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return [(line.split()[0], line.partition(" ")[2]) for line in lines]


class Unit(configparser.RawConfigParser):
    optionxform = staticmethod(str)


def unit() -> Unit:
    parser = Unit(strict=False)
    parser.read(DEPLOY / "shuangsuiji.service", "utf-8")
    return parser


def test_every_file_is_named_on_the_page_and_every_named_file_is_there():
    named = set(re.findall(r"\(deploy/([\w.]+)\)", PAGE))
    there = {path.name for path in DEPLOY.iterdir()}
    assert named <= there
    assert all(name in PAGE for name in there)


def test_every_setting_in_the_files_is_one_of_the_product():
    for path in (*DEPLOY.iterdir(), ROOT / "docs" / "operations.md"):
        assert set(re.findall(r"SHUANGSUIJI_[A-Z_]+[A-Z]", path.read_text("utf-8"))) <= set(KNOWN), path.name


def test_every_command_on_the_page_is_one_of_the_product(capsys):
    from server.__main__ import main

    for command in sorted(set(re.findall(r"`shuangsuiji ([a-z-]+)", PAGE))):
        with pytest.raises(SystemExit) as ended:
            main([command, "--help"])
        assert ended.value.code == 0, command


SERVERS = ("server-1", "server-2", "work-1", "work-2")


def test_containers_run_two_servers_two_workers_a_database_objects_and_a_proxy():
    services = compose()["services"]
    assert set(services) == {*SERVERS, "database", "objects", "proxy"}
    for name in SERVERS:
        server = services[name]
        assert server["read_only"] and server["cap_drop"] == ["ALL"] and "ports" not in server
        assert "no-new-privileges:true" in server["security_opt"]
        assert (
            ROOT / "docs" / "deploy" / server["build"]["context"] / server["build"]["dockerfile"]
        ).is_file()
    assert [name for name, service in services.items() if "ports" in service] == ["proxy"]


def test_every_duty_is_done_by_two_containers():
    done: dict[str, int] = {}
    for name in SERVERS:
        serve, only, listed = compose()["services"][name]["command"]
        assert (serve, only) == ("serve", "--only")
        for duty in duties(listed):
            done[duty] = done.get(duty, 0) + 1
    assert done == dict.fromkeys(DUTIES, 2)


def test_a_part_is_the_service_with_its_own_duties():
    whole, part = (
        [
            line
            for line in (DEPLOY / f"shuangsuiji{at}.service").read_text("utf-8").splitlines()
            if line[:1] != "#"
        ]
        for at in ("", "@")
    )
    assert [line for line in part if line not in whole] == [
        "Description=shuangsuiji (%i): joint double-random inspections",
        "EnvironmentFile=/etc/shuangsuiji-%i.env",
        "ExecStart=/opt/shuangsuiji/.venv/bin/shuangsuiji serve --only ${DUTIES}",
    ]


def test_containers_name_their_volumes_and_no_password():
    parts = compose()
    used = {
        volume.partition(":")[0]
        for service in parts["services"].values()
        for volume in service["volumes"]
        if not volume.startswith(".")
    }
    assert used == set(parts["volumes"])
    text = (DEPLOY / "compose.yaml").read_text("utf-8")
    assert all(
        value.startswith("${")
        for value in re.findall(r"(?:PASSWORD|SECRET|SECRET_ACCESS_KEY|KEY_ID): (\S+)", text)
    )


def test_the_image_runs_as_nobodys_user_and_takes_locked_packages():
    said = instructions()
    assert [name for name, _ in said if name == "FROM"] == ["FROM", "FROM"]
    assert ("USER", "10001:10001") in said
    assert ("ENTRYPOINT", '["shuangsuiji"]') in said
    assert any(
        name == "RUN" and "--require-hashes -r requirements/base.lock" in words for name, words in said
    )
    for name, words in said:
        if name == "COPY" and "--from" not in words:
            assert all((ROOT / source).exists() for source in words.split()[:-1]), words


def test_the_service_writes_its_own_folder_alone():
    service = dict(unit()["Service"])
    assert service["ProtectSystem"] == "strict"
    assert service["NoNewPrivileges"] == "yes"
    assert service["CapabilityBoundingSet"] == ""
    assert service["StateDirectory"] == "shuangsuiji"
    assert service["User"] not in ("", "root")
    assert "ReadWritePaths" not in service


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd here")
def test_systemd_reads_the_service():
    read = subprocess.run(
        ["systemd-analyze", "verify", str(DEPLOY / "shuangsuiji.service")],
        capture_output=True,
        text=True,
        check=False,
    )
    wrong = [line for line in read.stderr.splitlines() if "shuangsuiji.service" in line]
    assert [line for line in wrong if "is not executable" not in line] == []


def test_the_proxy_keeps_what_is_for_machines_inside():
    text = (DEPLOY / "Caddyfile").read_text("utf-8")
    assert text.count("{") == text.count("}")
    assert re.search(r"@machines path /metrics /readyz\n\s*respond @machines 404", text)
    assert set(re.findall(r"(server-\d):8080", text)) == {"server-1", "server-2"}


def test_the_page_explains_every_number_that_is_given():
    shown = "".join(metrics.lines(Backlog(0, 0.0, 0, (ChannelBacklog("chat", 1, 0.0, 0),), 0, 0.0), 0.0))
    names = re.findall(r"# TYPE shuangsuiji_(\w+) gauge", shown)
    assert names and [name for name in names if f"_{name}`" not in PAGE] == []
