"""One press: reads sheets from its input, writes documents to its output, and goes when nothing comes.

A request is a JSON line followed by the sheet's data and pictures; so is an answer, with the documents.
"""

from __future__ import annotations

import json
import os
import resource
import select
import sys
from typing import IO

from server.documents.layout import LaidOutDocument, rendered

IDLE = 60.0
MEMORY = 2 * 1024 * 1024 * 1024


def main() -> None:
    """Works until its input ends or stays empty for a minute: idle presses hold no memory."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(5)
    source, out = sys.stdin.buffer, sys.stdout.buffer
    _say(out, [], ready=True)
    while select.select([source], [], [], IDLE)[0] and (order := source.readline()):
        wanted = json.loads(order)
        data, *pictures = [source.read(size) for size in wanted.pop("sizes")]
        try:
            created = rendered(LaidOutDocument(data=data, pictures=tuple(pictures), **wanted))
        except Exception as error:
            _say(out, [], error=f"{type(error).__name__}: {error}"[:2000])
        else:
            _say(out, created)


def _say(out: IO[bytes], documents: list[bytes], **more: object) -> None:
    out.write(json.dumps({"sizes": [len(document) for document in documents], **more}).encode() + b"\n")
    for document in documents:
        out.write(document)
    out.flush()


if __name__ == "__main__":
    main()
