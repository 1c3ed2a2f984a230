#!/usr/bin/env bash
# icalendar 7.3.0: a VTIMEZONE made by Timezone.from_tzid or add_missing_timezones gives the beginning of summer time
# in the clock time after the change. RFC 5545, 3.6.5 wants the clock time before it (TZOFFSETFROM), so that another
# reader has the change an hour late: for Europe/Berlin 02:00, for Asia/Shanghai's summers of 1986 to 1991 02:00 too.
# Seen: Berlin 2020 DTSTART:20200329T030000 with TZOFFSETFROM:+0100; Shanghai 1986 DTSTART:19860504T030000. The end of
# summer time is as the RFC has it.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/env"
"$work/env/bin/python" -m pip -q install --disable-pip-version-check icalendar==7.3.0 tzdata
cat > "$work/see.py" <<'P'
import sys
from datetime import date
from icalendar import Timezone

seen = {}
for name, year in (("Europe/Berlin", 2020), ("Asia/Shanghai", 1986)):
    zone = Timezone.from_tzid(name, first_date=date(year, 1, 1), last_date=date(year + 1, 1, 1))
    for part in zone.subcomponents:
        if part["TZOFFSETFROM"].td != part["TZOFFSETTO"].td:
            seen[name, part.name] = part["DTSTART"].dt.strftime("%m-%d %H:%M")
print(seen)
sys.exit(
    0
    if seen
    == {
        ("Europe/Berlin", "DAYLIGHT"): "03-29 03:00",
        ("Europe/Berlin", "STANDARD"): "10-25 03:00",
        ("Asia/Shanghai", "DAYLIGHT"): "05-04 03:00",
        ("Asia/Shanghai", "STANDARD"): "09-14 02:00",
    }
    else 1
)
P
"$work/env/bin/python" "$work/see.py"
