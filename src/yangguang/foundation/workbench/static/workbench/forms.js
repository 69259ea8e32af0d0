// 填表：提交之后按钮停用，没有办成时焦点移到缘由上，写着的自动存成草稿。没有脚本时按“存草稿”。
(() => {
  "use strict";
  const PAUSE = 3000; // 停笔这么久就存
  const PULSE = 60000; // 没有写新的，也隔这么久说一声还开着

  // 中间在别的窗口重新登录过，凭证就换了：交之前换成现在的。
  const refresh = (form) => {
    const now = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1];
    const field = form.querySelector("[name=csrfmiddlewaretoken]");
    if (now && field) field.value = now;
  };
  // 免得连点；服务端另有幂等键，连点也只办一次。
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post") return;
    refresh(form);
    setTimeout(() => form.querySelectorAll("button[type=submit]").forEach((b) => { b.disabled = true; }), 0);
  });
  // 退回这一页时按钮要能再按。
  window.addEventListener("pageshow", () => {
    document.querySelectorAll("form button[type=submit]").forEach((b) => { b.disabled = false; });
  });
  // 读屏先读到缘由。
  document.getElementById("refusals")?.focus();

  // 选文件的按钮：浏览器自带的说明跟着浏览器的语言走，换成中文的。
  const dress = () => {
    for (const box of document.querySelectorAll("main input[type=file][id]:not(.dressed)")) {
      const label = document.createElement("label");
      label.className = "btn quiet pick-file";
      label.htmlFor = box.id;
      label.textContent = box.multiple ? "选几个文件" : "选一个文件";
      const told = document.createElement("span");
      told.className = "muted";
      told.setAttribute("aria-live", "polite");
      const tell = () => { told.textContent = [...box.files].map((file) => file.name).join("、") || "还没有选"; };
      box.classList.add("dressed");
      box.after(label, told);
      box.addEventListener("change", tell);
      window.addEventListener("pageshow", tell);
      tell();
    }
  };
  dress();
  document.addEventListener("htmx:afterSwap", dress);

  // 一笔一笔填的：要几笔加几笔。没有脚本的，存一次就又有几笔空的。
  for (const button of document.querySelectorAll("[data-more-rows]")) {
    const place = button.parentElement;
    place.hidden = false;
    button.addEventListener("click", () => {
      const last = place.previousElementSibling;
      const old = Number(last.dataset.row);
      const row = last.cloneNode(true);
      row.dataset.row = old + 1;
      row.querySelector("legend").textContent = `第 ${old + 1} 笔`;
      for (const box of row.querySelectorAll("input")) {
        const label = row.querySelector(`label[for="${box.id}"]`);
        box.id = label.htmlFor = box.id.replace(`_${old}_`, `_${old + 1}_`);
        box.value = "";
      }
      last.after(row);
      place.hidden = old + 1 >= Number(button.dataset.moreRows);
      row.querySelector("input").focus();
    });
  }

  const form = document.querySelector("form[data-keep]");
  const state = form?.querySelector("[data-draft-state]");
  if (!state) return;

  const texts = () => {
    const data = new FormData(form);
    // 文件不自动传：选过的文件提交时才交
    for (const [name, value] of [...data]) if (typeof value !== "string") data.delete(name);
    return data;
  };
  const now = () => {
    const data = texts();
    data.delete("csrfmiddlewaretoken");
    return new URLSearchParams(data).toString();
  };
  let kept = now();
  let waiting = 0;
  let sending = null;
  let isOver = false;

  const send = async (what, isLast = false) => {
    if (isOver) return;
    clearTimeout(waiting);
    refresh(form);
    const data = texts();
    const written = now();
    data.set("draft", what);
    sending?.abort();
    sending = new AbortController();
    try {
      const answer = await fetch(location.href, {
        method: "POST", body: data, headers: { "X-Autosave": "1" }, redirect: "manual",
        keepalive: isLast, signal: isLast ? undefined : sending.signal,
      });
      if (answer.type === "opaqueredirect" || !/text\/html/.test(answer.headers.get("Content-Type"))) throw new Error();
      const told = (await answer.text()).trim();
      if (what === "keep" && answer.ok) kept = written;
      // 存上的话留着，没有新话说就不动
      if (told) state.innerHTML = told;
    } catch (error) {
      if (error.name !== "AbortError") state.textContent = "连不上，没有存上。写的都还在这一页，连上之后接着存。";
    }
  };
  const keep = (isLast) => { if (now() !== kept) send("keep", isLast); };

  // 编辑器换下了文本框：交的那一项换了名字，不算写了什么。
  form.addEventListener("richtext", () => { kept = now(); });
  form.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(keep, PAUSE); });
  setInterval(() => send(now() === kept ? "touch" : "keep"), PULSE);
  document.addEventListener("visibilitychange", () => { if (document.hidden) keep(true); });
  // 交了就不再存，免得后到的又存下一份已经交了的。
  form.addEventListener("submit", () => { isOver = true; clearTimeout(waiting); sending?.abort(); });
  window.addEventListener("pageshow", () => { isOver = false; });
})();
