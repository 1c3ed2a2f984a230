// What this phone did to the record and has not yet been receipted for, laid over what the server told.

const version = (task, sha256) => task.record?.versions.find((one) => one.sha256 === sha256);
const last = (task) => task.record?.versions.at(-1);

// As the house counts: the entity's answer, and each officer who came.
function count(task, one) {
  if (one !== last(task) || !task.record.current) return;
  const heard = task.record.heard || one.signed.some((by) => by.role === "entity"), all = task.record.count?.all ?? one.missing.length + 1;
  Object.assign(task.record, {
    heard, signed: heard && !one.missing.length, count: { all, done: all - one.missing.length - (heard ? 0 : 1) },
  });
}

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
    const officer = one.missing.find((member) => member.id === said.officer);
    one.signed.push({
      role: said.role, name: officer?.name ?? said.name, position: officer?.unit ?? said.position, refused: false, reason: "",
      at: new Date(made).toISOString(), drawn: true,
    });
    one.missing = one.missing.filter((member) => member !== officer);
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
    task.photos = task.photos.filter((one) => one.id !== said.photo);
    if (task.record) task.record.current = false;
  },
  photo_mark(task, { said }) {
    const photo = task.photos.find((one) => one.id === said.photo);
    if (!photo) return;
    Object.assign(photo, { marks: said.marks, thumbnail: false }); // the copy without the marks is shown no more
  },
};

// The entity's signature under a version, else its refusal.
export function entityOf(one) {
  const own = one.signed.filter((by) => by.role === "entity");
  return own.find((by) => !by.refused) ?? own[0];
}

// A hash as people compare it: the first sixteen signs, in groups of four.
export const short = (sha256) => sha256.slice(0, 16).match(/.{4}/g).join(" ");
