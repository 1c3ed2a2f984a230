#!/usr/bin/env python3
"""核验一次“双随机”抽取：python3 verify_draw.py 证明包.zip|文件夹 [--expect 哈希 ...]

Checks a draw (shuangsuiji/draw/1) from its published bundle alone: python3 verify_draw.py BUNDLE.zip|FOLDER.
Prints what differs, by file and row. Exit code 0: everything agrees; 1: something differs or cannot be read.

One file, Python 3.9 or later, nothing to install, no network. It was written from the published page of the draw
and shares no code with the system that draws. Files are read as streams: a pool of ten million rows fits too.

--expect takes the SHA-256 values that were published or sent to you (commitment, results): each must turn up.
Times, grounds of a substitution and the hashes of its papers follow from nothing else; only they need it.
"""

# It must run alone on an old Python and prints what it finds, hence:
# ruff: noqa
# mypy: ignore-errors

from __future__ import annotations

import argparse
import base64
import collections
import datetime
import hashlib
import json
import os
import re
import stat
import struct
import sys
import unicodedata
import zipfile
import zlib

SPEC = "shuangsuiji/draw/1"
FIXED = ["exclusions.tsv", "holds.tsv", "pool.tsv", "recusals.tsv", "roster.tsv", "rules.json"]
AT_ONCE = ["drawn.tsv", "entropy.txt", "matches.tsv", "pledges.tsv", "teams.tsv"]
LATER = ["removals.tsv", "substitutions.tsv"]
REASSIGNED = "reassignments.tsv"
NEEDED = FIXED + ["SHA256SUMS"] + AT_ONCE + LATER
KEYS = "keys.tsv"
CEREMONY = "ceremony.tsv"
DRAND = {  # first round's second, seconds from round to round
    "drand-quicknet": (1692803367, 3),
    "drand-default": (1595431050, 30),
}

CHUNK = 1 << 16
MAX_TOTAL = 16 << 30
MAX_PLAIN = 32 << 20
MAX_LINE = 4 << 20
MAX_SMALL = 4 << 20
MAX_DRAWN = 2_000_000
MAX_ROSTER = 1_000_000
MAX_KEPT = 5_000_000
MAX_EVENTS = 1_000_000
MAX_SHOWN = 200

HEX64 = re.compile(r"[0-9a-f]{64}")
ID = re.compile(r"[A-Za-z0-9_-]{21}[AQgw]")
NUMBER = re.compile(r"[1-9][0-9]{0,17}")
OFFICIAL_LOTTERY = re.compile(r"lottery:.+@(\S+) \S+")
ROUND = re.compile(r"beacon:(.+) ([1-9][0-9]{0,11})")
PASSED = re.compile(r"recused|expired|(?:leave|moved):[0-9a-f]{16}")
MOMENT = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.([0-9]{1,9}))?)?"
    r"(Z|[+-][0-9]{2}:[0-9]{2})"
)
VALUE = {
    "witness": re.compile(r"[1-6]{50}|[0-9a-f]{32,64}"),
    "beacon": re.compile(r"[0-9a-f]{64}"),
    "lottery": re.compile(r"[0-9]{1,20}( [0-9]{1,20})*"),
}


class Stop(Exception):
    """Nothing sensible can be checked any more."""

    def __init__(self, file, zh, en):
        super().__init__(en)
        self.file, self.zh, self.en = file, zh, en


class Report:
    """What differs, what is worth knowing, and the hashes to compare with what was published."""

    def __init__(self):
        self.lines = []
        self.count = 0
        self.per_file = collections.Counter()
        self.notes = []
        self.facts = []
        self.foreign = False  # the provincial platform drew it: there is nothing to repeat

    def differ(self, file, row, zh, en):
        self.count += 1
        self.per_file[file] += 1
        if self.per_file[file] <= MAX_SHOWN:
            where = file if row is None else f"{file} 第{row}行 row {row}"
            self.lines.append(f"{where}: {zh} | {en}")

    def expected(self, file, row, wanted, found):
        self.differ(
            file,
            row,
            f"应为 {show(wanted)}，实为 {show(found)}",
            f"expected {show(wanted)}, found {show(found)}",
        )

    def note(self, zh, en):
        self.notes.append(f"{zh} | {en}")

    def fact(self, zh, en, value):
        self.facts.append(f"{zh} {en}: {show(value)}")


def show(value):
    """A value for a terminal: no escape sequences, not endless."""
    text = value if isinstance(value, str) else str(value)
    text = text if len(text) <= 300 else text[:300] + "…"
    shown = []
    for char in text.replace("\t", " ⇥ "):
        plain = char.isprintable() or char in "  "
        shown.append(char if plain else char.encode("unicode_escape").decode("ascii"))
    return "「" + "".join(shown) + "」"


# ---- reading -------------------------------------------------------------------------------------------------


class Folder:
    def __init__(self, path, report):
        self.path = path
        self.names = set()
        for name in sorted(os.listdir(path)):
            if name in NEEDED or name in (KEYS, CEREMONY, REASSIGNED):
                if not stat.S_ISREG(os.lstat(os.path.join(path, name)).st_mode):
                    raise Stop(name, "不是普通文件", "not a regular file")
                self.names.add(name)
            else:
                report.note(
                    f"忽略了不属于证明包的 {show(name)}", f"ignored {show(name)}, no part of a bundle"
                )

    def open(self, name):
        return open(os.path.join(self.path, name), "rb")

    def close(self):
        pass


class Archive:
    def __init__(self, path, report):
        self._look_at_the_end(path)
        self.zip = zipfile.ZipFile(path)
        self.names = set()
        for entry in self.zip.infolist():
            name = entry.filename
            if name not in NEEDED and name not in (KEYS, CEREMONY, REASSIGNED):
                raise Stop(show(name), "压缩包内有不属于证明包的文件名", "this name has no place in a bundle")
            if name in self.names:
                raise Stop(name, "压缩包内同名文件出现两次", "the archive holds this name twice")
            if entry.flag_bits & 0x1:
                raise Stop(name, "文件被加密", "the file is encrypted")
            if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise Stop(name, "压缩方式不受支持", "unknown compression")
            self.names.add(name)
            if entry.file_size > MAX_PLAIN and entry.file_size > 100 * entry.compress_size:
                raise Stop(name, "压缩率异常，疑为压缩炸弹", "compressed beyond belief: a bomb")
        if sum(entry.file_size for entry in self.zip.infolist()) > MAX_TOTAL:
            raise Stop(os.path.basename(path), "解压后过大", "too large when unpacked")

    @staticmethod
    def _look_at_the_end(path):
        """A directory of millions of entries would be read into memory by zipfile: look before it does."""
        size = os.path.getsize(path)
        with open(path, "rb") as file:
            file.seek(max(0, size - 65_557))
            tail = file.read()
            at = tail.rfind(b"PK\5\6")
            if at < 0 or len(tail) < at + 22:
                raise Stop(os.path.basename(path), "不是 ZIP 压缩包", "not a ZIP archive")
            entries, length = struct.unpack("<HL", tail[at + 10 : at + 16])
            locator = tail.rfind(b"PK\6\7", 0, at)
            if locator >= 0 and len(tail) >= locator + 16:
                file.seek(min(size, struct.unpack("<Q", tail[locator + 8 : locator + 16])[0]))
                record = file.read(56)
                if record[:4] == b"PK\6\6" and len(record) == 56:
                    more, longer = struct.unpack("<QQ", record[32:48])
                    entries, length = max(entries, more), max(length, longer)
                    if entries == 0xFFFF:
                        entries = more
                    if length == 0xFFFFFFFF:
                        length = longer
        if entries > 64 or length > 1 << 20:
            raise Stop(os.path.basename(path), "压缩包目录过大", "the archive's directory is too large")

    def open(self, name):
        return self.zip.open(name)

    def close(self):
        self.zip.close()


class Bundle:
    """The files, as streams of lines."""

    def __init__(self, source, report):
        self.source, self.report = source, report
        self.complained = set()
        self.quiet = False

    def has(self, name):
        return name in self.source.names

    def chunks(self, name):
        read = 0
        try:
            with self.source.open(name) as stream:
                while True:
                    chunk = stream.read(CHUNK)
                    if not chunk:
                        return
                    read += len(chunk)
                    if read > MAX_TOTAL:
                        raise Stop(name, "文件过大", "the file is too large")
                    yield chunk
        except (
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            OSError,
            NotImplementedError,
            RuntimeError,
        ) as error:
            raise Stop(name, f"无法读取（{error}）", f"cannot be read ({error})") from None

    def small(self, name):
        parts, size = [], 0
        for chunk in self.chunks(name):
            size += len(chunk)
            if size > MAX_SMALL:
                raise Stop(name, "文件过大", "the file is too large")
            parts.append(chunk)
        return b"".join(parts)

    def sha256(self, name):
        digest = hashlib.sha256()
        for chunk in self.chunks(name):
            digest.update(chunk)
        return digest.hexdigest()

    def once(self, name, row, zh, en):
        """A complaint about the form of a row, however often the file is read."""
        if (name, row, en) not in self.complained:
            if len(self.complained) < 100_000:
                self.complained.add((name, row, en))
            self.report.differ(name, row, zh, en)

    def raw(self, name):
        """(row number, bytes of the line without its LF)."""
        rest, number = b"", 0
        for chunk in self.chunks(name):
            pieces = (rest + chunk).split(b"\n")
            rest = pieces.pop()
            if len(rest) > MAX_LINE:
                raise Stop(name, f"第{number + 1}行过长", f"row {number + 1} is too long")
            for piece in pieces:
                number += 1
                yield number, piece
        if rest:
            self.once(name, number + 1, "行末缺换行符", "no line feed at the end of the row")
            yield number + 1, rest

    def lines(self, name):
        for number, piece in self.raw(name):
            try:
                yield number, piece.decode("utf-8")
            except UnicodeDecodeError:
                self.once(name, number, "不是 UTF-8 文本", "not UTF-8 text")

    def rows(self, name, width, may_hold_commas=(), may_be_empty=(), in_order=True):
        """(row number, fields) of rows that are well formed; complaints about the others."""
        before = None
        for number, piece in self.raw(name):
            if in_order and before is not None:
                if piece == before:
                    self.once(name, number, "与上一行相同", "the same as the row before")
                elif piece < before:
                    self.once(name, number, "未按字节排序", "not in byte order")
            before = piece
            try:
                text = piece.decode("utf-8")
            except UnicodeDecodeError:
                self.once(name, number, "不是 UTF-8 文本", "not UTF-8 text")
                continue
            fields = text.split("\t")
            if len(fields) != width:
                self.once(
                    name,
                    number,
                    f"应有 {width} 个字段，实有 {len(fields)} 个",
                    f"{width} fields expected, {len(fields)} found",
                )
                continue
            if "," in text or "" in fields or not text.replace("\t", " ").isprintable():
                bad = [
                    n
                    for n, field in enumerate(fields)
                    if (not field and n not in may_be_empty) or forbidden(field, n in may_hold_commas)
                ]
                if bad:
                    self.once(
                        name,
                        number,
                        f"第 {bad[0] + 1} 个字段为空或含不允许的字符",
                        f"field {bad[0] + 1} is empty or holds a character that is not allowed",
                    )
                    continue
            yield number, fields


def forbidden(text, commas):
    return any(
        (char == "," and not commas) or char == "\ufeff" or unicodedata.category(char) in ("Cc", "Zl", "Zp")
        for char in text
    )


# ---- the page, section by section ----------------------------------------------------------------------------


def sha(data):
    return hashlib.sha256(data).hexdigest()


def normalised(code):
    text = unicodedata.normalize("NFKC", code).upper()
    return "".join(char for char in text if not char.isspace())


def moment(text):
    """An instant that can be compared, or None."""
    found = MOMENT.fullmatch(text)
    if not found:
        return None
    year, month, day, hour, minute, second, fraction, offset = found.groups()
    try:
        local = datetime.datetime(int(year), int(month), int(day), int(hour), int(minute), int(second or 0))
    except ValueError:
        return None
    shift = 0
    if offset != "Z":
        hours, minutes = int(offset[1:3]), int(offset[4:6])
        if hours > 23 or minutes > 59:
            return None
        shift = (hours * 60 + minutes) * (60 if offset[0] == "+" else -60)
    seconds = (local - datetime.datetime(1970, 1, 1)) // datetime.timedelta(seconds=1) - shift
    return seconds, (fraction or "").ljust(9, "0")


def short_number(digits):
    if len(digits) > 18:
        raise ValueError("a number out of all bounds")
    return int(digits)


class Rules:
    """rules.json, once it is known to be sound."""

    def __init__(self, bundle):
        report = bundle.report
        data = bundle.small("rules.json")
        try:
            raw = json.loads(data.decode("utf-8"), parse_int=short_number)
            again = json.dumps(raw, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n"
            same = again.encode("utf-8") == data
        except (ValueError, RecursionError):
            raise Stop("rules.json", "不是 JSON", "not JSON") from None
        if not same:
            report.differ(
                "rules.json",
                1,
                "书写不规范（键未排序、有空格或重复）",
                "not written as agreed (keys sorted, no spaces, nothing twice)",
            )
        self.raw = raw
        self._types()
        self._sense(report)

    def _types(self):
        raw = self.raw
        wanted = {
            "areas",
            "crew",
            "draw",
            "entropy",
            "initiating",
            "mode",
            "number",
            "previous",
            "spec",
            "strata",
        }
        if not isinstance(raw, dict) or set(raw) != wanted:
            raise Stop("rules.json", "项目不全或有多余", "not the entries agreed")
        for name, least in (("areas", 1), ("crew", 1), ("strata", 0)):
            counts = raw[name]
            if not isinstance(counts, dict) or not counts:
                raise Stop("rules.json", f"{name} 为空或类型不对", f"{name} is empty or of a wrong type")
            for key, count in counts.items():
                if type(count) is not int or count < least or not key or forbidden(key, False):
                    raise Stop(
                        "rules.json",
                        f"{name} 中 {show(key)} 的值 {show(count)} 不可用",
                        f"{name}: {show(key)} has the unusable value {show(count)}",
                    )
        for name in ("draw", "initiating", "mode", "previous", "spec"):
            if not isinstance(raw[name], str) or forbidden(raw[name], name == "draw"):
                raise Stop("rules.json", f"{name} 不是文本", f"{name} is not a plain text")
        if not isinstance(raw["entropy"], list) or not all(
            isinstance(source, str) and source and not forbidden(source, False) for source in raw["entropy"]
        ):
            raise Stop("rules.json", "entropy 不可用", "entropy is unusable")
        if type(raw["number"]) is not int:
            raise Stop("rules.json", "number 不是整数", "number is no integer")
        if sum(raw["strata"].values()) > MAX_DRAWN:
            raise Stop("rules.json", "抽取数过大，本程序不核验", "more targets than this program checks")
        self.areas, self.crew, self.strata = raw["areas"], raw["crew"], raw["strata"]
        self.initiating, self.sources = raw["initiating"], raw["entropy"]

    def _sense(self, report):
        raw = self.raw

        def bad(zh, en):
            report.differ("rules.json", 1, zh, en)

        if raw["spec"] != SPEC:
            bad(f"规则版本应为 {SPEC}", f"spec should be {SPEC}")
        if not raw["draw"]:
            bad("缺抽取编号", "the draw has no ID")
        if raw["mode"] not in ("official", "practice"):
            bad("mode 应为 official 或 practice", "mode should be official or practice")
        if raw["number"] < 1:
            bad("number 应从 1 起", "number should be 1 or more")
        if not (HEX64.fullmatch(raw["previous"]) if raw["number"] > 1 else raw["previous"] == ""):
            bad("previous 与 number 不相符", "previous does not go with number")
        if raw["initiating"] not in raw["crew"]:
            bad("发起部门不在 crew 中", "the initiating department is not in crew")
        witnesses = []
        for source in raw["entropy"]:
            kind, colon, name = source.partition(":")
            if (
                kind not in VALUE
                or not colon
                or not name
                or (kind != "witness" and not re.fullmatch(r"\S.* \S+", name))
            ):
                bad(f"随机来源 {show(source)} 不可用", f"the source {show(source)} is unusable")
            elif kind == "witness":
                witnesses.append(name)
                if name not in raw["crew"]:
                    bad(
                        f"见证部门 {show(name)} 不在 crew 中",
                        f"the witness's department {show(name)} is not in crew",
                    )
        if not raw["entropy"]:
            bad("没有随机来源", "there is no source of entropy")
        if raw["mode"] == "official" and len(set(witnesses)) < 2:
            bad("正式抽取至少要有两个不同部门的见证人", "an official draw needs witnesses of two departments")


Person = collections.namedtuple("Person", "certificate department areas lead")


def read_roster(bundle, rules):
    report, people = bundle.report, {}
    for number, (certificate, department, areas, lead) in bundle.rows("roster.tsv", 4, may_hold_commas=(2,)):
        where = areas.split(",")
        if len(people) >= MAX_ROSTER:
            raise Stop("roster.tsv", "人员过多，本程序不核验", "more inspectors than this program checks")
        if certificate in people:
            report.differ(
                "roster.tsv", number, f"证号 {show(certificate)} 重复", f"{show(certificate)} twice"
            )
            continue
        if certificate != normalised(certificate):
            report.differ("roster.tsv", number, "证号未规范化", "the certificate is not normalised")
        if lead not in ("0", "1"):
            report.differ("roster.tsv", number, "lead 应为 0 或 1", "lead should be 0 or 1")
        if where != sorted(set(where)):
            report.differ("roster.tsv", number, "区域未排序或重复", "areas are not sorted or not different")
        unknown = [area for area in where if area not in rules.areas]
        if unknown:
            report.differ(
                "roster.tsv", number, f"未知区域 {show(unknown[0])}", f"unknown area {show(unknown[0])}"
            )
        if department not in rules.crew:
            report.differ(
                "roster.tsv", number, f"未知部门 {show(department)}", f"unknown department {show(department)}"
            )
            continue
        people[certificate] = Person(certificate, department, frozenset(where), lead == "1")
    return people


def check_sums(bundle):
    """SHA256SUMS against the files; the commitment."""
    report = bundle.report
    found = bundle.small("SHA256SUMS")
    wanted = [f"{bundle.sha256(name)}  {name}" for name in FIXED]
    have = found.decode("utf-8", "replace").split("\n")
    for number, line in enumerate(wanted, 1):
        if number > len(have) or have[number - 1] != line:
            name = line[66:]
            report.expected("SHA256SUMS", number, line, have[number - 1] if number <= len(have) else "")
            report.differ(
                name, None, "内容与承诺的 SHA-256 不符", "not the content whose SHA-256 was committed"
            )
    if found != ("\n".join(wanted) + "\n").encode():
        report.differ("SHA256SUMS", None, "与六个文件的实际哈希不一致", "not the hashes of the six files")
    return sha(found)


def is_foreign(bundle):
    """Whether the provincial platform drew it: its own rules say so."""
    try:
        return json.loads(bundle.small("rules.json").decode("utf-8")).get("mode") == "platform"
    except (ValueError, RecursionError, AttributeError):
        return False


def check_foreign(bundle):
    """What can be checked of a draw that was brought in by file: nothing in it was changed since. The commitment."""
    report, found = bundle.report, bundle.small("SHA256SUMS")
    report.foreign = True
    names = [name for name in sorted(FIXED + AT_ONCE + [CEREMONY]) if bundle.has(name)]
    if found != "".join(f"{bundle.sha256(name)}  {name}\n" for name in names).encode():
        report.differ("SHA256SUMS", None, "与文件的实际哈希不一致", "not the hashes of the files")
    report.note(
        "抽取由省级平台进行，本包没有随机来源，无法复算；这里只核对了文件未被改动",
        "the provincial platform drew it and the bundle has no source of chance: only that no file was changed is checked",
    )
    report.fact("抽中对象", "targets drawn", sum(1 for _ in bundle.raw("drawn.tsv")))
    return sha(found)


def check_entropy(bundle, rules, commitment):
    """The values meet their formats, the reveals their pledges; the seed."""
    report = bundle.report
    data = bundle.small("entropy.txt")
    values = [value for _, value in bundle.lines("entropy.txt")]
    if len(values) != len(rules.sources):
        report.differ(
            "entropy.txt",
            None,
            f"应有 {len(rules.sources)} 行，实有 {len(values)} 行",
            f"{len(rules.sources)} rows expected, {len(values)} found",
        )
    revealed = []
    for number, (source, value) in enumerate(zip(rules.sources, values), 1):
        kind = source.partition(":")[0]
        if kind in VALUE and not VALUE[kind].fullmatch(value):
            report.differ(
                "entropy.txt", number, f"{show(source)} 的值格式不对", f"not a value of {show(source)}"
            )
        if kind == "witness":
            revealed.append((source, value))
    pledged = 0
    for number, (source, pledge) in bundle.rows("pledges.tsv", 2, in_order=False):
        pledged += 1
        if number > len(revealed):
            report.differ("pledges.tsv", number, "多余的一行", "one row too many")
            continue
        wanted, value = revealed[number - 1]
        if source != wanted:
            report.expected("pledges.tsv", number, wanted, source)
        if pledge != sha(f"{commitment}\n{value}\n".encode("utf-8", "surrogatepass")):
            report.differ(
                "pledges.tsv",
                number,
                f"{show(wanted)} 揭示的值与其预先承诺不符",
                f"the value revealed by {show(wanted)} does not meet its pledge",
            )
    if pledged < len(revealed):
        report.differ(
            "pledges.tsv",
            None,
            f"应有 {len(revealed)} 行，实有 {pledged} 行",
            f"{len(revealed)} rows expected, {pledged} found",
        )
    return hashlib.sha256(f"{SPEC}\n{rules.raw['draw']}\n{commitment}\n".encode() + data).digest()


class Sampler:
    """Keeps the smallest tickets of each stratum, never much more than it needs."""

    def __init__(self, seed, rules, spare):
        self.prefix = seed + b"T"
        self.need = {stratum: count + spare for stratum, count in rules.strata.items()}
        self.kept = {stratum: [] for stratum in rules.strata}
        self.limit = {stratum: b"\xff" * 33 for stratum in rules.strata}
        self.size = collections.Counter()

    def offer(self, target, stratum, area):
        self.size[stratum] += 1
        ticket = hashlib.sha256(self.prefix + target.encode()).digest()
        if ticket < self.limit[stratum]:
            kept = self.kept[stratum]
            kept.append((ticket, target, area))
            if len(kept) > 2 * self.need[stratum] + 1000:
                self._trim(stratum)

    def _trim(self, stratum):
        kept = self.kept[stratum]
        kept.sort()
        del kept[self.need[stratum] :]
        self.limit[stratum] = kept[-1][0] if kept else b""

    def ordered(self, stratum):
        self._trim(stratum)
        return self.kept[stratum]


def draw_targets(bundle, rules, seed, spare):
    """Section 3: the drawn in order of rank and, by stratum, the beginning of the reserve."""
    report, sampler, last = bundle.report, Sampler(seed, rules, spare), None
    for number, (target, stratum, area) in bundle.rows("pool.tsv", 3):
        if target == last:
            report.differ("pool.tsv", number, f"对象 {show(target)} 重复", f"{show(target)} twice")
            continue
        last = target
        if not ID.fullmatch(target):
            report.differ("pool.tsv", number, f"编号 {show(target)} 格式不对", f"{show(target)} is no id")
        if area not in rules.areas:
            report.differ(
                "pool.tsv", number, f"区域 {show(area)} 没有抽查组", f"no team for the area {show(area)}"
            )
            continue
        if stratum not in rules.strata:
            report.differ("pool.tsv", number, f"未知层 {show(stratum)}", f"unknown stratum {show(stratum)}")
            continue
        sampler.offer(target, stratum, area)
    drawn, reserve = [], {}
    for stratum, count in rules.strata.items():
        if count > sampler.size[stratum]:
            report.differ(
                "rules.json",
                1,
                f"层 {show(stratum)} 应抽 {count} 户，只有 {sampler.size[stratum]} 户",
                f"stratum {show(stratum)}: {count} to draw, only {sampler.size[stratum]} there",
            )
        order = sampler.ordered(stratum)
        drawn += [(ticket, target, stratum, area) for ticket, target, area in order[:count]]
        reserve[stratum] = collections.deque((target, area) for _, target, area in order[count:])
    drawn.sort()
    compare_in_place(
        bundle,
        "drawn.tsv",
        (
            f"{rank}\t{stratum}\t{target}\t{ticket.hex()}"
            for rank, (ticket, target, stratum, _) in enumerate(drawn, 1)
        ),
    )
    return drawn, reserve


def compare_in_place(bundle, name, wanted):
    """Row by row, where the position itself says what belongs there."""
    report, found = bundle.report, bundle.lines(name)
    row = 0
    for row, want in enumerate(wanted, 1):
        _, have = next(found, (row, None))
        if have is None:
            report.differ(name, row, f"缺 {show(want)}", f"missing {show(want)}")
        elif have != want:
            report.expected(name, row, want, have)
    for number, have in found:
        report.differ(name, number, f"多出 {show(have)}", f"{show(have)} is one too many")


def compare_sorted(bundle, name, width, wanted):
    """Rows sorted by bytes: which are missing, which are too many."""
    report, missing = bundle.report, set(wanted)
    for number, fields in bundle.rows(name, width):
        row = "\t".join(fields)
        if row in missing:
            missing.discard(row)
        else:
            report.differ(name, number, f"多出 {show(row)}", f"{show(row)} does not follow from the draw")
    for row in sorted(missing):
        report.differ(name, None, f"缺 {show(row)}", f"missing {show(row)}")


def known_ids(bundle, name, width, known, problem):
    """Goes through a table sorted by id beside a sorted stream of known ids; yields the rows."""
    ids = iter(known)
    here = next(ids, None)
    for number, fields in bundle.rows(name, width):
        while here is not None and here < fields[0]:
            here = next(ids, None)
        if here != fields[0]:
            problem(number, fields)
        yield number, fields


def pool_ids(bundle):
    return (fields[0] for _, fields in bundle.rows("pool.tsv", 3))


def read_recusals(bundle, people, wanted):
    """id -> certificates, for the ids in `wanted`; every row is checked against pool and roster."""
    report, recused, last, kept = bundle.report, {}, None, 0

    def unknown(number, fields):
        report.differ(
            "recusals.tsv",
            number,
            f"对象 {show(fields[0])} 不在抽查库中",
            f"{show(fields[0])} is not in the pool",
        )

    for number, (target, certificate, ground) in known_ids(
        bundle, "recusals.tsv", 3, pool_ids(bundle), unknown
    ):
        if (target, certificate) == last:
            report.differ("recusals.tsv", number, "同一对人员与对象重复", "the same pair twice")
        last = (target, certificate)
        if certificate not in people:
            report.differ(
                "recusals.tsv",
                number,
                f"证号 {show(certificate)} 不在人员库中",
                f"{show(certificate)} is not in the roster",
            )
        if ground not in ("self", "register", "entity"):
            report.differ(
                "recusals.tsv", number, f"回避理由 {show(ground)} 不可用", f"{show(ground)} is no ground"
            )
        if target in wanted:
            recused.setdefault(target, set()).add(certificate)
            kept += 1
            if kept > MAX_KEPT:
                raise Stop("recusals.tsv", "回避过多，本程序不核验", "more recusals than this program checks")
    return recused


def check_exclusions(bundle, people):
    report = bundle.report
    ids = pool_ids(bundle)
    here = next(ids, None)
    for number, (subject, _) in bundle.rows("exclusions.tsv", 2):
        while here is not None and here < subject:
            here = next(ids, None)
        if here == subject or subject in people:
            report.differ(
                "exclusions.tsv",
                number,
                f"{show(subject)} 既被排除又可被抽取",
                f"{show(subject)} is left out and yet may be drawn",
            )


def read_holds(bundle, opened):
    """Which of the `opened` seals are in holds.tsv; the form of every row."""
    report, found, count = bundle.report, set(), 0
    for number, (seal,) in bundle.rows("holds.tsv", 1):
        count += 1
        if not HEX64.fullmatch(seal):
            report.differ("holds.tsv", number, "不是 SHA-256", "not a SHA-256")
        if seal in opened:
            found.add(seal)
    if count % 10:
        report.differ("holds.tsv", None, f"行数 {count} 不是十的倍数", f"{count} rows are no multiple of ten")
    return found


def check_keys(bundle):
    """The full edition: every id comes from its salt and code, and none is missing."""
    report = bundle.report

    def left_out():
        last = None
        for _, (subject, _) in bundle.rows("exclusions.tsv", 2):
            if subject != last and ID.fullmatch(subject) and subject != normalised(subject):
                last = subject
                yield subject

    def needed():
        first, second = pool_ids(bundle), left_out()
        one, two = next(first, None), next(second, None)
        while one is not None or two is not None:
            if two is None or (one is not None and one < two):
                yield one
                one = next(first, None)
            else:
                yield two
                two = next(second, None)

    ids = needed()
    here = next(ids, None)
    rows = 0
    for number, (target, salt, code) in bundle.rows(KEYS, 3):
        rows += 1
        while here is not None and here < target:
            report.differ(KEYS, None, f"缺 {show(here)}", f"missing {show(here)}")
            here = next(ids, None)
        if here == target:
            here = next(ids, None)
        else:
            report.differ(
                KEYS,
                number,
                f"{show(target)} 不在抽查库或排除名单中",
                f"{show(target)} is neither in the pool nor left out",
            )
        if not re.fullmatch(r"[0-9a-f]{32}", salt):
            report.differ(KEYS, number, "盐不是 16 字节的十六进制", "the salt is not 16 bytes in hex")
            continue
        digest = hashlib.sha256(bytes.fromhex(salt) + code.encode()).digest()[:16]
        if base64.urlsafe_b64encode(digest).decode().rstrip("=") != target:
            report.differ(
                KEYS, number, f"盐与代码算不出 {show(target)}", f"salt and code do not give {show(target)}"
            )
        if code != normalised(code):
            report.differ(KEYS, number, "代码未规范化", "the code is not normalised")
    while here is not None:
        report.differ(KEYS, None, f"缺 {show(here)}", f"missing {show(here)}")
        here = next(ids, None)
    check_codes_once(bundle, rows)


def check_codes_once(bundle, rows):
    """No code under two ids, a share of the codes at a time so that memory stays bounded."""
    passes = rows // 1_000_000 + 1
    for turn in range(passes):
        seen = set()
        for number, (_, _, code) in bundle.rows(KEYS, 3):
            mark = hashlib.sha256(code.encode()).digest()[:12]
            if int.from_bytes(mark[:4], "big") % passes != turn:
                continue
            if mark in seen:
                bundle.report.differ(KEYS, number, f"代码 {show(code)} 重复", f"the code {show(code)} twice")
            seen.add(mark)


# ---- section 4: who, and where -------------------------------------------------------------------------------


class Benches:
    """Seats of one department. A bench is the alike seats of one area; a sort is alike inspectors."""

    def __init__(self, rules, department):
        self.benches = []
        for area in sorted(rules.areas):
            teams, seats = rules.areas[area], rules.areas[area] * rules.crew[department]
            if department == rules.initiating:
                self.benches.append((area, True, teams))
                seats -= teams
            if seats:
                self.benches.append((area, False, seats))
        self.total = sum(bench[2] for bench in self.benches)
        self.leading = department == rules.initiating

    def sort_of(self, person):
        return (person.areas, person.lead and self.leading)

    def suits(self, sort, bench):
        return self.benches[bench][0] in sort[0] and (sort[1] or not self.benches[bench][1])


class Arrangement:
    """Some inspectors on benches: table[bench][sort] of them. Grows by one, or gives up one seat for good."""

    def __init__(self, benches):
        self.benches = benches
        self.room = [bench[2] for bench in benches.benches]
        self.table = [collections.Counter() for _ in self.room]
        self.doors = {}

    def open_for(self, sort):
        if sort not in self.doors:
            count = len(self.room)
            self.doors[sort] = [bench for bench in range(count) if self.benches.suits(sort, bench)]
        return self.doors[sort]

    def chain(self, starts, is_end):
        """Breadth first from benches where one more must sit to a bench that can end it; None if there is none."""
        via = {bench: None for bench in starts}
        waiting = collections.deque(starts)
        tried = set()
        while waiting:
            bench = waiting.popleft()
            if is_end(bench):
                moves = []
                while via[bench] is not None:
                    origin, sort = via[bench]
                    moves.append((sort, origin, bench))
                    bench = origin
                return bench, moves
            for sort in self.table[bench]:
                if sort in tried:
                    continue
                tried.add(sort)
                for target in self.open_for(sort):
                    if target not in via:
                        via[target] = (bench, sort)
                        waiting.append(target)
        return None

    def shift(self, moves):
        for sort, origin, target in moves:
            self.move(origin, sort, -1)
            self.move(target, sort, +1)

    def move(self, bench, sort, by):
        self.table[bench][sort] += by
        if not self.table[bench][sort]:
            del self.table[bench][sort]

    def seat_one(self, sort):
        """Room for one more of this sort, if need be by moving others along."""
        found = self.chain(self.open_for(sort), lambda bench: self.room[bench] > 0)
        if found is None:
            return False
        first, moves = found
        last = moves[0][2] if moves else first
        self.shift(moves)
        self.move(first, sort, +1)
        self.room[last] -= 1
        return True

    def give(self, bench, sort):
        """A seat of `bench` goes to one of `sort` for good, if everybody else still finds a seat."""
        found = self.chain([bench], lambda other: sort in self.table[other])
        if found is None:
            return False
        _, moves = found
        last = moves[0][2] if moves else bench
        self.shift(moves)
        self.move(last, sort, -1)
        return True


def choose_people(benches, people):
    """Who: by ticket, everyone who fits beside those kept before."""
    arrangement, hopeless, kept = Arrangement(benches), set(), []
    for person in people:
        if len(kept) == benches.total:
            break
        sort = benches.sort_of(person)
        if sort in hopeless:
            continue
        if arrangement.seat_one(sort):
            kept.append(person)
        else:
            hopeless.add(sort)
    return kept, arrangement


def place_people(benches, kept, arrangement):
    """Where: each seat the smallest ticket that leaves a complete seating of the rest."""
    waiting = {}
    for rank, person in enumerate(kept):
        waiting.setdefault(benches.sort_of(person), collections.deque()).append((rank, person))
    for bench, (area, leader, seats) in enumerate(benches.benches):
        ruled_out = set()
        suited = [sort for sort in waiting if benches.suits(sort, bench)]
        for seat in range(seats):
            for _, sort in sorted((waiting[s][0][0], i) for i, s in enumerate(suited) if waiting[s]):
                sort = suited[sort]
                if sort in ruled_out:
                    continue
                if arrangement.give(bench, sort):
                    yield area, leader, seat, waiting[sort].popleft()[1]
                    break
                ruled_out.add(sort)


class Seat:
    __slots__ = ("area", "team", "department", "leader", "holder")

    def __init__(self, area, team, department, leader, holder):
        self.area, self.team, self.department, self.leader, self.holder = (
            area,
            team,
            department,
            leader,
            holder,
        )


def seat_everybody(bundle, rules, seed, people):
    """Section 4 for all departments; compares teams.tsv; the seats, or None if they cannot be filled."""
    report, seats, complete = bundle.report, [], True
    by_ticket = sorted(
        people.values(), key=lambda p: hashlib.sha256(seed + b"I" + p.certificate.encode()).digest()
    )
    own = collections.defaultdict(list)
    for person in by_ticket:
        own[person.department].append(person)
    teams = sum(rules.areas.values())
    for department in sorted(rules.crew):
        total, kept = teams * rules.crew[department], []
        if len(own[department]) >= total:
            benches = Benches(rules, department)
            kept, arrangement = choose_people(benches, own[department])
        if len(kept) < total:
            report.differ(
                "roster.tsv",
                None,
                f"部门 {show(department)} 的 {total} 个席位坐不满",
                f"department {show(department)} cannot fill its {total} seats",
            )
            complete = False
            continue
        for area, leader, number, person in place_people(benches, kept, arrangement):
            seats.append(Seat(area, number % rules.areas[area] + 1, department, leader, person.certificate))
    if not complete:
        return None, by_ticket
    compare_sorted(
        bundle,
        "teams.tsv",
        5,
        (f"{seat.area}\t{seat.team}\t{seat.department}\t{seat.holder}\t{int(seat.leader)}" for seat in seats),
    )
    return seats, by_ticket


# ---- sections 3, 5 and 6: what happens with the teams --------------------------------------------------------


class Course:
    """Who sits where and which team has which target, as it changes row by row."""

    def __init__(self, bundle, rules, seed, seats, by_ticket, recused):
        self.bundle, self.report, self.rules, self.seed = bundle, bundle.report, rules, seed
        self.recused = recused
        self.seats = seats
        self.seat_of = {seat.holder: seat for seat in seats}
        self.left = {}
        self.team_seats = collections.defaultdict(list)
        for seat in seats:
            self.team_seats[seat.area, seat.team].append(seat)
        self.idle_order = collections.defaultdict(list)
        for person in by_ticket:
            self.idle_order[person.department].append(person)
        self.loads = {area: [0] * (teams + 1) for area, teams in rules.areas.items()}
        self.team_of = {}
        self.targets = collections.defaultdict(set)
        self.covers = collections.defaultdict(dict)
        self.visited = collections.defaultdict(set)
        self.owed = {}
        self.settled = False

    def match(self, target, area):
        """Section 5 for one target."""
        loads, recused = self.loads[area], self.recused.get(target, ())
        barred = collections.defaultdict(list)
        for certificate in recused:
            seat = self.seat_of.get(certificate)
            if seat is not None and seat.area == area:
                barred[seat.team].append(seat)
        teams = [team for team in range(1, len(loads)) if team not in barred] or list(range(1, len(loads)))
        lightest = min(loads[team] for team in teams)
        teams = [team for team in teams if loads[team] == lightest]
        team = teams[0]
        if len(teams) > 1:
            team = min(teams, key=lambda t: hashlib.sha256(self.seed + f"M{target}\t{t}".encode()).digest())
        loads[team] += 1
        self.team_of[target] = (area, team)
        self.targets[area, team].add(target)
        for seat in barred.get(team, ()):
            self.owed[target, seat.holder] = (area, team)
        return team

    def match_drawn(self, drawn):
        rows = []
        for _, target, _, area in sorted(drawn, key=lambda one: (one[3], one[0])):
            rows.append(f"{target}\t{area}\t{self.match(target, area)}")
        compare_sorted(self.bundle, "matches.tsv", 3, rows)

    def forget(self, target):
        area, team = self.team_of.pop(target)
        self.loads[area][team] -= 1
        self.targets[area, team].discard(target)
        self.covers.pop(target, None)
        for pair in [pair for pair in self.owed if pair[0] == target]:
            del self.owed[pair]

    def reassign(self, number, row):
        """A target that people gave to another team of its area: allowed, never recomputed."""
        report = self.report
        if self.team_of.get(row.target) != (row.area, row.team):
            report.differ(
                REASSIGNED,
                number,
                f"对象 {show(row.target)} 不由该组检查",
                f"{show(row.target)} is not this team's target",
            )
            return
        seats = self.team_seats.get((row.area, row.to))
        if seats is None or row.to == row.team:
            report.differ(
                REASSIGNED,
                number,
                f"{show(row.area)} 没有另外的第 {row.to} 组",
                f"no other team {row.to} in {show(row.area)}",
            )
            return
        for certificate in sorted(self.recused.get(row.target, ())):
            seat = self.seat_of.get(certificate)
            if seat is not None and (seat.area, seat.team) == (row.area, row.to):
                report.differ(
                    REASSIGNED,
                    number,
                    f"{show(certificate)} 对 {show(row.target)} 应当回避",
                    f"{show(certificate)} is recused for {show(row.target)}",
                )
        self.forget(row.target)
        self.loads[row.area][row.to] += 1
        self.team_of[row.target] = (row.area, row.to)
        self.targets[row.area, row.to].add(row.target)

    # -- substitution --

    def substitute(self, number, row, outgoing):
        """Section 6 for one row. `outgoing`: everybody who falls out at this instant."""
        report, name = self.report, "substitutions.tsv"
        seat = self.outgoing_seat(number, row)
        if seat is None:
            return
        if row.department != seat.department:
            report.expected(name, number, seat.department, row.department)
        concerned = self.targets[seat.area, seat.team] if row.ids == ["*"] else set(row.ids)
        candidates = [
            person
            for person in self.idle_order[seat.department]
            if person.certificate not in self.seat_of
            and seat.area in person.areas
            and (person.lead or not seat.leader)
        ]
        skippable = set(outgoing)
        if row.ids != ["*"]:
            skippable |= {sub for target in row.ids for sub in self.covers[target].values()}
        self.check_passed(number, row, candidates, skippable, concerned)
        self.take_effect(row, seat)

    def outgoing_seat(self, number, row):
        """The seat concerned, or None (and a complaint) if there is none."""
        report, name = self.report, "substitutions.tsv"
        here = self.team_seats.get((row.area, row.team))
        if here is None:
            report.differ(
                name,
                number,
                f"没有 {show(row.area)} 第 {row.team} 组",
                f"no team {row.team} in {show(row.area)}",
            )
            return None
        if row.ids == ["*"]:
            seat = self.seat_of.get(row.out) or self.left.get(row.out)
        else:
            if not row.ids or row.ids != sorted(set(row.ids)):
                report.differ(name, number, "对象未排序或重复", "ids are not sorted or not different")
            strangers = [t for t in row.ids if self.team_of.get(t) != (row.area, row.team)]
            if strangers:
                report.differ(
                    name,
                    number,
                    f"对象 {show(strangers[0])} 不由该组检查",
                    f"{show(strangers[0])} is not this team's target",
                )
                return None
            serving = [
                seat for seat in here if all(self.serves(seat, target) == row.out for target in row.ids)
            ]
            standing_in = [seat for seat in serving if seat.holder != row.out]
            seat = (standing_in + serving)[0] if serving else None
        if seat is None or (seat.area, seat.team) != (row.area, row.team):
            report.differ(
                name, number, f"{show(row.out)} 不在该组席位上", f"{show(row.out)} has no seat in this team"
            )
            return None
        return seat

    def serves(self, seat, target):
        cover = self.covers[target].get(id(seat), "-") if target in self.covers else "-"
        return seat.holder if cover == "-" else cover

    def check_passed(self, number, row, candidates, skippable, concerned):
        """Everyone with a smaller ticket than the one who came in is named with a reason, and nobody else."""
        report, name = self.report, "substitutions.tsv"
        team = (row.area, row.team)
        queue = collections.deque(person.certificate for person in candidates)

        def up_to(certificate):
            while queue and queue[0] != certificate and queue[0] in skippable:
                queue.popleft()
            if queue and queue[0] == certificate:
                queue.popleft()
                return True
            return False

        for certificate, reason in row.passed:
            if not PASSED.fullmatch(reason):
                report.differ(
                    name,
                    number,
                    f"跳过理由 {show(reason)} 不可用",
                    f"{show(reason)} is no reason to pass over",
                )
            if not up_to(certificate):
                wanted = queue[0] if queue else "-"
                report.differ(
                    name,
                    number,
                    f"按抽取号此处应为 {show(wanted)}，实为 {show(certificate)}",
                    f"by ticket {show(wanted)} comes here, not {show(certificate)}",
                )
                return
            if reason == "recused" and not any(
                certificate in self.recused.get(target, ()) for target in concerned - self.visited[team]
            ):
                report.differ(
                    name,
                    number,
                    f"{show(certificate)} 并无须回避的对象",
                    f"{show(certificate)} is not recused here",
                )
        if row.incoming == "-":
            while queue and queue[0] in skippable:
                queue.popleft()
            if queue:
                report.differ(
                    name, number, f"{show(queue[0])} 未被考虑", f"{show(queue[0])} was not considered"
                )
            return
        if not up_to(row.incoming):
            report.expected(name, number, queue[0] if queue else "-", row.incoming)
            return
        clash = sorted(t for t in concerned - self.visited[team] if row.incoming in self.recused.get(t, ()))
        if clash and (row.ids != ["*"] or len(clash) == len(concerned)):
            report.differ(
                name,
                number,
                f"{show(row.incoming)} 对 {show(clash[0])} 应当回避",
                f"{show(row.incoming)} is recused for {show(clash[0])}",
            )
        elif clash:
            self.visited[team].update(clash)
            report.note(
                f"{name} 第{number}行: 只有 {show(','.join(clash))} 在更换前已检查完毕，{show(row.incoming)} 才可接任",
                f"row {number}: right only if {show(','.join(clash))} had been visited before",
            )

    def take_effect(self, row, seat):
        for target in list(row.ids):
            self.owed.pop((target, row.out), None)
        if row.ids != ["*"]:
            for target in row.ids:
                self.covers[target][id(seat)] = row.incoming
            return
        for target in self.targets[row.area, row.team]:
            self.owed.pop((target, row.out), None)
        self.seat_of.pop(row.out, None)
        self.left.pop(row.out, None)
        seat.holder = row.incoming
        if row.incoming == "-":
            self.left[row.out] = seat
        else:
            self.seat_of[row.incoming] = seat


Given = collections.namedtuple("Given", "number at account evidence")


def comes_out(source):
    """When an outside source's value comes out, as the source itself says; None where it does not say."""
    found = ROUND.fullmatch(source)
    if found:
        genesis, period = DRAND.get(found.group(1), (None, None))
        return None if genesis is None else (genesis + (int(found.group(2)) - 1) * period, "0" * 9)
    found = OFFICIAL_LOTTERY.fullmatch(source)
    return moment(found.group(1)) if found else None


def read_ceremony(bundle, rules):
    """{(source, act): who gave it, when}."""
    report, given = bundle.report, {}
    for number, (source, act, time, account, evidence) in bundle.rows(CEREMONY, 5):
        acts = ("pledge", "value") if source.startswith("witness:") else ("value", "confirm")
        at = moment(time)
        if source not in rules.sources or act not in acts or (source, act) in given:
            report.differ(
                CEREMONY,
                number,
                f"{show(source)} {show(act)} 不应出现",
                f"{show(source)} {show(act)} has no place",
            )
        elif at is None:
            report.differ(CEREMONY, number, "时间格式不对", "not a time with offset")
        else:
            given[source, act] = Given(number, at, account, evidence)
    for source in rules.sources:
        for act in ("pledge", "value") if source.startswith("witness:") else ("value",):
            if (source, act) not in given:
                report.differ(CEREMONY, None, f"缺 {show(source)} {act}", f"{show(source)} {act} is missing")
    return given


def check_ceremony(bundle, rules):
    """Who gave what, when: nobody for another, no value before all pledges, what is outside comes last."""
    report, official = bundle.report, rules.raw["mode"] == "official"
    outside = [source for source in rules.sources if not source.startswith("witness:")]
    if not bundle.has(CEREMONY):
        report.note(
            "本包没有 ceremony.tsv：未载明随机数由谁、何时录入",
            "without ceremony.tsv nothing says who entered the values, and when",
        )
    if official and not outside:
        report.note(
            "没有外部随机数：掌握全部见证值的人可以选择结果",
            "no value from outside: whoever knew every witness's value could choose the outcome",
        )
    if not official:
        report.note(
            "演练：随机数可由一人代录，不能证明结果是随机的",
            "a rehearsal: one hand may have typed every value; it proves nothing about chance",
        )
    if not bundle.has(CEREMONY):
        return
    given = read_ceremony(bundle, rules)
    pledged = [row.at for (_, act), row in given.items() if act == "pledge"]
    revealed = [
        (source, row) for (source, act), row in given.items() if act == "value" and source not in outside
    ]
    for source, row in revealed:
        if pledged and row.at < max(pledged):
            report.differ(CEREMONY, row.number, "早于最后一个封存值", "before the last pledge")
    if official:
        check_witnesses(report, given, revealed)
        for number, source in enumerate(rules.sources):
            if source in outside:
                check_outside(bundle, given, revealed, source, number)


def check_witnesses(report, given, revealed):
    """Official: each from an account of the department's own, the same for pledge and value."""
    accounts = collections.Counter(row.account for _, row in revealed)
    for source, row in revealed:
        department = source.partition(":")[2]
        before = given.get((source, "pledge"))
        role = row.account.partition(":")[0]
        own = row.account == f"head:{department}" or role == "inspector"
        if row.evidence != "own" or not own or (before and before.evidence != "own"):
            report.differ(
                CEREMONY,
                row.number,
                f"{show(source)} 不是由见证人本人账号交出",
                f"{show(source)} was not given from the witness's own account",
            )
        elif (before and before.account != row.account) or accounts[row.account] > 1:
            report.differ(
                CEREMONY,
                row.number,
                f"{show(source)} 的账号前后不一或代表多方",
                f"the account of {show(source)} changed or speaks for several",
            )


def check_outside(bundle, given, revealed, source, number):
    """Official: it came out after the last reveal; a beacon's signature gives the value, a lottery's two read."""
    report, row, out = bundle.report, given.get((source, "value")), comes_out(source)
    if row is None:
        return
    if out is None:
        report.differ(
            CEREMONY,
            row.number,
            f"{show(source)} 没有载明产生时间",
            f"{show(source)} does not say when it comes out",
        )
        return
    if row.at < out:
        report.differ(CEREMONY, row.number, "录入早于产生时间", "entered before it came out")
    for _, other in revealed:
        if other.at >= out:
            report.differ(
                CEREMONY,
                other.number,
                f"揭示不早于 {show(source)} 的产生时间",
                f"revealed when {show(source)} was out already",
            )
    confirm = given.get((source, "confirm"))
    values = [value for _, value in bundle.lines("entropy.txt")]
    value = values[number] if number < len(values) else ""
    if source.startswith("beacon:"):
        signature = row.evidence if re.fullmatch(r"[0-9a-f]{96}|[0-9a-f]{192}", row.evidence) else ""
        if sha(bytes.fromhex(signature)) != value:
            report.differ(
                CEREMONY,
                row.number,
                f"签名的 SHA-256 不是 {show(source)} 的值",
                f"the signature's SHA-256 is not the value of {show(source)}",
            )
        report.note(
            f"{show(source)} 的签名本程序未核验，请与任一 drand 站点该轮的内容对照",
            f"the signature of {show(source)} is not checked here: compare the round at any drand site",
        )
    elif confirm is None or confirm.account == row.account or confirm.at < row.at:
        report.differ(
            CEREMONY,
            row.number,
            f"{show(source)} 没有第二人核对",
            f"{show(source)} was not confirmed by a second person",
        )
    else:
        report.note(
            f"{show(source)} 由 {show(row.account)} 和 {show(confirm.account)} 分别录入，请与公布的结果对照",
            f"{show(source)} was read by {show(row.account)} and {show(confirm.account)}: compare it with the published result",
        )


Removal = collections.namedtuple("Removal", "target ground document salt replacement area team time at")
Substitution = collections.namedtuple(
    "Substitution", "area team ids out incoming passed reason department time at"
)


def read_removals(bundle):
    report, found, last = bundle.report, [], None
    for number, row in bundle.rows("removals.tsv", 8, in_order=False):
        at = moment(row[7])
        if at is None:
            report.differ("removals.tsv", number, "时间格式不对", "not a time with offset")
            at = last or (0, "")
        if not HEX64.fullmatch(row[2]) or not re.fullmatch(r"[0-9a-f]{32}", row[3]):
            report.differ("removals.tsv", number, "文件哈希或盐格式不对", "no hash or salt")
            continue
        last = check_time(report, "removals.tsv", number, at, last)
        found.append((number, Removal(*row, at)))
        if number > MAX_EVENTS:
            raise Stop("removals.tsv", "行数过多，本程序不核验", "more rows than this program checks")
    return found


def read_substitutions(bundle):
    report, found, last = bundle.report, [], None
    rows = bundle.rows("substitutions.tsv", 9, may_hold_commas=(2, 5), may_be_empty=(5,), in_order=False)
    for number, row in rows:
        if number > MAX_EVENTS:
            raise Stop("substitutions.tsv", "行数过多，本程序不核验", "more rows than this program checks")
        at = moment(row[8])
        if at is None:
            report.differ("substitutions.tsv", number, "时间格式不对", "not a time with offset")
            at = last or (0, "")
        if row[6] not in ("post", "conflict", "recusal", "other"):
            report.differ(
                "substitutions.tsv", number, f"更换理由 {show(row[6])} 不可用", f"{show(row[6])} is no reason"
            )
        passed = [tuple(item.partition("=")[::2]) for item in row[5].split(",")] if row[5] else []
        last = check_time(report, "substitutions.tsv", number, at, last)
        team = int(row[1]) if NUMBER.fullmatch(row[1]) else 0
        found.append(
            (
                number,
                Substitution(
                    row[0], team, row[2].split(","), row[3], row[4], passed, row[6], row[7], row[8], at
                ),
            )
        )
    return found


Reassignment = collections.namedtuple("Reassignment", "target area team to time at")


def read_reassignments(bundle):
    report, found, last = bundle.report, [], None
    if not bundle.has(REASSIGNED):
        return found
    for number, row in bundle.rows(REASSIGNED, 5, in_order=False):
        if number > MAX_EVENTS:
            raise Stop(REASSIGNED, "行数过多，本程序不核验", "more rows than this program checks")
        at = moment(row[4])
        if at is None:
            report.differ(REASSIGNED, number, "时间格式不对", "not a time with offset")
            at = last or (0, "")
        last = check_time(report, REASSIGNED, number, at, last)
        team, to = (int(text) if NUMBER.fullmatch(text) else 0 for text in row[2:4])
        found.append((number, Reassignment(row[0], row[1], team, to, row[4], at)))
    if not found:
        report.differ(REASSIGNED, None, "空文件不应出现", "an empty file has no place")
    return found


def check_time(report, name, number, at, last):
    if last is not None and at < last:
        report.differ(name, number, "未按时间先后排列", "not in order of time")
        return last
    return at


def seal(row):
    return sha(bytes.fromhex(row.salt) + f"{row.target}\t{row.ground}\t{row.document}".encode())


def follow(course, removals, substitutions, reassignments, reserve, stratum_of, sealed):
    """What happened after the draw, instant by instant: reassignments, removals, then substitutions."""
    instants = collections.defaultdict(lambda: ([], [], []))
    for number, row in removals:
        instants[row.at][0].append((number, row))
    for number, row in substitutions:
        instants[row.at][1].append((number, row))
    for number, row in reassignments:
        instants[row.at][2].append((number, row))
    for at in sorted(instants):
        gone, changed, moved = instants[at]
        for number, row in moved:
            course.reassign(number, row)
        outgoing = collections.defaultdict(set)
        for _, row in changed:
            outgoing[row.department].add(row.out)
        leaving = {row.target for _, row in gone}
        for number, row in changed:
            if not leaving.isdisjoint(row.ids) and all(target in course.team_of for target in row.ids):
                course.substitute(number, row, outgoing[row.department])
        before = set(course.team_of)
        remove_at_once(course, gone, reserve, stratum_of, sealed)
        for number, row in changed:
            if leaving.isdisjoint(row.ids):
                course.substitute(number, row, outgoing[row.department])
            elif not before.issuperset(row.ids) and not set(row.ids) <= leaving:
                course.outgoing_seat(number, row)
    check_order_at_once(course.report, substitutions)
    settle(course, substitutions)


def remove_at_once(course, gone, reserve, stratum_of, sealed):
    """The removals of one instant: by id, a replacement's own after the row that brought it in."""
    brought_in, previous = set(), None
    for number, row in gone:
        if previous is not None and row.target < previous and row.target not in brought_in:
            course.report.differ(
                "removals.tsv", number, "同一时刻未按编号排列", "not in order of id at one instant"
            )
        previous = row.target
        replace_target(course, number, row, reserve, stratum_of, sealed)
        brought_in.add(row.replacement)


def replace_target(course, number, row, reserve, stratum_of, sealed):
    """Section 3: one row of removals.tsv."""
    report, name = course.report, "removals.tsv"
    if seal(row) not in sealed:
        report.differ(name, number, "holds.tsv 中没有对应的密封行", "opens no row of holds.tsv")
    if row.target not in course.team_of:
        report.differ(
            name, number, f"{show(row.target)} 未被抽中或已移除", f"{show(row.target)} is not in play"
        )
        return
    course.forget(row.target)
    stratum = stratum_of[row.target]
    target, area, team = "-", "-", "-"
    if reserve[stratum]:
        target, area = reserve[stratum].popleft()
        stratum_of[target] = stratum
        team = str(course.match(target, area))
    for want, have in ((target, row.replacement), (area, row.area), (team, row.team)):
        if want != have:
            report.expected(name, number, want, have)


def check_order_at_once(report, substitutions):
    """Several of a team at once: by the outgoing certificate's bytes (leaders, who come first, aside)."""
    groups = collections.defaultdict(list)
    for number, row in substitutions:
        groups[row.at, row.area, row.team, row.department, tuple(row.ids)].append((number, row.out))
    for group in groups.values():
        for (_, before), (number, after) in zip(group[1:], group[2:]):
            if after < before:
                report.differ(
                    "substitutions.tsv",
                    number,
                    "同一时刻未按证号排列",
                    "not in order of certificates at one instant",
                )


def settle(course, substitutions):
    """Where every team had a recused member, each of them had to be substituted for that target."""
    for target, certificate in sorted(course.owed):
        zh = f"{show(certificate)} 对 {show(target)} 应当回避，未见更换"
        en = f"{show(certificate)} is recused for {show(target)} and was not substituted"
        if substitutions:
            course.report.differ("substitutions.tsv", None, zh, en)
        else:
            course.report.note(zh, en)


def check(path, expect=()):
    """Everything; a Report."""
    report = Report()
    source = None
    try:
        source = Folder(path, report) if os.path.isdir(path) else Archive(path, report)
        check_bundle(Bundle(source, report), expect)
    except Stop as stop:
        report.differ(stop.file, None, stop.zh, stop.en)
    except (MemoryError, RecursionError):
        report.differ(show(os.path.basename(path)), None, "内容过大", "too large")
    except Exception as error:  # whatever a hostile file provokes, a person gets a sentence
        said = show(f"{type(error).__name__}: {error}")
        report.differ(show(os.path.basename(path)), None, f"无法读取（{said}）", f"cannot be read ({said})")
    finally:
        if source is not None:
            source.close()
    return report


def check_bundle(bundle, expect):
    report = bundle.report
    missing = [name for name in NEEDED if not bundle.has(name)]
    for name in missing:
        report.differ(name, None, "缺此文件", "this file is missing")
    if missing:
        return
    foreign = is_foreign(bundle)
    commitment = check_foreign(bundle) if foreign else check_sums(bundle)
    report.fact("承诺", "commitment", commitment)
    hashes = [commitment]
    for names, zh, en in (
        (AT_ONCE, "抽取结果", "results"),
        (
            AT_ONCE + LATER + [REASSIGNED] * bundle.has(REASSIGNED),
            "结果及后续",
            "results and what followed",
        ),
    ):
        listing = "".join(f"{bundle.sha256(name)}  {name}\n" for name in sorted(names))
        hashes.append(sha(listing.encode()))
        report.fact(zh, en, hashes[-1])
    if bundle.has(CEREMONY):
        hashes.append(bundle.sha256(CEREMONY))
        report.fact("录入经过", "who gave what", hashes[-1])
    for value in expect:
        if value.strip().lower() not in hashes:
            report.differ(
                "--expect",
                None,
                f"{show(value)} 不是本包的哈希",
                f"{show(value)} is none of the hashes of this bundle",
            )
    if not foreign:
        check_draw(bundle, commitment)
    if bundle.has(KEYS):
        check_keys(bundle)


def check_draw(bundle, commitment):
    report = bundle.report
    rules = Rules(bundle)
    people = read_roster(bundle, rules)
    check_exclusions(bundle, people)
    seed = check_entropy(bundle, rules, commitment)
    report.fact("种子", "seed", seed.hex())
    check_ceremony(bundle, rules)
    removals, substitutions = read_removals(bundle), read_substitutions(bundle)
    reassignments = read_reassignments(bundle)
    sealed = read_holds(bundle, {seal(row) for _, row in removals})
    drawn, reserve = draw_targets(bundle, rules, seed, len(removals))
    stratum_of = {target: stratum for _, target, stratum, _ in drawn}
    in_play = set(stratum_of).union(target for queue in reserve.values() for target, _ in queue)
    recused = read_recusals(bundle, people, in_play)
    seats, by_ticket = seat_everybody(bundle, rules, seed, people)
    if seats is None:
        return
    course = Course(bundle, rules, seed, seats, by_ticket, recused)
    course.match_drawn(drawn)
    follow(course, removals, substitutions, reassignments, reserve, stratum_of, sealed)
    if reassignments:
        report.fact("改派对象", "targets reassigned", len(reassignments))
    report.fact("抽中对象", "targets drawn", len(drawn))
    report.fact("抽查组", "teams", sum(rules.areas.values()))


def main(arguments=None):
    parser = argparse.ArgumentParser(
        description="核验一次“双随机”抽取 | Check a draw from its published bundle alone"
    )
    parser.add_argument(
        "bundle", metavar="BUNDLE.zip|FOLDER", help="证明包或其文件夹 | the bundle or a folder of it"
    )
    parser.add_argument(
        "--expect",
        metavar="SHA256",
        action="append",
        default=[],
        help="已公布的哈希，可多次 | a hash that was published; may be repeated",
    )
    chosen = parser.parse_args(arguments)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    report = check(chosen.bundle, chosen.expect)
    for line in report.lines:
        print(line)
    for file, count in report.per_file.items():
        if count > MAX_SHOWN:
            print(f"{file}: 另有 {count - MAX_SHOWN} 处 | {count - MAX_SHOWN} more")
    for line in report.notes[:MAX_SHOWN]:
        print(f"说明 note: {line}")
    for line in report.facts:
        print(line)
    if report.count:
        print(f"不一致：{report.count} 处 | {report.count} differences")
        return 1
    if report.foreign:
        print("来源：省级平台，不可复算 | From the provincial platform: it cannot be recomputed")
        return 3
    print("一致：抽取可以复算，结果相符 | Everything agrees: the draw was repeated with the same result")
    return 0


if __name__ == "__main__":
    sys.exit(main())
