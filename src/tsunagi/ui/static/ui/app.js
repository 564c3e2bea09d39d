/* Manners that every screen shares. Every page also works without this file. */
(function () {
  "use strict";
  var root = document.documentElement;
  root.classList.add("js");

  // -- htmx: the token of the page goes with every request -------------------------------------------
  function token() {
    var meta = document.querySelector('meta[name="csrf-token"]');
    return meta ? meta.content : "";
  }

  /* Put a fresh token everywhere a form would send it from. Used after signing in again in another tab. */
  function renewToken(fresh) {
    var meta = document.querySelector('meta[name="csrf-token"]');
    if (meta) meta.content = fresh;
    document.querySelectorAll('input[name="csrfmiddlewaretoken"]').forEach(function (input) { input.value = fresh; });
  }
  window.tsunagi = { token: token, renewToken: renewToken, say: say };

  document.addEventListener("htmx:configRequest", function (event) {
    event.detail.headers["X-CSRFToken"] = token();
  });

  // -- what happened is said, also to those who do not see it ----------------------------------------
  function say(words) {
    var live = document.getElementById("live");
    if (!live) return;
    live.textContent = "";
    window.setTimeout(function () { live.textContent = words; }, 50);
  }

  function showTrouble(words, link) {
    var place = document.getElementById("messages");
    if (!place) return;
    var old = document.getElementById("trouble");
    if (old) old.remove();
    var box = document.createElement("div");
    box.id = "trouble";
    box.className = "banner banner--bad";
    box.setAttribute("role", "alert");
    box.tabIndex = -1;
    var body = document.createElement("div");
    body.className = "banner__body";
    body.textContent = words;
    if (link) {
      var a = document.createElement("a");
      a.href = link; a.target = "_blank"; a.rel = "noopener"; a.textContent = "別の画面でサインイン";
      body.append(" ", a);
    }
    box.append(body);
    place.append(box);
    box.focus();
  }

  var TROUBLE = {
    401: "しばらく操作がなかったため、サインインが切れました。入力は残っています。サインインしてから、もう一度押してください。",
    403: "画面が古くなっているか、この操作をする役割ではないようです。入力は残っています。",
    404: "ご覧になれません。開き直しても同じときは、担当が変わったか、なくなっています。",
    413: "送るものが大きすぎます。ファイルを分けるか、小さくしてください。入力は残っています。",
    429: "続けて何度も押されました。少し待ってからお試しください。入力は残っています。",
    500: "こちらの不具合で、できませんでした。入力は残っています。少し待ってからお試しください。",
    503: "もう一度押してください。入力は残っています。"
  };
  /* The sentence of an answer that is nothing but a sentence; "" when it is a piece of a page. */
  function sentenceOf(xhr) {
    var text = xhr.responseText || "";
    if (!text || text.length > 4000) return "";
    var body = new DOMParser().parseFromString(text, "text/html").body;
    var only = body.children.length === 1 ? body.firstElementChild : null;
    if (!only || !only.matches('[role="alert"]') || only.querySelector("form, input")) return "";
    only.querySelectorAll("a").forEach(function (a) { a.replaceWith(a.textContent); });
    return only.textContent.trim();
  }
  document.addEventListener("htmx:responseError", function (event) {
    var status = event.detail.xhr.status;
    showTrouble(sentenceOf(event.detail.xhr) || TROUBLE[status] || TROUBLE[500], status === 401 ? "/accounts/login/" : "");
  });
  /* A refusal that is only a sentence must not take the place of the form with everything typed into it. */
  document.addEventListener("htmx:beforeSwap", function (event) {
    var status = event.detail.xhr.status;
    if (status !== 409 && status !== 422) return;
    var words = sentenceOf(event.detail.xhr);
    if (!words) return;
    event.detail.shouldSwap = false;
    showTrouble(words, "");
  });
  document.addEventListener("htmx:sendError", function () {
    showTrouble("通信できません。つながりを確かめて、もう一度押してください。入力は残っています。");
  });
  document.addEventListener("htmx:beforeRequest", function () {
    var old = document.getElementById("trouble");
    if (old) old.remove();
  });

  // -- a narrow screen: the place one is at stands in view -------------------------------------------------
  document.addEventListener("DOMContentLoaded", function () {
    document.querySelectorAll(".nav__list [aria-current], .tabs [aria-current]").forEach(function (here) {
      var list = here.closest(".nav__list, .tabs");
      if (list.scrollWidth <= list.clientWidth) return;
      list.scrollLeft += here.getBoundingClientRect().left - list.getBoundingClientRect().left
        - (list.clientWidth - here.offsetWidth) / 2;
    });
  });

  // -- focus: where the eyes go, the keyboard goes ---------------------------------------------------
  function focusIn(place) {
    var wanted = place.querySelector("[data-focus-me]") || (place.matches && place.matches("[data-focus-me]") ? place : null);
    if (wanted) { wanted.focus({ preventScroll: false }); return true; }
    return false;
  }
  var leftFrom = null;
  document.addEventListener("htmx:beforeSwap", function (event) {
    var now = document.activeElement;
    leftFrom = now && event.detail.target && event.detail.target.contains(now) ? (now.id || now.name || "") : null;
  });
  document.addEventListener("htmx:afterSettle", function (event) {
    var place = event.detail.elt;
    if (!place || !place.isConnected) return;
    prepare(place);
    if (focusIn(place) || leftFrom === null) return;
    // The element that had the focus was replaced: its successor gets it, or the piece itself.
    if (document.activeElement && document.activeElement !== document.body) return;
    var next = leftFrom && (document.getElementById(leftFrom) || place.querySelector('[name="' + CSS.escape(leftFrom) + '"]'));
    if (!next) { next = place; if (!next.hasAttribute("tabindex")) next.tabIndex = -1; }
    next.focus({ preventScroll: true });
  });
  // -- one press, one deed: a second press within ten seconds does nothing; a form is never left dead --
  var AGAIN = 10000;
  function release(form) {
    delete form.dataset.sentAt;
    form.querySelectorAll(".waiting").forEach(function (button) { button.classList.remove("waiting"); });
  }
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (event.defaultPrevented && !form.dataset.sentAt) return;
    if ((form.method || "get").toLowerCase() !== "post") return;
    var sent = Number(form.dataset.sentAt || 0);
    if (sent && Date.now() - sent < AGAIN) { event.preventDefault(); event.stopImmediatePropagation(); return; }
    form.dataset.sentAt = String(Date.now());
    if (event.submitter) event.submitter.classList.add("waiting");
    window.setTimeout(function () { release(form); }, AGAIN);
  }, true);
  document.addEventListener("htmx:afterRequest", function (event) {
    var form = event.detail.elt && event.detail.elt.closest && event.detail.elt.closest("form");
    if (form) release(form);
  });
  window.addEventListener("pageshow", function () {
    document.querySelectorAll("form[data-sent-at]").forEach(release);
  });

  // -- keyboard --------------------------------------------------------------------------------------
  document.addEventListener("keydown", function (event) {
    var at = event.target;
    var typing = at.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(at.tagName);
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey && !event.isComposing) {
      var lookup = document.querySelector("[data-lookup]");
      if (lookup) { event.preventDefault(); lookup.focus(); lookup.select(); }
    }
    if (event.key === "Escape") {
      var open = at.closest("details[data-menu][open]");
      if (open) { open.open = false; open.querySelector("summary").focus(); }
    }
  });
  document.addEventListener("click", function (event) {
    document.querySelectorAll("details[data-menu][open]").forEach(function (menu) {
      if (!menu.contains(event.target)) menu.open = false;
    });
    if (event.target.closest("[data-print]")) window.print();
  });

  // -- a day in either calendar is echoed as it was understood (the server decides) -------------------
  var ERAS = { R: 2018, "令和": 2018, H: 1988, "平成": 1988, S: 1925, "昭和": 1925, T: 1911, "大正": 1911, M: 1867, "明治": 1867 };
  var STARTS = [[2019, 5, 1, "令和", 2018], [1989, 1, 8, "平成", 1988], [1926, 12, 25, "昭和", 1925], [1912, 7, 30, "大正", 1911], [1868, 1, 25, "明治", 1867]];
  function readDay(typed) {
    var text = typed.normalize("NFKC").trim().replace(/元年/, "1年").toUpperCase();
    var found = /^(R|H|S|T|M|令和|平成|昭和|大正|明治)?\s*(\d{1,4})\s*(?:年|[.\-/])\s*(\d{1,2})\s*(?:月|[.\-/])\s*(\d{1,2})\s*日?$/.exec(text);
    if (!found) return null;
    var year = Number(found[2]);
    if (found[1]) year += ERAS[found[1]];
    else if (year <= 15) year += 2018;
    else if (year < 1000) return null;
    var month = Number(found[3]), day = Number(found[4]);
    var whole = new Date(Date.UTC(year, month - 1, day));
    if (whole.getUTCFullYear() !== year || whole.getUTCMonth() !== month - 1 || whole.getUTCDate() !== day) return null;
    return [year, month, day, whole.getUTCDay()];
  }
  function two(n) { return (n < 10 ? "0" : "") + n; }
  function showDay(parts) {
    var key = parts[0] * 10000 + parts[1] * 100 + parts[2];
    var western = parts[0] + "-" + two(parts[1]) + "-" + two(parts[2]);
    for (var i = 0; i < STARTS.length; i++) {
      var era = STARTS[i];
      if (key >= era[0] * 10000 + era[1] * 100 + era[2]) {
        var year = parts[0] - era[4];
        return era[3] + (year === 1 ? "元" : year) + "年" + parts[1] + "月" + parts[2] + "日（" + western + " " + "日月火水木金土"[parts[3]] + "）";
      }
    }
    return western;
  }
  function echo(input) {
    var place = document.querySelector('[data-day-echo="' + CSS.escape(input.id) + '"]');
    if (!place) return;
    var parts = input.value.trim() ? readDay(input.value) : null;
    place.textContent = parts ? showDay(parts) : "";
  }
  document.addEventListener("input", function (event) {
    if (event.target.matches && event.target.matches("[data-day]")) echo(event.target);
  });

  // -- a select or box that submits its filter by itself (data-submits), with a button for everybody else
  document.addEventListener("change", function (event) {
    if (event.target.matches && event.target.matches("[data-submits]")) event.target.form.requestSubmit();
  });

  function prepare(place) {
    place.querySelectorAll("[data-day]").forEach(echo);
  }
  /* The browser itself honours autofocus only when it next paints: what is typed until then would be lost. */
  function focusFirst() {
    var wanted = document.querySelector("[autofocus]");
    var now = document.activeElement;
    if (wanted && (!now || now === document.body)) wanted.focus();
  }
  function begin() { prepare(document); if (!focusIn(document.body)) focusFirst(); }
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin); else begin();
})();
