// 大视频：选好就分段传，断了自己接着传，关了再来选同一个文件也接着传。没有脚本的照平常的办法交。
(() => {
  "use strict";
  if (!window.crypto?.subtle) return;
  const LOGIN = "登录到时了。请另开一页重新登录，再回来按“继续上传”；已传的都留着。";
  const UNREADABLE = "这个文件读不出来了，可能被移走、改动了，请重新选。";
  const jobs = new Map();

  class Refusal extends Error {} // 说明白就停，不再试
  class Pause extends Error {} // 停下来等人

  const token = (job) =>
    document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1] ||
    job.root.querySelector("[name=csrfmiddlewaretoken]")?.value || "";
  const size = (bytes) =>
    bytes < 1073741824 ? `${(bytes / 1048576).toFixed(0)} MB` : `${(bytes / 1073741824).toFixed(1)} GB`;
  const sha256 = async (blob) => {
    let content;
    try {
      content = blob instanceof Blob ? await blob.arrayBuffer() : blob;
    } catch {
      throw new Refusal(UNREADABLE);
    }
    return new Uint8Array(await crypto.subtle.digest("SHA-256", content));
  };
  const base64 = (bytes) => btoa(String.fromCharCode(...bytes));
  const hex = (bytes) => [...bytes].map((each) => each.toString(16).padStart(2, "0")).join("");
  const ask = async (job, halt, href, options) => {
    const headers = { "X-CSRFToken": token(job), ...options.headers };
    const answer = await fetch(href, { ...options, headers, redirect: "manual", signal: halt });
    if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403) throw new Pause(LOGIN);
    return answer;
  };

  // ---- 摘要 ----
  const pieces = (job, end) => Math.ceil(end / job.segment);
  const pieceDigest = async (job, number) => {
    const from = number * job.segment;
    job.digests[number] ??= await sha256(job.file.slice(from, Math.min(from + job.segment, job.file.size)));
    return job.digests[number];
  };
  // 服务端的总摘要怎样算，这里就怎样算：各段的摘要接起来，再算一次
  const digest = async (job, end) => {
    const joined = new Uint8Array(pieces(job, end) * 32);
    for (let number = 0; number < pieces(job, end); number += 1) {
      const whole = (number + 1) * job.segment <= end || end === job.file.size;
      const found = whole ? await pieceDigest(job, number) : await sha256(job.file.slice(number * job.segment, end));
      joined.set(found, number * 32);
    }
    return hex(await sha256(joined));
  };

  // ---- 传 ----
  // 停下又接着传的是另一趟。每一趟只认自己的 halt：停下时正在算摘要的那一趟，算完了也不再动什么。
  const begin = async (job, halt) => {
    const body = new FormData();
    body.set("name", job.file.name);
    body.set("size", job.file.size);
    const answer = await ask(job, halt, job.input.dataset.uploads, { method: "POST", body });
    if (answer.status !== 201) throw new Refusal(answer.status < 500 ? await answer.text() : "服务器没有答应，请稍后再传。");
    job.href = answer.headers.get("Location");
    job.received = Number(answer.headers.get("Upload-Offset"));
    if (!job.received) { job.begun = true; return; }
    tell(job, "正在核对上次传到的部分…");
    const held = await (await ask(job, halt, job.href, { method: "GET" })).json();
    const found = await digest(job, held.received);
    halt.throwIfAborted();
    if (held.digest !== found) {
      job.href = "";
      throw new Refusal("上次没有传完的，与这个文件同名同大，内容却不同。请选原来那个文件，或者先删去没有传完的。");
    }
    job.received = held.received;
    job.begun = true;
  };
  const resync = async (job, halt) => {
    const answer = await ask(job, halt, job.href, { method: "HEAD" });
    if (answer.status === 404) throw new Refusal("没有传完的已经删去，请重新选文件。");
    if (!answer.ok) throw new TypeError();
    job.received = Number(answer.headers.get("Upload-Offset"));
  };
  const one = async (job, halt) => {
    const end = Math.min((Math.floor(job.received / job.segment) + 1) * job.segment, job.file.size);
    const body = job.file.slice(job.received, end);
    const sum = job.received % job.segment ? await sha256(body) : await pieceDigest(job, job.received / job.segment);
    const answer = await ask(job, halt, job.href, {
      method: "PATCH", body,
      headers: {
        "Content-Type": "application/offset+octet-stream",
        "Upload-Offset": String(job.received),
        "Upload-Checksum": `sha256 ${base64(sum)}`,
      },
    });
    if (answer.status === 204) job.received = Number(answer.headers.get("Upload-Offset"));
    else if ([409, 423, 460].includes(answer.status) || answer.status >= 500) throw new TypeError();
    else throw new Refusal(answer.status === 404 ? "没有传完的已经删去，请重新选文件。" : await answer.text());
  };
  const wait = (seconds, halt) => new Promise((done) => {
    const timer = setTimeout(done, seconds * 1000);
    const now = () => { clearTimeout(timer); done(); };
    window.addEventListener("online", now, { once: true, signal: halt });
    halt.addEventListener("abort", now, { once: true });
  });
  const run = async (job) => {
    let failures = 0;
    let sure = !job.begun; // 停下的时候路上那一段，服务端收到没有，要先问
    job.stop = new AbortController();
    const halt = job.stop.signal;
    show(job, "sending");
    try {
      while (!job.begun || !sure || job.received < job.file.size) {
        try {
          if (!job.begun) { await begin(job, halt); sure = true; }
          else if (!sure) { await resync(job, halt); failures = 0; sure = true; }
          else await one(job, halt);
          progress(job);
        } catch (error) {
          if (halt.aborted || !(error instanceof TypeError)) throw error;
          failures += 1;
          sure = false;
          const seconds = Math.min(2 ** failures, 30);
          tell(job, `连不上，过 ${seconds} 秒自己再试；已传的都留着。`);
          await wait(seconds, halt);
          halt.throwIfAborted();
        }
      }
      const found = await digest(job, job.file.size);
      halt.throwIfAborted();
      job.root.querySelector(`[name="${job.name("uploaded")}"]`).value = job.href.split("/").at(-2);
      job.root.querySelector(`[name="${job.name("uploaded_digest")}"]`).value = found;
      show(job, "done");
      tell(job, `“${job.file.name}”传完了，填好下面的，就可以交。`);
    } catch (error) {
      if (halt.aborted) return;
      if (error instanceof Pause) { show(job, "paused"); tell(job, error.message); return; }
      show(job, "refused");
      tell(job, error instanceof Refusal ? error.message : "出了岔子，没有传成，请重新选文件。");
    }
  };

  // ---- 看得见的 ----
  const tell = (job, text) => { if (job.told.textContent !== text) job.told.textContent = text; };
  const progress = (job) => {
    const percent = Math.floor((job.received * 100) / job.file.size);
    job.bar.value = percent;
    tell(job, `已传 ${percent}%，${size(job.received)}，共 ${size(job.file.size)}。可以先填别的。`);
  };
  const show = (job, state) => {
    job.state = state;
    job.box.classList.toggle("wrong", state === "refused");
    job.bar.hidden = state === "refused";
    job.go.hidden = state === "done" || state === "refused";
    job.go.textContent = state === "paused" ? "继续上传" : "暂停";
    job.away.textContent = state === "done" || state === "refused" ? "换一个文件" : "不传了";
    if (state === "refused") job.away.focus();
  };
  const put = (kind, text = "") => {
    const made = document.createElement(kind);
    made.textContent = text;
    if (kind === "button") { made.type = "button"; made.className = "btn quiet"; }
    return made;
  };
  const clear = (job) => {
    jobs.delete(job.input);
    job.box.remove();
    job.input.disabled = false;
    job.input.value = "";
    for (const name of ["uploaded", "uploaded_digest"]) job.root.querySelector(`[name="${job.name(name)}"]`).value = "";
    job.input.dispatchEvent(new Event("change", { bubbles: true }));
    job.input.focus();
  };
  const start = (input, file) => {
    const job = {
      input, file, digests: [], href: "", begun: false, received: 0, state: "",
      root: input.form || input.closest(".stack"), segment: Number(input.dataset.segment),
      name: (field) => input.name.replace(/file$/, field),
      box: put("div"), bar: put("progress"), told: put("p"), go: put("button", "暂停"), away: put("button", "不传了"),
    };
    job.box.className = "uploading";
    job.box.setAttribute("role", "group");
    job.box.setAttribute("aria-label", `上传“${file.name}”`);
    job.bar.max = 100;
    job.bar.value = 0;
    job.bar.setAttribute("aria-label", "传了百分之几");
    job.told.setAttribute("role", "status");
    const buttons = put("p");
    buttons.className = "do";
    buttons.append(job.go, job.away);
    job.box.append(job.bar, job.told, buttons);
    input.closest(".field").append(job.box);
    // 停用的文件框不随表单交：内容已经分段交了
    input.disabled = true;
    jobs.set(input, job);
    job.go.addEventListener("click", () => {
      if (job.state === "paused") { run(job); return; }
      job.stop.abort();
      show(job, "paused");
      tell(job, "停下了，已传的都留着。");
    });
    job.away.addEventListener("click", () => {
      job.stop.abort();
      if (job.href && job.state !== "refused") {
        fetch(job.href, { method: "DELETE", headers: { "X-CSRFToken": token(job) }, redirect: "manual" }).catch(() => {});
      }
      clear(job);
    });
    tell(job, "正在准备…");
    run(job);
  };

  document.addEventListener("change", (event) => {
    const input = event.target;
    const file = input.matches?.("input[type=file][data-uploads]") && input.files[0];
    if (!file || file.size < Number(input.dataset.least)) return;
    if (!file.type.startsWith("video/") && !/\.(mp4|m4v|mov)$/i.test(file.name)) return;
    start(input, file);
  });
  // 还没有传完就交：留在这一页，说明白。存草稿不拦。
  const unfinished = (root) =>
    [...jobs.values()].find((job) => root.contains(job.input) && job.state !== "done");
  const hold = (event, job) => {
    event.preventDefault();
    event.stopImmediatePropagation();
    if (job.state === "sending") tell(job, "视频还在传，传完再交。");
    job.away.focus();
  };
  document.addEventListener("submit", (event) => {
    if (event.submitter?.name === "draft") return;
    const job = unfinished(event.target);
    if (job) hold(event, job);
  }, true);
  document.addEventListener("htmx:beforeRequest", (event) => {
    const { elt, requestConfig } = event.detail;
    const job = requestConfig?.verb === "post" && elt.closest(".stack") && unfinished(elt.closest(".stack"));
    if (job) hold(event, job);
  });
  // 展开的一块收起了，里面的就停下；已传的留着。
  document.addEventListener("htmx:afterSwap", () => {
    for (const [input, job] of jobs) if (!input.isConnected) { job.stop.abort(); jobs.delete(input); }
  });
})();
