"""控制台: pages of the office, the heads of departments and their officers, on a desk or a phone."""

from server.console import (
    approvals,
    batches,
    ceremony,
    entity,
    home,
    itinerary,
    letters,
    login,
    onsite,
    people,
    phone,
    photos,
    plans,
    publication,
    record,
    register_imports,
    register_lists,
    registers,
    review,
    said,
    set_aside,
    task,
    tasks,
    templates,
    terms,
    work,
)

ROUTES = (
    login.routes, home.routes, plans.routes, batches.routes, ceremony.routes, tasks.routes, task.routes, said.routes,
    review.routes, record.routes,
    publication.routes, people.routes, phone.routes, entity.routes, letters.routes, approvals.routes, templates.routes,
    terms.routes, itinerary.routes, onsite.routes, set_aside.routes, registers.routes, register_imports.routes,
    register_lists.routes,
    work.routes, photos.routes,
)  # fmt: skip
