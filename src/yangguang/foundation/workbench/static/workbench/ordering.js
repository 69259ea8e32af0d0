// 拖动排次序：每行多一个把手，鼠标、手指都能拖；放下就交给服务端，照它答的换上新次序，没有办成的放回原处。
// 没有脚本、用键盘的，用行里的按钮。
(() => {
  "use strict";
  const EDGE = 64; // 离窗口上下边这么近就滚动
  const PACE = 12;
  const WHY = {
    offline: "没有连上，次序照旧。请再拖一次，或者用按钮调。",
    refused: "没有办成，次序照旧。请刷新这一页再看。",
  };
  const rowsOf = (list) => [...list.querySelectorAll(":scope > li[data-row]")];

  // ---- 拖 ----
  let drag = null;

  const follow = () => {
    const lists = [...drag.root.querySelectorAll("[data-part] ol")];
    const distance = (list) => {
      const box = list.closest("[data-part]").getBoundingClientRect();
      return Math.max(box.top - drag.y, drag.y - box.bottom, 0);
    };
    const list = lists.reduce((best, each) => (distance(each) < distance(best) ? each : best));
    const below = rowsOf(list).find((row) => {
      const box = row.getBoundingClientRect();
      return drag.y < box.top + box.height / 2;
    });
    list.insertBefore(drag.mark, below ?? null);
  };
  const roll = () => {
    if (!drag) return;
    const step = drag.y < EDGE ? -PACE : drag.y > innerHeight - EDGE ? PACE : 0;
    if (step) {
      scrollBy(0, step);
      follow();
    }
    requestAnimationFrame(roll);
  };
  const release = () => {
    const { row, mark } = drag;
    const target = { list: mark.parentElement, before: mark.nextElementSibling };
    mark.remove();
    row.classList.remove("dragged");
    document.body.classList.remove("dragging");
    drag = null;
    return target;
  };
  const grip = (row) => {
    const held = document.createElement("span");
    held.className = "grip";
    held.setAttribute("aria-hidden", "true");
    held.title = "按住拖动";
    held.addEventListener("pointerdown", (event) => {
      if (event.button || drag) return;
      event.preventDefault();
      held.setPointerCapture(event.pointerId);
      const mark = document.createElement("li");
      mark.className = "mark";
      drag = { row, mark, root: row.closest("[data-ordering]"), y: event.clientY };
      row.classList.add("dragged");
      document.body.classList.add("dragging");
      follow();
      requestAnimationFrame(roll);
    });
    held.addEventListener("pointermove", (event) => {
      if (drag?.row !== row) return;
      drag.y = event.clientY;
      follow();
    });
    held.addEventListener("pointerup", () => {
      if (drag?.row !== row) return;
      const { list, before } = release();
      if (before !== row && !(list === row.parentElement && before === row.nextElementSibling)) place(row, list, before);
    });
    held.addEventListener("pointercancel", () => drag?.row === row && release());
    return held;
  };
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && drag) release();
  });

  // ---- 放下 ----
  const tell = (row, text, kind) => {
    row.querySelector(".message")?.remove();
    const told = document.createElement("p");
    told.className = `message ${kind}`;
    told.setAttribute("role", kind === "error" ? "alert" : "status");
    told.textContent = text;
    row.append(told);
  };
  const place = async (row, list, before) => {
    const home = { list: row.parentElement, before: row.nextElementSibling };
    const root = row.closest("[data-ordering]");
    const form = row.querySelector("form");
    const data = new FormData(form);
    data.set("section", list.closest("[data-part]").dataset.part);
    data.set("before", before?.dataset.row ?? "");
    const token = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1];
    if (token) data.set("csrfmiddlewaretoken", token);
    list.insertBefore(row, before);
    root.inert = true;
    let why = WHY.offline;
    try {
      const answer = await fetch(form.action, { method: "POST", body: data });
      why = WHY.refused;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (!answer.ok || !page.getElementById(root.id)) throw new Error(why);
      const [told] = page.querySelectorAll(".messages .message");
      for (const part of [`#${root.id}`, ".record-do"]) {
        const fresh = document.importNode(page.querySelector(part), true);
        document.querySelector(part).replaceWith(fresh);
        window.htmx?.process(fresh);
      }
      dress();
      const again = document.querySelector(`[data-ordering] li[data-row="${row.dataset.row}"]`);
      if (again && told) tell(again, told.textContent, told.classList.contains("error") ? "error" : "success");
    } catch {
      home.list.insertBefore(row, home.before);
      root.inert = false;
      tell(row, why, "error");
    }
  };

  const dress = () => {
    for (const row of document.querySelectorAll("[data-ordering] li[data-row]")) row.prepend(grip(row));
  };
  dress();
})();
