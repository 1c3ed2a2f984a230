"""Nobody else on the machine reads the district's files (ASVS 13.4)."""

import os
import stat
import subprocess
import sys
from pathlib import Path

from server import file_modes
from server.config import load

INIT = "import os; os.umask(0); from server.__main__ import main; raise SystemExit(main(['init']))"


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_e16_what_a_command_makes_is_its_users_alone(tmp_path):
    place = tmp_path / "district"
    subprocess.run(
        [sys.executable, "-c", INIT], env={**os.environ, "SHUANGSUIJI_DATA_DIR": str(place)}, check=True,
        stdin=subprocess.DEVNULL, capture_output=True,
    )  # fmt: skip
    made = [place, *place.rglob("*")]
    assert len(made) > 3
    assert [path.name for path in made if mode(path) & 0o077] == []


def test_e16_what_an_earlier_version_left_open_is_closed(tmp_path):
    place = tmp_path / "district"
    place.mkdir(mode=0o755)
    for name in ("shuangsuiji.sqlite3", "shuangsuiji.sqlite3-wal"):
        (place / name).touch(mode=0o644)
    settings = load({"SHUANGSUIJI_DATA_DIR": str(place)}, tmp_path / "none")
    assert len(file_modes.open_to_others(settings)) == 3
    file_modes.own(settings)
    assert file_modes.open_to_others(settings) == ()
    assert (mode(place), mode(place / "shuangsuiji.sqlite3")) == (0o700, 0o600)
