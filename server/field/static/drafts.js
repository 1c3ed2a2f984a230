// What is being typed and not yet kept: survives a redraw, belongs to one field.

const drafts = new Map();

export const draft = (id, otherwise = "") => drafts.get(id) ?? otherwise;
export const typing = (id) => (event) => drafts.set(id, event.target.value);
export const put = (id, value) => drafts.set(id, value);
export const has = (id) => drafts.has(id);
export const drop = (...ids) => ids.forEach((id) => drafts.delete(id));
