/* Nothing typed is ever lost: forms with data-draft-url save themselves while somebody types.
   What is sent: the form's fields, urlencoded, with `seq` one higher each time. Saved is said only after a 200. */
(function () {
  "use strict";
  var TYPING = 400, RETRY = [2000, 5000, 10000, 30000];
  var keepers = new Map();

  function two(n) { return (n < 10 ? "0" : "") + n; }

  /* What the server told as JSON; an HTML answer tells nothing but its status. */
  function toldIn(text) {
    try { return JSON.parse(text) || {}; } catch (e) { return {}; }
  }

  function Keeper(form) {
    this.form = form;
    this.seq = Number(form.dataset.draftSeq || 0);
    this.kept = this.words();
    this.timer = 0;
    this.busy = false;
    this.again = false;
    this.fails = 0;
    this.leaving = false;
    this.stopped = false;
    this.stop = null;
  }

  Keeper.prototype.words = function () {
    var fields = new URLSearchParams();
    new FormData(this.form).forEach(function (value, name) {
      if (typeof value === "string" && name !== "csrfmiddlewaretoken" && name !== "seq") fields.append(name, value);
    });
    return fields.toString();
  };
  Keeper.prototype.dirty = function () { return !this.stopped && this.words() !== this.kept; };

  Keeper.prototype.show = function (state, words, link, linkWords) {
    var form = this.form;
    var badges = Array.from(form.querySelectorAll("[data-draft-badge]"));
    if (form.id) badges = badges.concat(Array.from(document.querySelectorAll('[data-draft-badge="' + CSS.escape(form.id) + '"]')));
    badges.forEach(function (badge) {
      if (badge.dataset.state === state && badge.dataset.words === words) return;
      badge.dataset.state = state;
      badge.dataset.words = words;
      badge.textContent = words;
      if (link) {
        var a = document.createElement("a");
        a.href = link; a.target = "_blank"; a.rel = "noopener"; a.textContent = linkWords;
        badge.append(" ", a);
      }
    });
  };

  Keeper.prototype.touched = function () {
    if (this.stopped) return;
    if (!this.dirty()) return;
    if (!this.fails) this.show("unsaved", "未保存");
    this.later(TYPING);
  };
  Keeper.prototype.later = function (wait) {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(this.send.bind(this), wait);
  };

  Keeper.prototype.send = function () {
    window.clearTimeout(this.timer);
    // The form itself is on its way: what it carries is stored by its deed, and a draft after that would be refused.
    if (this.stopped || this.leaving || !this.form.isConnected) return;
    if (this.busy) { this.again = true; return; }
    var words = this.words();
    if (words === this.kept) return;
    var me = this;
    this.busy = true;
    this.seq += 1;
    var body = new URLSearchParams(words);
    body.append("seq", String(this.seq));
    var stop = this.stop = new AbortController();
    var limit = window.setTimeout(function () { stop.abort(); }, 15000);
    fetch(this.form.dataset.draftUrl, {
      method: "POST", body: body, credentials: "same-origin", redirect: "manual", signal: stop.signal, cache: "no-store",
      headers: { "X-CSRFToken": window.tsunagi.token(), "HX-Request": "true", "X-Draft": "1", "Accept": "application/json, text/html" }
    }).then(function (answer) {
      if (answer.status === 200) return answer.text().then(function (text) { me.saved(words, answer, text); });
      if (answer.status === 204) return me.saved(words, answer, "");
      return answer.text().then(function (text) { return me.refused(answer.status, answer.type, text); });
    }).catch(function () {
      // Broken off by ourselves because the form is on its way, or on the line: also while its answer was being read.
      if (!me.leaving) me.failed("通信できません。つながると自動で保存します");
    }).finally(function () {
      window.clearTimeout(limit);
      me.busy = false;
      me.stop = null;
      if (me.again) { me.again = false; me.later(0); }
    });
  };

  Keeper.prototype.saved = function (words, answer, text) {
    this.kept = words;
    this.fails = 0;
    var told = toldIn(text);
    if (typeof told.seq === "number" && told.seq > this.seq) this.seq = told.seq;
    // A form that had no draft yet learns its number, so that the deed can consume it.
    if (told.draft) {
      var field = this.form.querySelector('input[name="draft"]');
      if (field && !field.value) { field.value = told.draft; this.kept = this.words(); if (this.kept !== words) this.kept = merge(words, told.draft); }
    }
    if (told.url) this.form.dataset.draftUrl = told.url;
    var at = new Date();
    if (this.dirty()) { this.show("unsaved", "未保存"); this.later(TYPING); return; }
    this.show("saved", "保存済み " + (told.saved_at || two(at.getHours()) + ":" + two(at.getMinutes())));
  };

  /* The words as they were sent, with the number the server gave meanwhile: typing in between stays unsaved. */
  function merge(words, draft) {
    var fields = new URLSearchParams(words);
    if (fields.has("draft")) fields.set("draft", draft); else fields.append("draft", draft);
    return fields.toString();
  }

  Keeper.prototype.refused = function (status, type, text) {
    if (status === 401 || type === "opaqueredirect" || status === 403) return this.signedOut();
    if (status === 409) {
      this.fails += 1;
      this.show("other", "ほかの画面でも書かれています。この画面の文は消えません。保存すると違いを見比べられます");
      this.kept = this.words();
      this.apart = true;
      return undefined;
    }
    // Trying again by itself would change nothing; what is typed stays, and leaving still asks.
    if (status === 413) return this.halted("長すぎて下書きにできません。短くするか、分けて記録してください");
    if (status === 410) return this.halted("この文はもう記録されています。書き足した分はまだ保存していません", toldIn(text).url);
    if (status === 404) return this.halted("下書きの置き場所がなくなりました。この画面のまま記録してください");
    return this.failed("保存できていません。自動でもう一度試します");
  };
  Keeper.prototype.halted = function (words, link) {
    this.fails += 1;
    this.show("failed", "未保存：" + words, link || "", "記録を見る");
  };
  Keeper.prototype.failed = function (words) {
    var wait = RETRY[Math.min(this.fails, RETRY.length - 1)];
    this.fails += 1;
    this.show("failed", "未保存：" + words);
    this.later(wait);
  };
  /* Signed out, or a token of before: ask quietly whether somebody has signed in again, and go on. */
  Keeper.prototype.signedOut = function () {
    var me = this, pulse = document.querySelector('meta[name="pulse"]');
    this.fails += 1;
    var wait = RETRY[Math.min(this.fails - 1, 2)];
    if (!pulse) { this.tellSignedOut(); this.later(wait); return undefined; }
    return fetch(pulse.content, { credentials: "same-origin", redirect: "manual", cache: "no-store", headers: { "HX-Request": "true", "Accept": "application/json" } })
      .then(function (answer) { return answer.status === 200 ? answer.json() : null; })
      .then(function (told) {
        if (told && told.csrf) { window.tsunagi.renewToken(told.csrf); me.later(me.fails > 3 ? wait : 0); }
        else { me.tellSignedOut(); me.later(wait); }
      }, function () { me.failed("通信できません。つながると自動で保存します"); });
  };
  Keeper.prototype.tellSignedOut = function () {
    this.show("signed-out", "未保存：サインインが切れました。この画面は閉じないでください。", "/accounts/login/", "別の画面でサインイン");
  };

  function keeperOf(form) {
    if (!form || !form.matches || !form.matches("form[data-draft-url]")) return null;
    if (!keepers.has(form)) keepers.set(form, new Keeper(form));
    return keepers.get(form);
  }
  function begin(place) {
    place.querySelectorAll("form[data-draft-url]").forEach(keeperOf);
    keepers.forEach(function (keeper, form) { if (!form.isConnected) { window.clearTimeout(keeper.timer); keepers.delete(form); } });
  }

  document.addEventListener("input", function (event) { var k = keeperOf(event.target.form); if (k) k.touched(); });
  document.addEventListener("change", function (event) { var k = keeperOf(event.target.form); if (k && k.dirty()) k.send(); });
  document.addEventListener("submit", function (event) {
    var k = keeperOf(event.target);
    if (!k || event.defaultPrevented) return;
    k.leaving = true;
    window.clearTimeout(k.timer);
    if (k.stop) k.stop.abort();
    // If the answer does not replace the page (an error, a stop), the warning comes back, and the draft is kept again.
    window.setTimeout(function () { k.leaving = false; if (k.dirty()) k.later(0); }, 10000);
  });
  document.addEventListener("htmx:afterRequest", function (event) {
    var form = event.detail.elt && event.detail.elt.closest && event.detail.elt.closest("form");
    var k = form && keepers.get(form);
    if (!k) return;
    // Only a form that was sent, or a button of it, stored something: a lookup while typing (it asks by POST, too) did not.
    var config = event.detail.requestConfig, sent = event.detail.elt === form || event.detail.elt.matches("button, [type=submit]");
    if (!sent) return;
    k.leaving = false;
    if (event.detail.successful && !(config && config.verb === "get")) { k.kept = k.words(); window.clearTimeout(k.timer); }
    else if (k.dirty()) k.later(TYPING);
  });
  document.addEventListener("htmx:afterSettle", function () { begin(document); });
  document.addEventListener("visibilitychange", function () {
    keepers.forEach(function (k) { if (k.dirty()) k.send(); });
  });
  window.addEventListener("online", function () { keepers.forEach(function (k) { if (k.dirty()) k.send(); }); });
  window.addEventListener("beforeunload", function (event) {
    var waiting = false;
    keepers.forEach(function (k) {
      if (k.form.isConnected && !k.leaving && (k.dirty() || k.apart)) waiting = true;
    });
    if (waiting) { event.preventDefault(); event.returnValue = ""; }
  });

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", function () { begin(document); });
  else begin(document);
})();
