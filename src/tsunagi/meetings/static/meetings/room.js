/* The room on a tablet: rows are kept in this tab until the server has them, and forgotten when the sitting is over.
   sessionStorage: it survives a reload, never the tab. What was typed carries numbers of its own, so nothing arrives twice. */
(function () {
  "use strict";
  var AGAIN = 3000;
  function uuid() {
    if (window.crypto && crypto.randomUUID) return crypto.randomUUID();
    var b = crypto.getRandomValues(new Uint8Array(16));
    b[6] = (b[6] & 15) | 64; b[8] = (b[8] & 63) | 128;
    var h = Array.from(b, function (n) { return (n < 16 ? "0" : "") + n.toString(16); }).join("");
    return [h.slice(0, 8), h.slice(8, 12), h.slice(12, 16), h.slice(16, 20), h.slice(20)].join("-");
  }
  /* -- the clock: counted from what the server said, by a clock nobody can set back -------------------- */
  var began = performance.now(), counted = null;
  function tick() {
    document.querySelectorAll("[data-room-clock]").forEach(function (place) {
      if (counted !== place) { counted = place; began = performance.now(); }
      var all = Number(place.dataset.roomClock) + Math.floor((performance.now() - began) / 1000);
      var text = Math.floor(all / 60) + ":" + (all % 60 < 10 ? "0" : "") + (all % 60);
      if (place.textContent !== text) place.textContent = text;
      place.classList.toggle("is-late", Number(place.dataset.roomMinutes) > 0 && all > Number(place.dataset.roomMinutes) * 60);
    });
  }
  window.setInterval(tick, 500);

  /* -- the wall: without the line nobody knows who may still see; so it is covered --------------------- */
  var lost = document.getElementById("wall-lost");
  if (lost) {
    var fails = 0;
    var cover = function () { fails += 1; if (fails >= 2) lost.hidden = false; };
    document.addEventListener("htmx:sendError", cover);
    document.addEventListener("htmx:responseError", function () { fails = 2; cover(); });
    document.addEventListener("htmx:afterRequest", function (event) { if (event.detail.successful) { fails = 0; lost.hidden = true; } });
    return;
  }

  /* -- rows ------------------------------------------------------------------------------------------- */
  var board = document.querySelector("[data-room-kept]");
  if (!board) return;
  var place = "tsunagi.room." + board.dataset.sitting;
  var busy = false, timer = 0;
  function read() { try { return JSON.parse(sessionStorage.getItem(place)) || []; } catch (e) { return []; } }
  function keep(rows) {
    try { if (rows.length) sessionStorage.setItem(place, JSON.stringify(rows)); else sessionStorage.removeItem(place); } catch (e) { held = rows; }
    show(rows);
  }
  var held = [];
  function rowsNow() { var rows = read(); return rows.length ? rows : held; }
  function element(name, words, cls) { var made = document.createElement(name); made.textContent = words; if (cls) made.className = cls; return made; }
  function show(rows) {
    board.textContent = "";
    if (!rows.length) return;
    board.append(element("p", "まだ届いていない行が" + rows.length + "件あります。この端末に残っています。つながると自動で届きます。"));
    rows.forEach(function (row, number) {
      if (!row.said) return;
      var box = element("div", "", "room-kept__row");
      box.append(element("p", row.said));
      (row.differences || []).forEach(function (one) {
        var both = element("div", "", "room-kept__both");
        both.append(element("p", one[0] + "　いま保存されている文：" + one[1]), element("p", one[0] + "　この端末で書いた文：" + one[2]));
        box.append(both);
      });
      var open = element("button", "違いを見て直す", "button button--small"), drop = element("button", "この端末の分を捨てる", "button button--small button--quiet");
      open.type = drop.type = "button";
      open.addEventListener("click", function () { resend(row); });
      drop.addEventListener("click", function () { var now = rowsNow(); now.splice(number, 1); keep(now); });
      box.append(open, " ", drop);
      board.append(box);
    });
  }
  /* Send it as a plain form: the page that comes shows both texts and goes on from what is stored. */
  function resend(row) {
    var form = document.createElement("form");
    form.method = "post"; form.action = row.url; form.hidden = true;
    var fields = new URLSearchParams(row.body);
    fields.set("csrfmiddlewaretoken", window.tsunagi.token());
    fields.forEach(function (value, name) { var input = document.createElement("input"); input.name = name; input.value = value; form.append(input); });
    keep(rowsNow().filter(function (one) { return one.write !== row.write; }));
    document.body.append(form);
    form.submit();
  }
  function later(wait) { window.clearTimeout(timer); timer = window.setTimeout(send, wait); }
  function send() {
    var rows = rowsNow(), row = rows.find(function (one) { return !one.said; });
    if (busy || !row) return;
    busy = true;
    fetch(row.url, {
      method: "POST", body: new URLSearchParams(row.body), credentials: "same-origin", redirect: "manual", cache: "no-store",
      headers: { "X-CSRFToken": window.tsunagi.token(), "HX-Request": "true", "Accept": "application/json" }
    }).then(function (answer) {
      if (answer.status === 200) { done(row.write); return null; }
      if (answer.status === 409 || answer.status === 422) {
        return answer.text().then(function (text) {
          var told = {};
          try { told = JSON.parse(text); } catch (e) { told = { sentence: "この行は保存できませんでした。開き直して確かめてください。" }; }
          var now = rowsNow();
          now.forEach(function (one) { if (one.write === row.write) { one.said = told.sentence; one.differences = told.differences || []; } });
          keep(now);
        });
      }
      if (answer.status === 404) {
        var now = rowsNow();
        now.forEach(function (one) { if (one.write === row.write) { one.said = "この件は、いまは書けません。事務局に確かめてください。"; } });
        keep(now);
        return null;
      }
      later(AGAIN);
      return null;
    }).catch(function () { later(AGAIN); }).finally(function () { busy = false; if (rowsNow().some(function (one) { return !one.said; })) later(AGAIN); });
  }
  function done(write) {
    var rows = rowsNow().filter(function (one) { return one.write !== write; });
    held = held.filter(function (one) { return one.write !== write; });
    keep(rows);
    // Everything typed has arrived: the page is read anew, so that it shows what others typed meanwhile.
    if (!rows.length && !typing()) window.location.reload();
  }
  function typing() {
    return Array.from(document.querySelectorAll("form[data-room-line]")).some(function (form) { return form.dataset.touched === "1"; });
  }
  document.addEventListener("input", function (event) {
    var form = event.target.form;
    if (form && form.matches("form[data-room-line]")) form.dataset.touched = "1";
  });
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (!form.matches || !form.matches("form[data-room-line]")) return;
    event.preventDefault();
    var fields = new URLSearchParams();
    new FormData(form).forEach(function (value, name) { if (typeof value === "string" && name !== "csrfmiddlewaretoken") fields.append(name, value); });
    var write = uuid();
    fields.set("write", write);
    if (event.submitter && event.submitter.name) fields.set(event.submitter.name, event.submitter.value);
    if (!(fields.get("what") || "").trim()) { form.querySelector("[data-room-said]").textContent = "決まったことを書いてください。"; return; }
    form.dataset.touched = "";
    keep(rowsNow().concat([{ write: write, url: form.action, body: fields.toString() }]));
    form.querySelector("[data-room-said]").textContent = "この端末に残しました。";
    if (form.hasAttribute("data-room-new")) {
      form.querySelector('[name="what"]').value = "";
      form.querySelector('[name="due"]').value = "";
      form.querySelector('[name="key"]').value = uuid();
    }
    delete form.dataset.sentAt;
    form.querySelectorAll(".waiting").forEach(function (button) { button.classList.remove("waiting"); });
    send();
  });
  window.addEventListener("online", function () { later(0); });
  document.addEventListener("visibilitychange", function () { later(0); });
  window.addEventListener("beforeunload", function (event) { if (rowsNow().length || typing()) { event.preventDefault(); event.returnValue = ""; } });
  /* The sitting is over: what this tab kept is forgotten, but for what was never delivered and still stands on the screen. */
  if (board.dataset.over === "1" && !rowsNow().length) sessionStorage.removeItem(place);
  show(rowsNow());
  later(0);
})();
