#!/usr/bin/env bash
# pyxform 4.5.0 (without ODK Validate): two questions of which each is shown only when the other is answered are
# converted without error or warning, as is a question that waits for itself and a comparison with a choice that the
# list does not have. A name that no question carries is refused. Expected: the circle refused like the unknown name.
# Seen: circle accepted, itself accepted, absent choice accepted, unknown name refused; no warnings.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/env"
"$work/env/bin/python" -m pip -q install --disable-pip-version-check pyxform==4.5.0
cat > "$work/see.py" <<'P'
import sys
from pyxform.errors import PyXFormError
from pyxform.xls2xform import convert

HEAD = "| survey | | | | |\n| | type | name | label | relevant |\n"
CHOICES = "| choices | | |\n| | list_name | name | label |\n| | grade | good | Good |\n| | grade | poor | Poor |\n"
FORMS = {
    "circle": HEAD + "| | text | a | A | ${b} = 'yes' |\n| | text | b | B | ${a} = 'yes' |\n",
    "itself": HEAD + "| | text | a | A | ${a} = 'yes' |\n",
    "absent choice": HEAD + "| | select_one grade | a | A | |\n| | text | b | B | ${a} = 'fair' |\n" + CHOICES,
    "unknown name": HEAD + "| | text | a | A | ${c} = 'yes' |\n",
}
seen = {}
for name, form in FORMS.items():
    try:
        seen[name] = f"accepted, {len(convert(form, file_type='.md', validate=False).warnings)} warnings"
    except PyXFormError:
        seen[name] = "refused"
print(seen)
accepted = "accepted, 0 warnings"
sys.exit(0 if list(seen.values()) == [accepted, accepted, accepted, "refused"] else 1)
P
"$work/env/bin/python" "$work/see.py"
