// Make the plain form answer at once: a choice becomes the address, which Dash draws from. Without this script the form still works.
(function () {
  "use strict";
  var form = document.getElementById("filters");
  var defaults = { indicator: "TIP_VIC_DET", lang: "en" };
  // The order in which Filters.query writes them: one view has one address.
  var NAMES = ["country", "from", "to", "indicator", "sex", "age", "form", "citizenship", "kind", "lang"];

  // A choice that this page does not offer stays in the address for the pages that do.
  function chosen() {
    var before = new URLSearchParams(window.location.search), data = new FormData(form), query = new URLSearchParams();
    NAMES.forEach(function (name) {
      var values = form.querySelector("[name=" + name + "]") ? data.getAll(name) : before.getAll(name);
      values.sort().forEach(function (value) {
        if (value && value !== defaults[name]) query.append(name, value);
      });
    });
    return query;
  }

  function search(query) {
    var text = query.toString();
    return text ? "?" + text : "";
  }

  // Links to other pages and languages keep the choice.
  function pointLinks() {
    document.querySelectorAll("a[data-language]").forEach(function (link) {
      var query = new URLSearchParams(window.location.search);
      query.delete("lang");
      if (link.dataset.language !== defaults.lang) query.append("lang", link.dataset.language);
      link.href = window.location.pathname + search(query);
    });
    document.querySelectorAll("a[data-page]").forEach(function (link) {
      link.href = link.dataset.page + window.location.search;
    });
  }

  function showChips() {
    var chips = document.getElementById("chips");
    chips.textContent = "";
    form.querySelectorAll("details.pick").forEach(function (pick) {
      var boxes = pick.querySelectorAll("input:checked"), state = pick.querySelector(".state");
      state.textContent = boxes.length ? String(boxes.length) : state.dataset.none;
      pick.classList.toggle("chosen", boxes.length > 0);
      boxes.forEach(function (box) {
        var item = document.createElement("li"), button = document.createElement("button");
        button.type = "button";
        button.textContent = box.nextElementSibling.textContent;
        button.title = chips.dataset.remove;
        button.setAttribute("aria-label", chips.dataset.remove + ": " + button.textContent);
        button.addEventListener("click", function () {
          box.checked = false;
          show();
          pick.querySelector("summary").focus();
        });
        item.append(button);
        chips.append(item);
      });
    });
  }

  function show() {
    showChips();
    window.dash_clientside.set_props("address", { search: search(chosen()) });
    // The address changes with Dash's next drawing.
    window.setTimeout(pointLinks, 200);
  }

  function readBack() {
    var query = new URLSearchParams(window.location.search);
    pointLinks();
    if (!form) return;
    form.querySelectorAll("select").forEach(function (select) {
      select.value = query.get(select.name) || defaults[select.name] || "";
    });
    form.querySelectorAll("input[type=checkbox]").forEach(function (box) {
      box.checked = query.getAll(box.name).indexOf(box.value) >= 0;
    });
    showChips();
  }

  // One list is open at a time; Escape and a click elsewhere close it.
  function closeLists(except) {
    document.querySelectorAll("details.pick[open], details.drop[open]").forEach(function (list) {
      if (list !== except) list.open = false;
    });
  }
  document.addEventListener("click", function (event) {
    closeLists(event.target.closest("details.pick, details.drop"));
  });
  document.addEventListener("keydown", function (event) {
    var list = event.key === "Escape" && document.activeElement.closest("details.pick, details.drop");
    if (!list) return;
    list.open = false;
    list.querySelector("summary").focus();
  });
  // On a phone the list of charts is folded, so that the first of them is not far.
  var contents = document.querySelector(".contents details");
  if (contents && window.matchMedia("(max-width: 46rem)").matches) contents.open = false;
  window.addEventListener("popstate", readBack);
  window.addEventListener("pageshow", readBack);
  if (!form) return;
  form.classList.add("live");
  form.addEventListener("change", function (event) {
    // Years that cross would be refused: the year just chosen wins and the other steps aside.
    var from = form.elements.from, to = form.elements.to;
    if (from && from.value && to.value && from.value > to.value) (event.target === from ? to : from).value = "";
    show();
  });
  form.addEventListener("submit", function (event) {
    event.preventDefault();
    show();
  });
  form.querySelector("[data-clear]").addEventListener("click", function (event) {
    event.preventDefault();
    var query = new URLSearchParams(), language = new URLSearchParams(window.location.search).get("lang");
    form.querySelectorAll("input[type=checkbox]").forEach(function (box) { box.checked = false; });
    form.querySelectorAll("select").forEach(function (select) { select.value = defaults[select.name] || ""; });
    if (language) query.append("lang", language);
    showChips();
    window.dash_clientside.set_props("address", { search: search(query) });
    window.setTimeout(pointLinks, 200);
  });
})();
