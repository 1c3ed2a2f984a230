#!/usr/bin/env python3
"""核验一次检查任务的证据包：python3 verify_evidence.py 证据包.zip [--root 公布的根值]

Checks one task's evidence (shuangsuiji/evidence/1) from its bundle alone: python3 verify_evidence.py BUNDLE.zip.
It computes anew the chain of events, the rows and photos that the events speak of, and the way to the daily
root that was published; it names what differs. With --root the root must be the one that you took from the
public page or kept yourself: without it the bundle is only compared with itself.

A sealed dossier (卷宗, a BagIt bag in a ZIP) is checked as a whole as well: its container byte by byte, its manifests
in SHA-256 and, where this Python has it, SM3, and that each file which a row names lies in it. --seal compares
the whole file with the SHA-256 that was recorded when it was sealed.

Exit code 0: everything agrees; 1: something differs or cannot be read. One file, Python 3.9 or later, nothing
to install, no network; it shares no code with the system that made the bundle.
"""

# It must run alone on an old Python and prints what it finds, hence:
# ruff: noqa
# mypy: ignore-errors

from __future__ import annotations

import argparse
import calendar
import decimal
import hashlib
import json
import re
import struct
import sys
import time
import zipfile
import zlib

FORMAT = "shuangsuiji/evidence/1"
ROOT = "shuangsuiji/root/1"
ZERO = "0" * 64
HEX = re.compile("[0-9a-f]{64}")
NAMED = ("README.txt", "events.jsonl", "rows.jsonl", "proof.json", "root.txt", "root.tsr")
LARGEST = 4 << 30
TAGS = ["bag-info.txt", "bagit.txt", "manifest-sha256.txt", "manifest-sm3.txt", "tagmanifest-sha256.txt"]
LINE = re.compile("([0-9a-f]{64})  ([A-Za-z0-9._/-]+)")
ENCLOSED = {
    "photo": ("sha256", "stamped", "marked"),
    "paper": ("sha256",),
    "signature": ("picture",),
    "recheck_signature": ("picture",),
    "attempt": ("proof",),
    "network_finding": ("screenshot",),
    "online_ending": ("screenshot",),
}


class Broken(Exception):
    """The bundle cannot be read at all."""


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def once(pairs):
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found


def decoded(data):
    def no(word):
        raise ValueError("no number: " + word)

    return json.loads(data.decode("utf-8"), object_pairs_hook=once, parse_constant=no)


def whole(value):
    if isinstance(value, dict):
        return {key: whole(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [whole(inner) for inner in value]
    if isinstance(value, float) and value.is_integer():
        return int(decimal.Decimal(repr(value)))
    return value


def canonical(value):
    """Keys sorted at every level, no spaces, whole numbers without a point."""
    return json.dumps(whole(value), ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode("utf-8")


class Bundle:
    def __init__(self, path):
        self.told, self.files, self.payload, self.sm3 = [], {}, None, True
        try:
            with zipfile.ZipFile(path) as archive:
                entries = archive.infolist()
                if sum(entry.file_size for entry in entries) > LARGEST:
                    raise Broken("larger than 4 GiB")
                for entry in entries:
                    if entry.filename in self.files:
                        raise Broken("a file stands twice: " + entry.filename)
                    self.files[entry.filename] = self.bytes_of(archive, entry)
            with open(path, "rb") as file:
                self.whole = file.read()
            self.unpack()
            self.about = decoded(self.files.pop("evidence.json"))
            if self.about["format"] != FORMAT:
                raise Broken("another format: " + str(self.about["format"]))
        except Broken:
            raise
        except Exception as error:
            damaged = ["%s %s" % (where, en) for where, _zh, en in self.told]
            raise Broken("; ".join(damaged + ["%s: %s" % (type(error).__name__, error)]))

    def bytes_of(self, archive, entry):
        """A file's bytes; none where they are damaged: that file is named and the others are still read."""
        try:
            return archive.read(entry)
        except Exception as error:
            self.tell(entry.filename, "无法读取", "cannot be read: %s: %s" % (type(error).__name__, error))
            return b""

    def unpack(self):
        """The evidence within a dossier; another bundle stays as it is."""
        tops = {name.partition("/")[0] for name in self.files if "/" in name}
        if len(tops) != 1 or any("/" not in name for name in self.files):
            return
        top = tops.pop() + "/"
        held = {name[len(top) :]: data for name, data in self.files.items()}
        if top == "photos/":
            return
        self.payload = {name: data for name, data in held.items() if name.startswith("data/")}
        self.attempt("manifest-sha256.txt", lambda: self.check_bag(held, top))
        inner = {name[14:]: data for name, data in held.items() if name.startswith("data/evidence/")}
        for name, data in held.items():
            if name.startswith("data/photos/original/"):
                inner["photos/" + sha256(data)] = data
        self.files = inner

    def check_bag(self, held, top):
        sums = {name: manifest(held.get(name, b"")) for name in TAGS[2:]}
        self.sm3 = "sm3" in hashlib.algorithms_available
        for name, lines in sorted(sums.items()):
            kind = "sm3" if "sm3" in name else "sha256"
            for path, expected in lines:
                if path not in held:
                    self.tell(path, "缺少文件", "is missing")
                elif kind == "sm3" and not self.sm3:
                    continue
                elif hashlib.new(kind, held[path]).hexdigest() != expected:
                    self.tell(path, "与清单不符", "differs from " + name)
        listed = [path for path, _sum in sums["manifest-sha256.txt"]]
        for name in sorted(set(held) - set(listed) - set(TAGS)):
            self.tell(name, "不属于卷宗", "does not belong to the dossier")
        if [path for path, _sum in sums["manifest-sm3.txt"]] != listed:
            self.tell("manifest-sm3.txt", "与清单不符", "lists other files")
        if [path for path, _sum in sums["tagmanifest-sha256.txt"]] != TAGS[:4]:
            self.tell("tagmanifest-sha256.txt", "与清单不符", "lists other files")
        for name in TAGS[2:]:
            if held.get(name) != "".join("%s  %s\n" % (one, path) for path, one in sums[name]).encode(
                "ascii"
            ):
                self.tell(name, "已被改动", "was changed")
        order = listed + TAGS
        if set(order) - set(held) or listed != sorted(listed) or container(top, order, held) != self.whole:
            self.tell("ZIP", "容器已被改动", "the container was changed")

    def check_enclosed(self):
        """Each file that a row names lies in the dossier."""
        there = {sha256(data) for data in self.payload.values()}
        for row in self.lines("rows.jsonl"):
            for column in ENCLOSED.get(row["row"].partition(":")[0], ()):
                if row["values"].get(column) and row["values"][column] not in there:
                    self.tell(row["row"], "所载文件缺失：" + column, "its file is missing: " + column)

    def tell(self, where, zh, en):
        self.told.append((where, zh, en))

    def attempt(self, where, check):
        try:
            return check()
        except Exception as error:
            self.tell(where, "无法读取", "cannot be read: %s: %s" % (type(error).__name__, error))

    def check_files(self):
        listed = self.about["files"]
        for name in sorted(set(listed) | {name for name in self.files if not name.startswith("photos/")}):
            if name not in NAMED or name not in listed:
                self.tell(name, "不属于证据包", "does not belong to the bundle")
            elif name not in self.files:
                self.tell(name, "缺少文件", "is missing")
            elif sha256(self.files[name]) != listed[name]:
                self.tell(name, "与清单不符", "differs from the list of files")

    def lines(self, name):
        return [decoded(line) for line in self.files[name].split(b"\n")[:-1]]

    def check_events(self):
        """The chain; what each row was when an event spoke of it last."""
        self.hashes, named, previous = [], {}, ZERO
        for place, event in enumerate(self.lines("events.jsonl"), 1):
            where = "event %s" % event["seq"]
            if event.get("unreadable"):
                self.tell(where, "数据库中已损坏", "is damaged in the database: %s" % event["unreadable"])
            if event["seq"] != place or isinstance(event["seq"], bool):
                self.tell("event %d" % place, "缺失", "is missing")
            elif event["previous"] != previous:
                self.tell(where, "与前一条不相接", "does not follow from the one before")
            row = [self.about["chain"], event["seq"], event["kind"], event["by"], event["at"], event["data"]]
            if sha256(canonical(row + [event["previous"], event["key"]])) != event["sha256"]:
                self.tell(where, "已被改动", "was changed")
            before, form = event["data"].get("before"), event["data"].get("form")
            for name, sealed in event["data"].get("rows", {}).items():
                last, _seq, same = named.get(name, ("", 0, form))
                was = last if before is None else before.get(name, "")
                if was not in (last, "?") and (same == form or not was or not last):
                    self.tell(
                        name,
                        "在第%s条记录之前已被改动" % event["seq"],
                        "was changed before event %s" % event["seq"],
                    )
                named[name] = (sealed, event["seq"], form)
            previous = event["sha256"]
            self.hashes.append(previous)
        if self.about["chain"] != "task:" + self.about["task"]:
            self.tell("evidence.json", "任务与留痕不符", "the task is not the chain's")
        return named

    def check_rows(self, named):
        left, photos = dict(named), {}
        for row in self.lines("rows.jsonl"):
            name, values = row["row"], row["values"]
            sealed, seq, _form = left.pop(name, (None, None, None))
            if row.get("unreadable"):
                self.tell(name, "数据库中已损坏", "is damaged in the database: %s" % row["unreadable"])
            if sealed is None:
                self.tell(name, "没有任何记录提及", "is spoken of by no event, or stands twice")
            elif sha256(canonical(values)) != sealed:
                self.tell(name, "与第%s条记录不符" % seq, "differs from event %s" % seq)
            if name.startswith("photo:"):
                photos.setdefault(values["sha256"], []).append((name, values["size"]))
        for name, (sealed, seq, _form) in sorted(left.items()):
            if sealed:  # an empty one: the act removed the row
                self.tell(name, "缺失，见第%s条记录" % seq, "is missing; see event %s" % seq)
        return photos

    def check_photos(self, photos):
        enclosed = {name[7:]: data for name, data in self.files.items() if name.startswith("photos/")}
        for name in sorted(set(enclosed) - set(photos)):
            self.tell("photos/" + name, "不属于本任务", "belongs to no row")
        if self.about["photos"] == "left_out" and not enclosed:
            return
        for name, rows in sorted(photos.items()):
            data = enclosed.get(name)
            for row, size in rows:
                if data is None:
                    self.tell(row, "照片原件缺失", "the photo's original is missing")
                elif sha256(data) != name or len(data) != size:
                    self.tell(row, "照片原件已被改动", "the photo's original was changed")

    def check_root(self, expected):
        """The way from the chain's end to the day's root."""
        if "proof.json" not in self.files:
            if expected:
                self.tell("root.txt", "尚未纳入任何每日根值", "no daily root covers this chain yet")
            return None
        proof, said = decoded(self.files["proof.json"]), statement(self.files["root.txt"])
        length, index = proof["length"], proof["index"]
        if not 0 < length <= len(self.hashes):
            self.tell("event %s" % length, "已被删去", "was cut off: the root covers so many events")
            return said
        leaf = node(b"\x00", canonical(["chain", self.about["chain"], length, self.hashes[length - 1]]))
        if not included(
            leaf, index, said["size"], [bytes.fromhex(one) for one in proof["path"]], said["root"]
        ):
            self.tell("proof.json", "与每日根值不符", "does not lead to the day's root")
        if expected and said["root"] not in expected:
            self.tell("root.txt", "不是公布的根值", "is not the root that was published")
        stamp = self.files.get("root.tsr")
        if stamp is not None and hashlib.sha256(self.files["root.txt"]).digest() not in stamp:
            self.tell("root.tsr", "时间戳不属于该根值", "the time stamp is not of this root")
        said["covered"] = length
        return said


def manifest(data):
    """Path and hash of each line."""
    lines = [LINE.fullmatch(line) for line in data.decode("ascii").split("\n")[:-1]]
    return [(line.group(2), line.group(1)) for line in lines]


def container(top, order, held):
    """The only ZIP that holds these files: nothing compressed, no times, no comments."""
    parts, central, place = [], [], 0
    for path in order:
        name, data = (top + path).encode("ascii"), held[path]
        common = struct.pack("<HHHHHIII", 20, 0, 0, 0, 33, zlib.crc32(data), len(data), len(data))
        local = b"PK\3\4" + common + struct.pack("<HH", len(name), 0) + name
        central.append(
            b"PK\1\2"
            + struct.pack("<BB", 20, 3)
            + common
            + struct.pack("<HHHHHII", len(name), 0, 0, 0, 0, 0o644 << 16, place)
            + name
        )
        parts += [local, data]
        place += len(local) + len(data)
    size = sum(map(len, central))
    count = len(order)
    end = b"PK\5\6" + struct.pack("<HHHHIIH", 0, 0, count, count, size, place, 0)
    return b"".join(parts + central + [end])


def statement(data):
    """The six lines of a day."""
    head, origin, day, size, root, previous, end = data.decode("utf-8").split("\n")
    number, day = re.fullmatch(r"([1-9]\d*) (\d{4}-\d\d-\d\d)", day).groups()
    said = {"origin": origin, "day": day, "size": int(re.fullmatch(r"size ([1-9]\d*)", size).group(1))}
    said["root"] = re.fullmatch("root ([0-9a-f]{64})", root).group(1)
    if head != ROOT or end or not re.fullmatch("previous [0-9a-f]{64}", previous):
        raise ValueError("no statement of a day")
    return said


def node(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def included(leaf, index, size, path, root):
    """RFC 9162, section 2.1.3, from the top: which half holds the leaf decides where each hash goes."""
    if isinstance(index, bool) or not 0 <= index < size:
        return False
    turns = []
    while size > 1:
        half = 1
        while half * 2 < size:
            half *= 2
        turns.append(index >= half)
        index, size = (index - half, size - half) if index >= half else (index, half)
    if len(turns) != len(path):
        return False
    for right, other in zip(reversed(turns), path):
        leaf = node(b"\x01", other, leaf) if right else node(b"\x01", leaf, other)
    return leaf.hex() == root


def verify(path, expected=(), seal=""):
    bundle = Bundle(path)
    if seal and sha256(bundle.whole) != seal:
        bundle.tell("ZIP", "不是封存时的卷宗", "is not the dossier that was sealed")
    bundle.attempt("evidence.json", bundle.check_files)
    named = bundle.attempt("events.jsonl", bundle.check_events)
    photos = bundle.attempt("rows.jsonl", lambda: bundle.check_rows(named or {}))
    bundle.attempt("photos", lambda: bundle.check_photos(photos or {}))
    if bundle.payload is not None:
        bundle.attempt("rows.jsonl", bundle.check_enclosed)
    said = bundle.attempt("proof.json", lambda: bundle.check_root(expected))
    return bundle, said


def plain(text):
    """What a bundle holds must not steer the terminal."""
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in text)


def openssl_line(stamp):
    """How OpenSSL checks the stamp, at the stamp's own time: the certificate need only have been good then."""
    line = "openssl ts -verify -data root.txt -in root.tsr -CAfile AUTHORITY.pem"
    at = stamped_at(stamp)
    return line if at is None else "%s -attime %d" % (line, at)


def stamped_at(stamp):
    """Seconds since 1970 of genTime in an RFC 3161 response (TSTInfo, its fifth value); None if there is none."""
    try:
        begin = stamp.index(b"\x06\x0b\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x01\x04") + 13
        for _ in range(3):  # [0], OCTET STRING, SEQUENCE: each holds the next
            begin, _end = value_at(stamp, begin)
        for _ in range(4):  # version, policy, imprint, serial number
            _begin, begin = value_at(stamp, begin)
        if stamp[begin] != 0x18:
            return None
        first, last = value_at(stamp, begin)
        text = stamp[first:last].decode("ascii")[:14]
        return calendar.timegm(time.strptime(text, "%Y%m%d%H%M%S"))
    except (ValueError, IndexError):
        return None


def value_at(data, place):
    """First byte and end of the DER value that begins at a place."""
    length, begin = data[place + 1], place + 2
    if length > 0x80:
        wide = length & 0x7F
        length, begin = int.from_bytes(data[begin : begin + wide], "big"), begin + wide
    return begin, begin + length


def main(argv=None):
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("bundle")
    parser.add_argument(
        "--root", action="append", default=[], metavar="HEX", help="a root as it was published"
    )
    parser.add_argument("--seal", default="", metavar="HEX", help="a dossier's SHA-256 as it was recorded")
    asked = parser.parse_args(argv)
    sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        bundle, said = verify(asked.bundle, {root.lower() for root in asked.root}, asked.seal.lower())
    except Broken as error:
        print(plain("✗ 证据包无法读取 The bundle cannot be read: %s" % error))
        return 1
    for where, zh, en in bundle.told:
        print(plain("✗ %s：%s · %s %s" % (where, zh, where, en)))
    if bundle.told:
        return 1
    agreed = "✓ %s：%d 条留痕与所载数据、照片一致 · %d events, their rows and photos agree"
    print(plain(agreed % (bundle.about["task"], len(bundle.hashes), len(bundle.hashes))))
    if bundle.payload is not None:
        print("✓ 卷宗共 %d 个文件 · the dossier holds %d files" % (len(bundle.payload), len(bundle.payload)))
        print("  SHA-256 %s" % sha256(bundle.whole))
        if bundle.sm3:
            print("  SM3 %s" % hashlib.new("sm3", bundle.whole).hexdigest())
        else:
            print(
                "! 本机 Python 不支持 SM3，未核验 manifest-sm3.txt · this Python lacks SM3: manifest-sm3.txt unchecked"
            )
    if bundle.about["photos"] == "left_out":
        print("! 照片原件未附 · the photos' originals are not enclosed")
    if said is None:
        print("! 尚未纳入每日根值 · no daily root covers this chain yet")
        return 0
    print(plain("  %s %s root %s" % (said["origin"], said["day"], said["root"])))
    later = len(bundle.hashes) - said["covered"]
    if later:
        print("! 其后 %d 条留痕尚无根值 · %d later events are covered by no root yet" % (later, later))
    if not asked.root:
        print("! 请与公开网页 /roots 上的根值比对 · compare this root with the public page /roots (--root)")
    if "root.tsr" in bundle.files:
        print("  时间戳 time stamp: " + openssl_line(bundle.files["root.tsr"]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
