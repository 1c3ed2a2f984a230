#!/usr/bin/env bash
# typst 0.15.2 (PyPI): spacing of width zero between two pieces of a word is no place to break a line,
# `h(0pt)` as little as `h(0pt, weak: true)`; a box of width zero, or `h(0.01pt)`, is one. Expected: all four alike.
# Seen (number of lines for 60 letters in a column 90 pt wide): h(0pt) 1, weak 1, box 11, h(0.01pt) 11.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/env"
"$work/env/bin/python" -m pip -q install --disable-pip-version-check typst==0.15.2 pypdf==7.1.1
cat > "$work/see.py" <<'P'
import io, sys
import typst
from pypdf import PdfReader

KINDS = {"h(0pt)": "h(0pt)", "weak": "h(0pt, weak: true)", "box": "box()", "h(0.01pt)": "h(0.01pt)"}
seen = {}
for name, joint in KINDS.items():
    source = f"#set page(width: 100pt, height: auto, margin: 5pt)\n#(('W' * 6,) * 10).join({joint})\n".replace("'", '"')
    page = PdfReader(io.BytesIO(typst.compile(source.encode()))).pages[0]
    seen[name] = round((float(page.mediabox.height) - 10) / 12)
print(seen)
few, many = (seen["h(0pt)"], seen["weak"]), (seen["box"], seen["h(0.01pt)"])
sys.exit(0 if max(few) == 1 and min(many) >= 5 else 1)
P
"$work/env/bin/python" "$work/see.py"
