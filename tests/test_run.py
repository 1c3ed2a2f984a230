"""run.py, the first thing a stranger types: it sets up once, mends what broke, and then steps aside.

The packages come from a folder of the test's own, through pip's settings; nothing is fetched.
"""

import ast
import base64
import hashlib
import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.support.waiting import PATIENCE

RUN = Path(__file__).parents[1] / "run.py"
OURS = """
import signal, sys
if sys.argv[1:2] == ["wait"]:
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    print("waiting", flush=True)
    signal.sigwait({signal.SIGINT})
    print("stopped by hand", flush=True)
    sys.exit(3)
import parcel
print("args", sys.argv[1:], "parcel", parcel.VERSION)
sys.exit(7)
"""


@pytest.fixture(scope="session")
def run_py():
    spec = importlib.util.spec_from_file_location("run_py", RUN)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def wheel(folder, version):
    """A tiny package as a file that pip can install; its hash."""
    folder.mkdir(exist_ok=True)
    info = f"parcel-{version}.dist-info"
    files = {
        "parcel.py": f"VERSION = {version!r}\n",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: parcel\nVersion: {version}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = ""
    path = folder / f"parcel-{version}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
            digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()
            record += f"{name},sha256={digest},{len(text)}\n"
        archive.writestr(f"{info}/RECORD", record + f"{info}/RECORD,,\n")
    return hashlib.sha256(path.read_bytes()).hexdigest()


class Clone:
    """A checkout with a product of one line, and packages in a folder."""

    def __init__(self, folder):
        self.root = folder / "a clone"
        self.wheels = folder / "wheels"
        for folder in ("server", "requirements"):
            (self.root / folder).mkdir(parents=True)
        shutil.copy(RUN, self.root)
        (self.root / "server" / "__main__.py").write_text(OURS)
        self.lock("1.0")

    def lock(self, version, digest=None):
        digest = digest or wheel(self.wheels, version)
        (self.root / "requirements" / "base.lock").write_text(
            f"parcel=={version} \\\n    --hash=sha256:{digest}\n"
        )

    @property
    def settings(self):
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "PYTHON"))}
        return kept | {
            "PIP_NO_INDEX": "1",
            "PIP_FIND_LINKS": self.wheels.as_uri(),
            "PIP_CONFIG_FILE": os.devnull,
        }

    def start(self, *args, **how):
        how = {"cwd": self.root.parent, "env": self.settings, "text": True} | how
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        return subprocess.Popen([sys.executable, str(self.root / "run.py"), *args], **pipes, **how)

    def run(self, *args, **how):
        process = self.start(*args, **how)
        out, err = process.communicate(timeout=200)
        return process.returncode, out, err


@pytest.fixture(scope="module")
def clone(tmp_path_factory):
    """One clone for the tests of this file, as one person would go on using it; each leaves it working."""
    ready = Clone(tmp_path_factory.mktemp("person"))
    ready.first = ready.run("plan", "adopt", "FILE")
    return ready


def test_the_first_run_sets_up_and_the_next_one_finds_it_ready(clone):
    code, out, err = clone.first
    assert (code, out) == (7, "args ['plan', 'adopt', 'FILE'] parcel 1.0\n")
    assert "首次准备" in err
    assert "once" in err
    code, out, err = clone.run()
    assert (code, out.split(" parcel")[0], err) == (7, "args ['demo']", "")


def test_a_new_list_is_installed(clone):
    clone.lock("2.0")
    assert clone.run()[:2] == (7, "args ['demo'] parcel 2.0\n")


def test_a_package_with_another_hash_is_refused_and_the_next_run_tries_again(clone):
    clone.lock("3.0")
    clone.lock("3.0", digest="0" * 64)
    code, out, err = clone.run()
    assert (code, out) == (1, "")
    assert "安装失败" in err
    assert "The installation failed" in err
    clone.lock("3.0")
    assert clone.run()[:2] == (7, "args ['demo'] parcel 3.0\n")


def test_an_installation_that_was_cut_short_is_done_again(clone):
    (clone.root / ".venv" / "base.lock.done").unlink()
    shutil.rmtree(next((clone.root / ".venv").glob("lib/python*/site-packages/pip")))
    assert clone.run()[0] == 7


def test_a_clone_that_was_moved_sets_up_again(clone):
    moved = clone.root.with_name("moved")
    clone.root.rename(moved)
    clone.root = moved
    code, _, err = clone.run()
    assert code == 7
    assert "首次准备" in err


def test_two_first_runs_at_once_do_not_disturb_each_other(clone):
    shutil.rmtree(clone.root / ".venv")
    first, second = clone.start("1"), clone.start("2")
    told = [process.communicate(timeout=200) for process in (first, second)]
    assert [out.split(" parcel")[0] for out, _ in told] == ["args ['1']", "args ['2']"]
    assert sum("首次准备" in err for _, err in told) == 1


def test_ctrl_c_reaches_the_product_and_its_exit_code_comes_back(clone):
    process = clone.start("wait")
    assert process.stdout.readline() == "waiting\n"
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=600)
    assert (process.returncode, out, err) == (3, "stopped by hand\n", "")


def test_a_folder_called_server_where_the_person_stands_is_not_taken_for_ours(clone, tmp_path):
    (tmp_path / "server").mkdir()
    (tmp_path / "server" / "__main__.py").write_text("print('not ours')")
    code, out, _ = clone.run("x", cwd=tmp_path)
    assert (code, out.split(" parcel")[0]) == (7, "args ['x']")


@pytest.mark.parametrize("version", [(3, 6), (3, 10), (3, 15), (4, 0)])
def test_another_python_gets_a_clear_word_in_two_languages(run_py, version):
    with pytest.raises(run_py.Refused) as refusal:
        run_py.check_python((*version, 0), others=["python3.12"])
    words = str(refusal.value)
    assert f"当前是 {version[0]}.{version[1]}" in words
    assert f"this is {version[0]}.{version[1]}" in words
    assert "python3.12 run.py" in words


@pytest.mark.parametrize("version", [(3, 11), (3, 12), (3, 13), (3, 14)])
def test_the_pythons_that_we_promise_are_taken(run_py, version):
    run_py.check_python((*version, 0))


def test_an_old_python_can_read_the_file_far_enough_to_say_so():
    tree = ast.parse(RUN.read_text(encoding="utf-8"), feature_version=(3, 6))
    taken = {
        name.split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in ([a.name for a in node.names] if isinstance(node, ast.Import) else [node.module])
    }
    assert taken <= set(sys.stdlib_module_names)


def test_a_python_without_venv_is_told_what_to_install(run_py, monkeypatch):
    monkeypatch.setattr(run_py.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(run_py.Refused, match=r"python3-venv"):
        run_py.check_venv()


def two_ports():
    """The first of two neighbouring ports that are free."""
    while True:
        with socket.socket() as one, socket.socket() as two:
            one.bind(("127.0.0.1", 0))
            port = one.getsockname()[1]
            try:
                two.bind(("127.0.0.1", port + 1))
            except OSError:
                continue
            return port


def test_c14_setting_up_tells_each_step_and_how_far_it_is(tmp_path):
    told = Clone(tmp_path).run("x")[2]
    steps = ("首次准备", "正在创建 Python 环境", "正在安装 1 个软件包", "正在启动")
    assert [word for word in steps if word in told] == list(steps)
    assert sorted(map(told.index, steps)) == [told.index(word) for word in steps]
    for english in ("Setting up", "Creating the Python environment", "Installing 1 packages", "Starting"):
        assert english in told


def test_c14_what_takes_longer_says_again_and_again_that_it_goes_on(run_py, monkeypatch):
    heard = []
    monkeypatch.setattr(run_py, "say", heard.append)
    monkeypatch.setattr(run_py.Telling, "EVERY", 0.01)
    with run_py.Telling("正在安装", "Installing") as telling:
        telling.how_far = "12/45 aiohttp"
        while len(heard) < 4:
            pass
    assert heard[0] == "正在安装 …  Installing …"
    assert all(line.endswith("12/45 aiohttp") for line in heard[2:])
    assert run_py.Telling.EVERY < 2.0


def test_c14_how_far_pip_is_is_read_from_its_words(run_py, tmp_path):
    class Told:
        how_far = ""

    told, packages = Told(), Path(run_py.packages_of(str(tmp_path)))
    packages.mkdir(parents=True)
    (packages / "of_a_lower_layer-1.0.dist-info").mkdir()
    assert run_py.follow([b"Collecting aiohttp==3.14.5 (from -r x)\n"], told, str(tmp_path), 45)
    assert f"{told.how_far}" == "1/45 aiohttp"
    run_py.follow([b"Installing collected packages: aiohttp\n"], told, str(tmp_path), 45)
    (packages / "aiohttp-3.14.5.dist-info").mkdir()
    assert f"{told.how_far}".endswith("1/45")


def test_c14_the_first_address_is_told_and_no_step_on_the_way_is_silent(tmp_path):
    """The real demo from nothing; its packages are there already."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SHUANGSUIJI_")}
    kept |= {"SHUANGSUIJI_DATA_DIR": str(tmp_path / "data"), "SHUANGSUIJI_LISTEN": f"127.0.0.1:{two_ports()}"}
    process = subprocess.Popen(
        [sys.executable, "-m", "server", "demo"], cwd=RUN.parent, env=kept, text=True, encoding="utf-8",
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    told = ""
    try:
        for line in process.stdout:
            told += line
            if "公示页  " in line:
                break
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=PATIENCE)
    steps = ("正在准备示例区", "建立数据库", "填入示例名录", "启动服务", "示例区已就绪", "练习手机")
    assert [word for word in steps if word in told] == list(steps), told
    assert sorted(map(told.index, steps)) == [told.index(word) for word in steps]
