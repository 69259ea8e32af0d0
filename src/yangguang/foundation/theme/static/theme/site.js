// 没有它，页面一样能用。它只做几件小事：记住大字、显出打印键、在纸上写日子、点到折起的一项时把它展开、把站点的紧急提示放到页首。
(() => {
  "use strict";
  const root = document.documentElement;
  const remember = (on) => { try { localStorage.setItem("elder", on ? "1" : ""); } catch { /* 隐私模式下不记 */ } };
  const remembered = () => { try { return localStorage.getItem("elder") === "1"; } catch { return false; } };
  // 画第一笔之前就定下字号，页面不会先小后大。
  if (remembered()) root.setAttribute("data-elder", "");
  const reveal = () => {
    const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const details = target && target.closest("details");
    if (details) { details.open = true; target.scrollIntoView(); }
  };
  // 紧急提示一个站点一个小文件；首页自己印着。同一个窗口里一分钟只取一次。
  const source = document.currentScript.src;
  const alerts = async () => {
    const kept = (() => { try { return JSON.parse(sessionStorage.getItem("alerts")); } catch { return null; } })();
    if (kept && kept.of === source && Date.now() - kept.at < 60000) return kept.rows;
    const answer = await fetch(new URL("../alerts.json", source));
    const rows = answer.ok ? await answer.json() : [];
    try { sessionStorage.setItem("alerts", JSON.stringify({ of: source, at: Date.now(), rows })); } catch { /* 存不下就每页取 */ }
    return rows;
  };
  const made = (tag, text, name) => Object.assign(document.createElement(tag), { textContent: text, className: name || "" });
  const warn = (rows) => {
    const bars = rows.map((row) => {
      const bar = made("div", "", `warning ${row.level}-level`);
      const words = made("p", row.text);
      if (row.href) words.append(" ", Object.assign(made("a", "详情"), { href: row.href }));
      const until = made("time", `有效到 ${row.until}`);
      until.dateTime = row.until;
      bar.append(made("b", row.word), words, until);
      return bar;
    });
    document.getElementById("main").prepend(...bars);
  };
  // 纸上写明是哪一天印的，按北京时间。
  addEventListener("beforeprint", () => {
    const [year, month, day] = new Date(Date.now() + 8 * 3600000).toISOString().slice(0, 10).split("-").map(Number);
    for (const place of document.querySelectorAll("[data-printed]")) place.textContent = `，印于 ${year}年${month}月${day}日`;
  });
  addEventListener("hashchange", reveal);
  addEventListener("DOMContentLoaded", () => {
    const elder = document.getElementById("elder");
    if (elder) {
      elder.checked = remembered();
      elder.addEventListener("change", () => remember(elder.checked));
    }
    root.removeAttribute("data-elder");
    for (const button of document.querySelectorAll("[data-print]")) {
      button.hidden = false;
      button.addEventListener("click", () => window.print());
    }
    reveal();
    if (!document.querySelector(".warning")) alerts().then(warn).catch(() => {});
  });
})();
