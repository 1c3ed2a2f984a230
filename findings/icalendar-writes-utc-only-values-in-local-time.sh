#!/usr/bin/env bash
# icalendar 7.3.0: two values that RFC 5545 has in UTC alone, given as times with a zone, are not converted: UNTIL of a
# rule (3.3.10) loses its zone and becomes a floating time, FREEBUSY (3.8.2.6) keeps local time under a TZID. DTSTAMP
# is converted. Expected: UNTIL=20251231T160000Z and FREEBUSY:20260101T010000Z/PT1H.
# Seen: UNTIL=20260101T000000 and FREEBUSY;TZID=Asia/Shanghai;VALUE=PERIOD:20260101T090000/PT1H.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/env"
"$work/env/bin/python" -m pip -q install --disable-pip-version-check icalendar==7.3.0 tzdata
cat > "$work/see.py" <<'P'
import sys
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo
from icalendar import Event, FreeBusy

zone = ZoneInfo("Asia/Shanghai")
event, busy = Event(), FreeBusy()
event.add("dtstamp", datetime(2026, 1, 1, 9, tzinfo=zone))
event.add("rrule", {"freq": "daily", "until": datetime(2026, 1, 1, tzinfo=zone)})
busy.add("freebusy", [(datetime(2026, 1, 1, 9, tzinfo=zone), timedelta(hours=1))])
lines = (event.to_ical() + busy.to_ical()).decode().split("\r\n")
seen = [line for line in lines if line.startswith(("DTSTAMP", "RRULE", "FREEBUSY"))]
print(seen)
sys.exit(
    0
    if seen
    == [
        "DTSTAMP:20260101T010000Z",
        "RRULE:FREQ=DAILY;UNTIL=20260101T000000",
        "FREEBUSY;TZID=Asia/Shanghai;VALUE=PERIOD:20260101T090000/PT1H",
    ]
    else 1
)
P
"$work/env/bin/python" "$work/see.py"
