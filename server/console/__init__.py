"""控制台: pages of the office, the heads of departments and their officers, on a desk or a phone."""

from server.console import (
    approvals,
    batches,
    ceremony,
    desk,
    entity,
    letters,
    onsite,
    people,
    phone,
    pictures,
    plans,
    publication,
    record,
    registers,
    review,
    rounds,
    said,
    set_aside,
    signing,
    task,
    tasks,
    templates,
    work,
)

ROUTES = (
    signing.routes, desk.routes, plans.routes, batches.routes, ceremony.routes, tasks.routes, task.routes, said.routes,
    review.routes, record.routes,
    publication.routes, people.routes, phone.routes, entity.routes, letters.routes, approvals.routes, templates.routes,
    rounds.routes, onsite.routes, set_aside.routes, registers.routes,
    work.routes, pictures.routes,
)  # fmt: skip
