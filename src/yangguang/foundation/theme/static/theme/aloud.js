// 朗读：用浏览器自己的语音，一句一句地读。没有脚本、浏览器不会说话的，看不到这几个键。
(() => {
  "use strict";
  const synthesis = window.speechSynthesis;
  if (!synthesis || !window.SpeechSynthesisUtterance) return;
  // 画第一笔之前就定下有没有，页面不会跳动。
  document.documentElement.setAttribute("data-speaks", "");
  // 有的浏览器头一次问才去装语音，早些问。
  synthesis.getVoices();
  const LONGEST = 120;
  const SPEED = "aloud-speed";

  const spoken = (text) => text
    .replace(/(\d{4})-(\d\d)-(\d\d)/g, (_, year, month, day) => `${year}年${+month}月${+day}日`)
    .replace(/\s+/g, " ").trim();
  // 太长的一句，有的语音读到一半就停：在标点处断开。
  const sentences = (text) => {
    const found = [];
    for (const clause of spoken(text).match(/[^。！？；，、]*[。！？；，、]+|[^。！？；，、]+/g) || []) {
      for (let from = 0; from < clause.length; from += LONGEST) {
        const piece = clause.slice(from, from + LONGEST);
        const last = found[found.length - 1];
        if (last && !/[。！？；]$/.test(last) && last.length + piece.length <= LONGEST) found[found.length - 1] += piece;
        else found.push(piece);
      }
    }
    return found;
  };
  const joined = (parts) => `${[...parts].map((part) => part.textContent.trim()).filter(Boolean).join("，")}。`;
  // 表格一行一行地读，任务的一行各项之间停顿。
  const lines = (element) => {
    const rows = element.querySelectorAll("tr");
    if (rows.length) return [...rows].map((row) => joined(row.cells));
    return [element.matches("summary") ? joined(element.children) : element.textContent];
  };
  const passages = (selector) => [...document.querySelectorAll(selector)].flatMap((element) =>
    lines(element).flatMap(sentences).map((text) => ({ element, text })));

  // 普通话先于别的中文；没有说是哪国话的，交给浏览器按语言挑。
  const mandarin = (voice) => /^(zh[-_](cn|hans)|cmn)/i.test(voice.lang);
  const chinese = (voices) => voices.find(mandarin) || voices.find((voice) => /^zh/i.test(voice.lang));
  const remembered = () => { try { return localStorage.getItem(SPEED); } catch { return null; } };
  const remember = (value) => { try { localStorage.setItem(SPEED, value); } catch { /* 隐私模式下不记 */ } };

  const attach = (bar) => {
    const [play, stop] = bar.querySelectorAll("button");
    const speed = bar.querySelector("select");
    const status = bar.querySelector("[role=status]");
    let waiting = [];
    let at = 0;
    let state = "idle";
    let current = null;
    let lit = null;

    const light = (element) => {
      if (lit) lit.classList.remove("reading");
      lit = element;
      if (lit) lit.classList.add("reading");
    };
    const become = (next, words, isTrouble) => {
      state = next;
      play.textContent = { idle: "朗读", reading: "暂停", paused: "继续" }[next];
      if (next === "idle" && document.activeElement === stop) play.focus();
      stop.hidden = speed.parentElement.hidden = next === "idle";
      status.className = isTrouble ? "" : "unseen";
      status.textContent = words;
    };
    const hush = () => {
      current = null;
      synthesis.cancel();
    };
    const finish = (words, isTrouble) => {
      hush();
      light(null);
      at = 0;
      become("idle", words, isTrouble);
    };
    const say = () => {
      const passage = waiting[at];
      if (!passage) { finish("读完了"); return; }
      const utterance = new SpeechSynthesisUtterance(passage.text);
      utterance.voice = chinese(synthesis.getVoices()) || null;
      utterance.lang = utterance.voice ? utterance.voice.lang : "zh-CN";
      utterance.rate = Number(speed.value);
      // 取消了的也会来报，只听现在这一句的
      utterance.onend = () => {
        if (utterance !== current) return;
        at += 1;
        say();
      };
      utterance.onerror = () => {
        if (utterance === current) finish("这台设备上的浏览器读不出声音", true);
      };
      current = utterance;
      light(passage.element);
      synthesis.speak(utterance);
    };
    const begin = () => {
      const voices = synthesis.getVoices();
      if (voices.length && !chinese(voices)) { finish("这台设备没有装中文语音", true); return; }
      if (state === "idle") waiting = passages(bar.dataset.aloud);
      become("reading", "正在朗读");
      say();
    };
    // 手机上暂停不管用：停在这一句，继续时从这一句的头上读起。
    const pause = () => {
      hush();
      become("paused", "已暂停");
    };

    if ([...speed.options].some((option) => option.value === remembered())) speed.value = remembered();
    play.addEventListener("click", () => (state === "reading" ? pause() : begin()));
    stop.addEventListener("click", () => finish("已停止"));
    speed.addEventListener("change", () => {
      remember(speed.value);
      if (state !== "reading") return;
      hush();
      say();
    });
    addEventListener("keydown", (event) => {
      if (event.key === "Escape" && state !== "idle") finish("已停止");
    });
    addEventListener("pagehide", () => { if (state !== "idle") finish(""); });
  };
  addEventListener("DOMContentLoaded", () => document.querySelectorAll("[data-aloud]").forEach(attach));
})();
