#!/usr/bin/env bash
# pyxform 4.5.0 (without ODK Validate): a word in the column `required` that it does not know as yes or no is written
# into the form as it is, where XPath takes it for the path of a question that is not there. A sheet in which 是 says
# that a question must be answered is converted without error or warning. Expected: an error that names the cell.
# Seen: yes gives required="true()", 是 gives required="是"; no warnings.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/env"
"$work/env/bin/python" -m pip -q install --disable-pip-version-check pyxform==4.5.0
cat > "$work/see.py" <<'P'
import re, sys
from pyxform.xls2xform import convert

seen = {}
for word in ("yes", "no", "是"):
    form = f"| survey | | | | |\n| | type | name | label | required |\n| | text | a | A | {word} |\n"
    done = convert(form, file_type=".md", validate=False)
    seen[word] = (*re.findall(r'required="([^"]*)"', done.xform), len(done.warnings))
print(seen)
sys.exit(0 if seen == {"yes": ("true()", 0), "no": ("false()", 0), "是": ("是", 0)} else 1)
P
"$work/env/bin/python" "$work/see.py"
