// 页面上只有期限的日期；还有几个工作日由这里数，按北京时间，凭站点的工作日表。
// 表里没有的年份不说；地方节日还没有录入的年份说“约”。
(() => {
  "use strict";
  const source = document.currentScript.src;
  const DAY = 86400000;
  const written = (moment) => new Date(moment).toISOString().slice(0, 10);
  const works = (table, day) => {
    const on = day.slice(5);
    return table.on.includes(on) || (new Date(day).getUTCDay() % 6 !== 0 && !table.off.includes(on));
  };
  // from 次日至 to 当日的工作日数；经过表里没有的年份，数不出。
  const counted = (years, from, to) => {
    let days = 0;
    let roughly = false;
    for (let at = Date.parse(from) + DAY; at <= Date.parse(to); at += DAY) {
      const day = written(at);
      const table = years[day.slice(0, 4)];
      if (!table) return null;
      days += works(table, day);
      roughly ||= table.missing.length > 0;
    }
    return { days, words: `${roughly ? "约" : ""} ${days} 个工作日` };
  };
  const apart = (from, to) => Math.round((Date.parse(to) - Date.parse(from)) / DAY);
  const due = (years, today, on) => {
    if (on === today) return "今天到期";
    const found = counted(years, today, on);
    if (!found) return "";
    return found.days ? `还有${found.words}` : `还有 ${apart(today, on)} 天，都是休息日`;
  };
  const closes = (years, today, on) => {
    if (on === today) return "今天截止";
    const found = counted(years, today, on);
    return `还有 ${apart(today, on)} 天${found ? `，${found.words.trim()}` : ""}`;
  };
  addEventListener("DOMContentLoaded", async () => {
    const today = written(Date.now() + 8 * 3600000);
    const ahead = [...document.querySelectorAll(".left")].filter((place) => (place.dataset.due || place.dataset.closes) >= today);
    if (!ahead.length) return;
    const answer = await fetch(new URL("../workdays.json", source)).catch(() => null);
    const years = answer && answer.ok ? await answer.json() : {};
    for (const place of ahead) {
      const { due: byDay, closes: byClosing } = place.dataset;
      place.textContent = byDay ? due(years, today, byDay) : closes(years, today, byClosing);
    }
  });
})();
