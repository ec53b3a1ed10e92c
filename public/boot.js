// Runs before the first paint and before the wasm: plain, small, without anything to fail on.
// 1. language, text size and 长辈版, so that nothing jumps;
// 2. which page this is, so that its skeleton shows;
// 3. the page's first API answers, asked for now and handed over by `boot.take(url)`;
// 4. glue and wasm with their integrity, then the app;
// 5. when the wasm traps or never comes: a plain screen that offers to open the page again.
(function () {
  "use strict";
  var root = document.documentElement;
  var config = {};
  var saved = {};
  try { config = JSON.parse(document.getElementById("config").textContent); } catch (_) { /* the defaults do */ }
  try { saved = JSON.parse(localStorage.getItem("settings")) || {}; } catch (_) { /* storage refused: the defaults do */ }

  var spoken = (navigator.languages || [navigator.language || ""]).map(function (tag) { return String(tag).slice(0, 2); });
  var guessed = spoken.find(function (tag) { return tag === "zh" || tag === "en"; }) === "en" ? "en" : "zh-CN";
  root.lang = saved.language === "en" || saved.language === "zh-CN" ? saved.language : guessed;
  root.dataset.size = saved.size | 0;
  if (saved.elder) root.dataset.elder = "";

  var path = location.pathname.replace(/(.)\/$/, "$1");
  root.dataset.page = path === "/" ? "home" : path === "/products" ? "products" : /^\/(products|bundles)\//.test(path) ? "product" : /^\/(live|cart|me)$/.test(path) ? "tab" : "below";

  var answers = {};
  function ask(url) {
    answers[url] = fetch(url, { headers: { "accept-language": root.lang } });
    answers[url].then(function (response) { return response.clone().text(); }).then(function (text) {
      // The first screen's pictures, while the wasm is still on its way.
      (text.match(/"url":"[^"]+(?=","width")/g) || []).slice(0, 5).forEach(function (found) { new Image().src = found.slice(7); });
    }).catch(function () { /* the app asks again and says what is wrong */ });
  }
  // Where somebody comes from is nothing that is looked for.
  var search = location.search.replace(/([?&])from=[^&]*(&|$)/, function (_, before, after) { return after && before; });
  (config.first || []).forEach(function (first) {
    var star = first.route.indexOf("*");
    var part = star < 0 ? "" : path.slice(star);
    var fits = star < 0 ? path === first.route : path.startsWith(first.route.slice(0, star)) && part && part.indexOf("/") < 0;
    if (fits) first.ask.forEach(function (at) {
      ask(config.api + at.replace("*", part).replace(/\?$/, search));
    });
  });
  window.boot = {
    take: function (url) {
      var answer = answers[url];
      delete answers[url];
      return answer;
    }
  };

  function trouble() {
    var screen = document.getElementById("trouble");
    if (!screen || !screen.hidden) return;
    screen.hidden = false;
    ["shell", "app"].forEach(function (id) {
      var part = document.getElementById(id);
      if (part) part.remove();
    });
    var again = screen.querySelector("button");
    again.addEventListener("click", function () {
      // Past whatever copy the browser keeps, in case that is what is broken.
      var reload = function () { location.reload(); };
      Promise.all(parts().map(function (part) { return fetch(part.href, { cache: "reload" }); })).then(reload, reload);
      setTimeout(reload, 5000);
    });
    again.focus();
  }
  function trapped(error) { return window.WebAssembly && error instanceof WebAssembly.RuntimeError; }
  addEventListener("error", function (event) { if (trapped(event.error)) trouble(); });
  addEventListener("unhandledrejection", function (event) { if (trapped(event.reason)) trouble(); });

  // The links by which glue and wasm are fetched early, with their integrity.
  function parts() { return ["modulepreload", "preload"].map(function (rel) { return document.querySelector("link[rel=" + rel + "]"); }); }
  // An import has no integrity of its own, a script element has; what it has loaded, the import finds.
  function module(link) {
    return new Promise(function (loaded, failed) {
      var script = document.createElement("script");
      script.type = "module";
      script.integrity = link.integrity;
      script.src = link.href;
      script.onload = function () { loaded(import(link.href)); };
      script.onerror = function () { failed(new Error("not the script that was built: " + link.href)); };
      document.head.append(script);
    });
  }

  addEventListener("DOMContentLoaded", function () {
    var glue = parts()[0];
    var wasm = parts()[1];
    setTimeout(function () {
      var wait = document.getElementById("wait");
      if (wait) wait.hidden = false;
    }, 10000);
    Promise.all([module(glue), fetch(wasm.href, { integrity: wasm.integrity })])
      .then(function (loaded) { return loaded[0].default({ module_or_path: loaded[1] }); })
      .catch(function (error) {
        console.error(error);
        trouble();
      });
  });
})();
