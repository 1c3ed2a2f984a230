"""The columns that a hash covered before events said which: in events without a `form`."""

FORM = {
    "task": (
        "assigned_at", "batch_id", "draw_id", "due_provisional", "ended_at", "entered_at", "entry_due",
        "id", "number", "platform_receipt", "pool_id", "proposed_from", "proposed_until", "published_at",
        "rank", "reviewed_at", "short_notice", "started_at", "started_short", "state", "target_id",
        "team_id", "visit_from", "visit_until",
    ),
    "assignment": (
        "accepted_at", "agreed_from", "arrived_at", "asked_at", "declined_from", "department", "id",
        "inspector_id", "leader", "since", "task_id", "until",
    ),
    "network_finding": (
        "at", "by", "finding", "id", "link", "question_id", "reason", "screenshot", "source", "task_id",
        "verdict", "version",
    ),
    "answer": (
        "at", "by", "conflict", "id", "method", "note", "question_id", "source", "task_id", "value",
        "verdict", "version",
    ),
    "photo": (
        "about", "at", "by", "caption", "exif", "format", "grade", "height", "id", "labels", "marks",
        "question_id", "removed_at", "removed_why", "sent_at", "sha256", "size", "source", "task_id",
        "unprintable", "width",
    ),
    "finalised": (
        "at", "by", "department", "id", "sheet_sha256", "task_id",
    ),
    "result": (
        "at", "by", "id", "late", "note", "returned", "task_id", "types", "version",
    ),
    "notice": (
        "acknowledged_at", "acknowledged_by", "approved_at", "approved_by", "check_code", "created_at",
        "head_at", "head_by", "id", "letter", "number", "opened_at", "state", "task_id", "template_id",
        "token_sha256", "version", "withheld_basis",
    ),
    "arrival": (
        "accuracy", "at", "by", "distance", "how", "id", "inspector_id", "latitude_e6", "longitude_e6",
        "reason", "task_id",
    ),
    "non_cooperation": (
        "agreed", "at", "by", "confirmed_at", "confirmed_by", "decided_at", "decided_by", "facts",
        "grounds", "id", "said", "task_id",
    ),
    "absence": (
        "at", "by", "confirmed_at", "confirmed_by", "facts", "id", "task_id",
    ),
    "suspension": (
        "at", "by", "id", "reason", "resumed_at", "task_id",
    ),
    "sample": (
        "agency", "at", "by", "finding", "id", "lot", "name", "outcome", "quantity", "question_id",
        "report_number", "reported_at", "reported_by", "seal", "task_id", "witness",
    ),
    "entrustment": (
        "agency", "at", "by", "credit_code", "ended_at", "id", "letter", "people", "scope", "task_id",
    ),
    "record": (
        "at", "by", "check_code", "facts", "id", "sha256", "task_id", "token_sha256", "version",
    ),
    "statement": (
        "at", "by", "id", "kind", "task_id", "text",
    ),
    "signature": (
        "at", "by", "id", "name", "picture", "position", "reason", "record_id", "refused", "role",
        "task_id",
    ),
    "preparation": (
        "at", "by", "id", "number", "ready", "task_id", "text",
    ),
    "paper": (
        "at", "by", "format", "id", "name", "purpose", "sha256", "size", "subject", "task_id",
    ),
    "correction": (
        "accepted", "at", "by", "decided_at", "decided_by", "id", "question_id", "said", "stage", "task_id",
        "text",
    ),
    "objection": (
        "at", "by", "decided_at", "decided_by", "id", "said", "task_id", "text", "upheld",
    ),
    "attempt": (
        "at", "by", "channel", "detail", "id", "notice_id", "outcome", "proof", "text_sha256",
    ),
    "postponement": (
        "asked_at", "asked_by", "decided_at", "decided_by", "granted", "id", "notice_id", "reason",
        "wanted", "wanted_from", "wanted_until",
    ),
    "substitution": (
        "asked_at", "asked_by", "consented", "decided_at", "decided_by", "department", "id", "incoming",
        "note", "outgoing", "passed", "reason", "targets", "team_id",
    ),
    "anchor": (
        "closed_at", "closed_by", "consistency", "day", "ends", "id", "number", "origin", "previous",
        "root", "size", "stamp", "stamped_at",
    ),
}  # fmt: skip
