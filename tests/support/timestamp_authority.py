"""A time stamping authority of the test's own: `openssl ts` behind HTTP on loopback (RFC 3161)."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from aiohttp import web
from aiohttp.test_utils import TestServer
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key
from cryptography.x509 import CertificateBuilder, load_pem_x509_certificate

CONFIG = """
[req]
distinguished_name = name
prompt = no
[name]
CN = {name}
[ca]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign
[stamps]
basicConstraints = CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
[tsa]
serial = {folder}/serial
crypto_device = builtin
signer_cert = {folder}/tsa.pem
certs = {folder}/ca.pem
signer_key = {folder}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
ordering = yes
"""


def openssl(*words: object) -> str:
    """Run openssl; its output. Raises AssertionError with what it said."""
    command = ["openssl", *map(str, words)]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=600)
    if done.returncode:
        raise AssertionError(f"openssl {words[0]}: {done.stdout}{done.stderr}")
    return done.stdout + done.stderr


@dataclass
class Authority:
    """`refusing`: it is away. `asked`: the requests that came."""

    folder: Path
    url: str = ""
    refusing: bool = False
    asked: list[bytes] = field(default_factory=list)
    instead: bytes | None = None  # answered in place of a stamp
    altered: Callable[[bytes], bytes] | None = None
    pieces: Callable[[web.Request, bytes, str], Awaitable[web.StreamResponse]] | None = None  # answers so

    @property
    def certificates(self) -> bytes:
        return (self.folder / "ca.pem").read_bytes()

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(await request.read())
        if self.refusing or request.content_type != "application/timestamp-query":
            raise web.HTTPServiceUnavailable
        body = self.instead or await asyncio.to_thread(self.stamp, self.asked[-1])
        body = self.altered(body) if self.altered else body
        if self.pieces is not None:
            return await self.pieces(request, body, "application/timestamp-reply")
        return web.Response(body=body, content_type="application/timestamp-reply")

    def stamp(self, query: bytes) -> bytes:
        asked, given = self.folder / "query.tsq", self.folder / "reply.tsr"
        asked.write_bytes(query)
        section = ("-config", self.folder / "ts.cnf", "-section", "tsa")
        openssl("ts", "-reply", "-queryfile", asked, "-out", given, *section)
        return given.read_bytes()


def founded(folder: Path, name: str = "Example authority") -> Authority:
    """Keys and certificates of an authority under a root of its own."""
    folder.mkdir(parents=True)
    config = folder / "ts.cnf"
    config.write_text(CONFIG.format(folder=folder, name=name))
    (folder / "serial").write_text("01")
    ec = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")
    root, key = folder / "ca.pem", folder / "ca.key"
    openssl(
        "req",
        "-x509",
        *ec,
        "-keyout",
        key,
        "-out",
        root,
        "-days",
        3650,
        "-config",
        config,
        "-extensions",
        "ca",
    )
    wanted, own = folder / "tsa.csr", folder / "tsa.key"
    openssl(
        "req", "-new", *ec, "-keyout", own, "-out", wanted, "-config", config, "-subj", "/CN=Example stamps"
    )
    openssl(
        "x509", "-req", "-in", wanted, "-CA", root, "-CAkey", key, "-set_serial", 2, "-days", 3650,
        "-out", folder / "tsa.pem", "-extfile", config, "-extensions", "stamps",
    )  # fmt: skip
    return Authority(folder)


def short_lived(made: Authority, seconds: float) -> datetime:
    """Give the authority another certificate, good from an hour ago for so many seconds from now; until when."""
    root = load_pem_x509_certificate(made.certificates)
    key = load_pem_private_key((made.folder / "ca.key").read_bytes(), None)
    before = load_pem_x509_certificate((made.folder / "tsa.pem").read_bytes())
    now = datetime.now(UTC).replace(microsecond=0)
    ends = now + timedelta(seconds=seconds)
    builder = CertificateBuilder().subject_name(before.subject).issuer_name(root.subject).serial_number(3)
    builder = builder.public_key(before.public_key())
    builder = builder.not_valid_before(now - timedelta(hours=1)).not_valid_after(ends)
    for one in before.extensions:
        builder = builder.add_extension(one.value, one.critical)
    (made.folder / "tsa.pem").write_bytes(builder.sign(key, SHA256()).public_bytes(Encoding.PEM))
    return ends


@asynccontextmanager
async def authority(folder: Path) -> AsyncIterator[Authority]:
    made = founded(folder)
    app = web.Application()
    app.router.add_post("/", made.answer)
    server = TestServer(app, host="127.0.0.1")
    await server.start_server()
    try:
        made.url = str(server.make_url("/"))
        yield made
    finally:
        await server.close()
