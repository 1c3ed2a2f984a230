"""Indexes that the table definitions cannot say; made again after every migration, on both databases."""

INDEXES: list[str] = [
    'CREATE INDEX IF NOT EXISTS "ix_inbox_new" ON "inbox" ("update_id") WHERE state = \'new\'',
    'CREATE INDEX IF NOT EXISTS "ix_outbox_waiting" ON "outbox" ("lane", "due_at", "id") WHERE state = \'waiting\'',
    'CREATE INDEX IF NOT EXISTS "ix_task_due" ON "task" ("entry_due") WHERE state = \'concluded\'',
    'CREATE UNIQUE INDEX IF NOT EXISTS "uq_assignment_serving" ON "assignment" ("task_id", "inspector_id") WHERE until IS NULL',
    'CREATE UNIQUE INDEX IF NOT EXISTS "uq_binding_standing" ON "binding" ("account_id") WHERE ended_at IS NULL',
    'CREATE UNIQUE INDEX IF NOT EXISTS "uq_account_inspector" ON "account" ("inspector_id") WHERE inspector_id IS NOT NULL',
    # The ORM makes no index for a reference.
    'CREATE INDEX IF NOT EXISTS "ix_task_batch" ON "task" ("batch_id", "rank")',
    'CREATE INDEX IF NOT EXISTS "ix_task_draw" ON "task" ("draw_id")',
    'CREATE INDEX IF NOT EXISTS "ix_task_team" ON "task" ("team_id")',
    'CREATE INDEX IF NOT EXISTS "ix_task_target" ON "task" ("target_id")',
    'CREATE INDEX IF NOT EXISTS "ix_assignment_inspector" ON "assignment" ("inspector_id")',
    'CREATE INDEX IF NOT EXISTS "ix_assignment_task" ON "assignment" ("task_id")',
    'CREATE INDEX IF NOT EXISTS "ix_photo_task" ON "photo" ("task_id")',
    'CREATE INDEX IF NOT EXISTS "ix_attempt_notice" ON "attempt" ("notice_id")',
    'CREATE INDEX IF NOT EXISTS "ix_postponement_notice" ON "postponement" ("notice_id")',
    'CREATE INDEX IF NOT EXISTS "ix_account_target" ON "account" ("target_id")',
    'CREATE INDEX IF NOT EXISTS "ix_session_account" ON "session" ("account_id")',
    'CREATE INDEX IF NOT EXISTS "ix_draw_batch" ON "draw" ("batch_id")',
]
