// What this phone did to the record and has not yet been receipted for, laid over what the server told.

/** @param {Task} task @param {string} sha256 */
const version = (task, sha256) => task.record?.versions.find((/** @type {any} */ one) => one.sha256 === sha256);
/** @param {Task} task */
const last = (task) => task.record?.versions.at(-1);

// As the house counts: the entity's answer, and each officer who came.
/** @param {Task} task @param {any} one */
function count(task, one) {
  if (one !== last(task) || !task.record.current) return;
  const own = entityOf(one), all = task.record.count?.all ?? one.missing.length + 1;
  const signed = task.record.paper > 0 || (own && !own.refused); // a refusal is told, and is no signature
  Object.assign(task.record, {
    heard: task.record.heard || Boolean(own), signed: Boolean(signed) && !one.missing.length,
    count: { all, done: all - one.missing.length - (signed ? 0 : 1) },
  });
}

/** @type {Record<string, (task: Task, item: Item) => void>} */
export const overlays = {
  record_draw(task) { if (task.record) task.record.drawing = true; },
  record_hear(task, { said, made }) {
    if (!task.record) return;
    task.record.statements.push({ text: said.said, by: "", at: new Date(made).toISOString() });
    task.record.current = false;
  },
  record_sign(task, { said, made }) {
    const one = version(task, said.sha256);
    if (!one) return;
    const officer = one.missing.find((/** @type {any} */ member) => member.id === said.officer);
    one.signed.push({
      role: said.role, name: officer?.name ?? said.name, position: officer?.unit ?? said.position, refused: false, reason: "",
      at: new Date(made).toISOString(), drawn: true,
    });
    one.missing = one.missing.filter((/** @type {any} */ member) => member !== officer);
    count(task, one);
  },
  record_refuse(task, { said, made }) {
    const one = version(task, said.sha256);
    if (!one) return;
    const at = new Date(made).toISOString();
    one.signed.push({ role: "entity", name: said.name, position: "", refused: true, reason: said.reason, at, drawn: false });
    one.signed.push({ role: "witness", name: said.witness, position: said.witness_position, refused: false, reason: "", at, drawn: Boolean(said.picture) });
    count(task, one);
  },
  photo_void(task, { said }) {
    task.photos = task.photos.filter((/** @type {any} */ one) => one.id !== said.photo);
    if (task.record) task.record.current = false;
  },
  photo_mark(task, { said }) {
    const photo = task.photos.find((/** @type {any} */ one) => one.id === said.photo);
    if (!photo) return;
    Object.assign(photo, { marks: said.marks, thumbnail: false }); // the copy without the marks is shown no more
  },
};

// The entity's signature under a version, else its refusal.
/** @param {any} one  a version of the record */
export function entityOf(one) {
  const own = one.signed.filter((/** @type {any} */ by) => by.role === "entity");
  return own.find((/** @type {any} */ by) => !by.refused) ?? own[0];
}

// A hash as people compare it: the first sixteen signs, in groups of four.
/** @param {string} sha256 */
export const short = (sha256) => (sha256.slice(0, 16).match(/.{4}/g) ?? []).join(" ");
