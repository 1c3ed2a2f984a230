#!/usr/bin/env bash
# obstore 0.12.1: rename(store, "a/b", "a/b") raises nothing in either store; the local folder still has the object
# afterwards, the store in memory has lost it (it copies, then removes what it copied from). Expected: the same of
# both, the object left where it is, as POSIX rename does.
# Seen: LocalStore kept, MemoryStore gone.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/env"
"$work/env/bin/python" -m pip -q install --disable-pip-version-check obstore==0.12.1
cat > "$work/see.py" <<'P'
import sys, tempfile
import obstore
from obstore.store import LocalStore, MemoryStore

seen = {}
with tempfile.TemporaryDirectory() as folder:
    for store in (LocalStore(folder), MemoryStore()):
        obstore.put(store, "a/b", b"a fictitious paper")
        obstore.rename(store, "a/b", "a/b")
        try:
            seen[type(store).__name__] = bytes(obstore.get(store, "a/b").bytes()) == b"a fictitious paper"
        except FileNotFoundError:
            seen[type(store).__name__] = False
print(seen)
sys.exit(0 if seen == {"LocalStore": True, "MemoryStore": False} else 1)
P
"$work/env/bin/python" "$work/see.py"
