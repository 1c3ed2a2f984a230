"""Indexes that the table definitions cannot say; made again after every migration, on both databases."""

INDEXES: list[str] = [
    'CREATE INDEX IF NOT EXISTS "ix_inbox_new" ON "inbox" ("update_id") WHERE state = \'new\'',
    'CREATE INDEX IF NOT EXISTS "ix_outbox_waiting" ON "outbox" ("lane", "due_at", "id") WHERE state = \'waiting\'',
    'CREATE INDEX IF NOT EXISTS "ix_task_due" ON "task" ("entry_due") WHERE state = \'concluded\'',
    'CREATE UNIQUE INDEX IF NOT EXISTS "uq_assignment_serving" ON "assignment" ("task_id", "inspector_id") WHERE until IS NULL',
    'CREATE UNIQUE INDEX IF NOT EXISTS "uq_binding_standing" ON "binding" ("account_id") WHERE ended_at IS NULL',
    'CREATE UNIQUE INDEX IF NOT EXISTS "uq_account_inspector" ON "account" ("inspector_id") WHERE inspector_id IS NOT NULL',
]
