// 公众填的表，写的留在这台设备上，下次打开接着填。只留标明 data-kept 的各项：证件号码不留。没有它，一样能填、能交。
addEventListener("DOMContentLoaded", () => {
  "use strict";
  const PREFIX = "draft:", KEPT_DAYS = 30;
  const store = (() => { try { localStorage.setItem("draft?", "1"); localStorage.removeItem("draft?"); return localStorage; } catch { return null; } })();
  if (!store) return;
  const read = (name) => { try { return JSON.parse(store.getItem(PREFIX + name)) || {}; } catch { return {}; } };
  const forget = (name) => store.removeItem(PREFIX + name);

  for (const done of document.querySelectorAll("[data-draft-done]")) forget(done.dataset.draftDone);
  const summary = document.querySelector(".faults");
  if (summary) summary.focus();
  const form = document.querySelector("form[data-draft]");
  if (!form) return;
  const name = form.dataset.draft;
  const fields = [...form.querySelectorAll("[data-kept]")];
  const choice = (field) => field.type === "radio" || field.type === "checkbox";
  let kept = read(name);
  if (Date.now() - (kept.at || 0) > KEPT_DAYS * 86400000) kept = {};
  const values = kept.values || {};
  const written = (field) => choice(field)
    ? fields.some((each) => each.name === field.name && each.checked)
    : field.value !== "" && !(field.tagName === "SELECT" && field.selectedIndex === 0);
  // 服务器带回来的在先；空着的才用留下的。
  const empty = new Set(fields.filter((field) => !written(field)).map((field) => field.name));
  for (const field of fields) {
    const value = values[field.name];
    if (value === undefined || !empty.has(field.name)) continue;
    if (choice(field)) field.checked = field.value === value;
    else field.value = value;
  }
  const save = () => {
    const now = { ...values };
    for (const field of fields) {
      if (field.type === "checkbox") now[field.name] = field.checked ? field.value : "";
      else if (field.type !== "radio" || field.checked) now[field.name] = field.value;
    }
    Object.assign(values, now);
    try { store.setItem(PREFIX + name, JSON.stringify({ at: Date.now(), values: now })); } catch { /* 存不下就不留 */ }
  };
  form.addEventListener("input", save);
  form.addEventListener("submit", () => { if (fields.length) save(); });
  const note = document.querySelector("[data-kept-note]");
  if (!note || !fields.length) return;
  note.hidden = false;
  note.querySelector("[data-forget]").addEventListener("click", () => {
    forget(name);
    form.removeEventListener("input", save);
    note.textContent = "清除了，不再留。";
  });
});
