// 在页面的画面上画框：鼠标、手指、键盘都能画、挪、改大小、删、撤销。画的与各页下面打的勾是同一份：改了框就改了勾的值，
// 去了勾框就变成虚的。没有脚本的，打勾和填数字。
(() => {
  "use strict";
  const root = document.querySelector("[data-boxes]");
  if (!root) return;
  const LEAST = 0.004; // 比这还小的算是点了一下，不是画
  const STEP = 0.002;
  const STEPS_KEPT = 100;
  const tools = root.querySelector("[data-tools]");
  const undoing = tools.querySelector("[data-undo]");
  const removing = tools.querySelector("[data-remove]");
  const byFinger = tools.querySelector("[data-draw]");
  const count = tools.querySelector("[data-count]");
  const past = [];
  let chosen = null; // { input, at }：哪一项的第几个框
  let drag = null;
  let changed = false;

  const clamp = (value, low, high) => Math.min(Math.max(value, low), high);
  const inputs = (scope = root) => [...scope.querySelectorAll('input[name="box"]')];
  const pageOf = (node) => node.closest("[data-page]");
  const read = (text) => {
    const [page, x, y, width, height, kind] = text.split(":");
    return { page, x: +x, y: +y, width: +width, height: +height, kind };
  };
  const write = (box) =>
    [box.page, ...[box.x, box.y, box.width, box.height].map((n) => n.toFixed(5)), box.kind].join(":");
  const boxesOf = (input) => input.value.split(" ").filter(Boolean).map(read);
  const put = (input, at, box) => {
    const all = boxesOf(input);
    all[at] = box;
    input.value = all.map(write).join(" ");
  };
  const where = (box) =>
    [["左", box.x], ["上", box.y], ["宽", box.width], ["高", box.height]]
      .map(([name, n]) => `${name} ${(n * 100).toFixed(1)}%`)
      .join("，");

  // ---- 撤销 ----
  const snapshot = () => ({
    lists: [...root.querySelectorAll("[data-ticks]")].map((list) => ({
      list,
      items: [...list.children].map((item) => {
        const input = item.querySelector("input");
        return { item, value: input.value, on: input.checked };
      }),
    })),
  });
  const keep = (state = snapshot()) => {
    past.push(state);
    if (past.length > STEPS_KEPT) past.shift();
    changed = true;
  };
  const undo = () => {
    const state = past.pop();
    if (!state) return;
    for (const { list, items } of state.lists) {
      list.replaceChildren(...items.map((each) => each.item));
      for (const { item, value, on } of items) {
        const input = item.querySelector("input");
        input.value = value;
        input.checked = on;
      }
    }
    chosen = null;
    draw();
  };

  // ---- 显示 ----
  const label = (input, at, box) => {
    const told = input.closest("label").querySelector("span").firstChild.textContent.trim();
    const state = input.checked ? "遮盖" : "没有遮";
    return `第 ${box.page} 页，${told}，${state}，${where(box)}`;
  };
  const place = (node, box) => {
    node.style.left = `${box.x * 100}%`;
    node.style.top = `${box.y * 100}%`;
    node.style.width = `${box.width * 100}%`;
    node.style.height = `${box.height * 100}%`;
  };
  const isChosen = (input, at) => chosen && chosen.input === input && chosen.at === at;
  const draw = () => {
    const focused = document.activeElement?.classList.contains("mark-box");
    root.querySelectorAll(".mark-box").forEach((node) => node.remove());
    let on = 0;
    for (const input of inputs()) {
      boxesOf(input).forEach((box, at) => {
        on += input.checked ? 1 : 0;
        const paper = root.querySelector(`[data-page="${box.page}"] [data-paper]`);
        if (!paper) return;
        const node = document.createElement("div");
        node.className = "mark-box";
        node.classList.toggle("off", !input.checked);
        node.classList.toggle("chosen", Boolean(isChosen(input, at)));
        node.tabIndex = 0;
        node.setAttribute("role", "button");
        node.setAttribute("aria-label", label(input, at, box));
        node.owner = { input, at };
        place(node, box);
        for (const end of ["start", "end"]) {
          const handle = document.createElement("span");
          handle.className = `mark-handle ${end}`;
          handle.dataset.end = end;
          node.append(handle);
        }
        paper.append(node);
        if (isChosen(input, at) && focused) node.focus({ preventScroll: true });
      });
      const small = input.closest("li").querySelector("small");
      if (small) small.textContent = where(boxesOf(input)[0]);
    }
    undoing.disabled = !past.length;
    removing.disabled = !chosen;
    count.textContent = `遮盖 ${on} 处`;
  };
  const choose = (input, at) => {
    chosen = input ? { input, at } : null;
    root.querySelectorAll(".mark-box").forEach((node) =>
      node.classList.toggle("chosen", Boolean(isChosen(node.owner.input, node.owner.at))),
    );
    removing.disabled = !chosen;
  };
  const add = (page, box) => {
    const item = document.createElement("li");
    const held = document.createElement("label");
    held.className = "check";
    const input = document.createElement("input");
    Object.assign(input, { type: "checkbox", name: "box", checked: true, value: write(box) });
    const words = document.createElement("span");
    const small = document.createElement("small");
    small.className = "muted";
    words.append("自己画的 ", small);
    held.append(input, " ", words);
    item.append(held);
    page.querySelector("[data-ticks]").append(item);
    choose(input, 0);
    draw();
    return input;
  };
  const remove = () => {
    if (!chosen) return;
    keep();
    const { input, at } = chosen;
    if (boxesOf(input)[at].kind === "drawn") input.closest("li").remove();
    else input.checked = false;
    chosen = null;
    draw();
  };
  const moved = (box, right, down) => ({
    ...box,
    x: clamp(box.x + right, 0, 1 - box.width),
    y: clamp(box.y + down, 0, 1 - box.height),
  });
  const sized = (box, right, down) => ({
    ...box,
    width: clamp(box.width + right, LEAST, 1 - box.x),
    height: clamp(box.height + down, LEAST, 1 - box.y),
  });

  // ---- 鼠标、手指 ----
  const at = (paper, event) => {
    const area = paper.getBoundingClientRect();
    return {
      x: clamp((event.clientX - area.left) / area.width, 0, 1),
      y: clamp((event.clientY - area.top) / area.height, 0, 1),
    };
  };
  const between = (one, other) => ({
    x: Math.min(one.x, other.x),
    y: Math.min(one.y, other.y),
    width: Math.abs(one.x - other.x),
    height: Math.abs(one.y - other.y),
  });
  const start = (paper, event) => {
    const node = event.target.closest(".mark-box");
    if (event.button || drag) return;
    if (!node && event.pointerType === "touch" && byFinger.getAttribute("aria-pressed") !== "true") return;
    const from = at(paper, event);
    const before = snapshot();
    if (node) {
      const { input, at: place_ } = node.owner;
      const end = isChosen(input, place_) ? event.target.dataset.end : undefined;
      choose(input, place_);
      node.focus({ preventScroll: true });
      drag = { node, paper, from, before, input, at: place_, end, box: boxesOf(input)[place_] };
    } else {
      choose(null);
      const made = document.createElement("div");
      made.className = "mark-box drawing";
      paper.append(made);
      drag = { node: made, paper, from, before, isNew: true, box: between(from, from) };
      place(made, drag.box);
    }
    event.preventDefault();
    paper.setPointerCapture(event.pointerId);
  };
  const follow = (paper, event) => {
    if (!drag || drag.paper !== paper) return;
    const now = at(paper, event);
    const right = now.x - drag.from.x;
    const down = now.y - drag.from.y;
    if (drag.isNew) drag.now = between(drag.from, now);
    else if (drag.end === "end") drag.now = sized(drag.box, right, down);
    else if (drag.end === "start") {
      const { x, y, width, height } = drag.box;
      const corner = { x: Math.min(now.x, x + width - LEAST), y: Math.min(now.y, y + height - LEAST) };
      drag.now = { ...drag.box, ...between(corner, { x: x + width, y: y + height }) };
    } else drag.now = moved(drag.box, right, down);
    place(drag.node, drag.now);
  };
  const release = () => {
    if (!drag) return;
    const { paper, isNew, now, input, at: place_, before, node } = drag;
    drag = null;
    if (isNew) node.remove();
    if (!now) return;
    if (!isNew) {
      keep(before);
      put(input, place_, now);
      input.checked = true;
      draw();
    } else if (now.width > LEAST && now.height > LEAST / 2) {
      keep(before);
      const page = pageOf(paper);
      add(page, { ...now, page: page.dataset.page, kind: "drawn" });
    }
  };

  // ---- 键盘 ----
  const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  root.addEventListener("keydown", (event) => {
    const isText = event.target.matches("textarea, input:not([type=checkbox])");
    if ((event.ctrlKey || event.metaKey) && event.key === "z" && !isText) {
      event.preventDefault();
      undo();
      return;
    }
    const node = event.target.closest(".mark-box");
    if (!node) return;
    const { input, at: place_ } = node.owner;
    if (event.key === "Delete" || event.key === "Backspace") {
      choose(input, place_);
      remove();
    } else if (event.key === "Enter" || event.key === " ") {
      keep();
      choose(input, place_);
      input.checked = !input.checked;
      draw();
    } else if (ARROWS[event.key]) {
      const [right, down] = ARROWS[event.key].map((n) => n * STEP);
      const box = boxesOf(input)[place_];
      keep();
      choose(input, place_);
      put(input, place_, event.shiftKey ? sized(box, right, down) : moved(box, right, down));
      draw();
    } else return;
    event.preventDefault();
  });
  root.addEventListener("focusin", (event) => {
    const node = event.target.closest(".mark-box");
    if (node && !drag) choose(node.owner.input, node.owner.at);
  });

  // ---- 打勾、按钮 ----
  root.addEventListener("change", (event) => {
    if (event.target.name !== "box") return;
    const input = event.target;
    input.checked = !input.checked;
    keep();
    input.checked = !input.checked;
    draw();
  });
  root.querySelectorAll("[data-paper]").forEach((paper) => {
    paper.classList.add("live");
    paper.querySelector("[data-still]").remove();
    paper.addEventListener("pointerdown", (event) => start(paper, event));
    paper.addEventListener("pointermove", (event) => follow(paper, event));
    paper.addEventListener("pointerup", release);
    paper.addEventListener("pointercancel", release);
  });
  root.querySelectorAll("[data-add]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => {
      keep();
      const page = pageOf(button);
      const box = { page: page.dataset.page, x: 0.35, y: 0.45, width: 0.3, height: 0.05, kind: "drawn" };
      const input = add(page, box);
      const node = [...page.querySelectorAll(".mark-box")].find((each) => each.owner.input === input);
      node.focus();
      node.scrollIntoView({ block: "center" });
    });
  });
  undoing.addEventListener("click", undo);
  removing.addEventListener("click", remove);
  byFinger.addEventListener("click", () => {
    const on = byFinger.getAttribute("aria-pressed") !== "true";
    byFinger.setAttribute("aria-pressed", String(on));
    root.querySelectorAll("[data-paper]").forEach((paper) => paper.classList.toggle("by-finger", on));
  });
  byFinger.hidden = !matchMedia("(any-pointer: coarse)").matches;
  root.addEventListener("submit", () => { changed = false; });
  addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });
  tools.hidden = false;
  root.querySelector("[data-help]").hidden = false;
  draw();
})();
