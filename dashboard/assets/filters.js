// Make the plain form answer at once: a choice becomes the address, which Dash draws from. Without this script the form still works.
(function () {
  "use strict";
  var form = document.getElementById("filters");
  var languages = document.querySelectorAll("a[data-language]");
  var defaults = { indicator: "TIP_VIC_DET", lang: "en" };

  function chosen() {
    var query = new URLSearchParams(), data = new FormData(form);
    // The order in which Filters.query writes them: one view has one address.
    ["country", "from", "to", "indicator", "lang"].forEach(function (name) {
      data.getAll(name).sort().forEach(function (value) {
        if (value && value !== defaults[name]) query.append(name, value);
      });
    });
    return query;
  }

  function search(query) {
    var text = query.toString();
    return text ? "?" + text : "";
  }

  function pointLanguages() {
    languages.forEach(function (link) {
      var query = new URLSearchParams(window.location.search);
      query.delete("lang");
      if (link.dataset.language !== defaults.lang) query.append("lang", link.dataset.language);
      link.href = "/" + search(query);
    });
  }

  function show() {
    window.dash_clientside.set_props("address", { search: search(chosen()) });
    // The address changes with Dash's next drawing.
    window.setTimeout(pointLanguages, 200);
  }

  function readBack() {
    var query = new URLSearchParams(window.location.search);
    form.querySelectorAll("select").forEach(function (select) {
      select.value = query.get(select.name) || defaults[select.name] || "";
    });
    form.querySelectorAll("input[type=checkbox]").forEach(function (box) {
      box.checked = query.getAll(box.name).indexOf(box.value) >= 0;
    });
    pointLanguages();
  }

  if (!form) return;
  form.classList.add("live");
  form.addEventListener("change", function (event) {
    // Years that cross would be refused: the year just chosen wins and the other steps aside.
    var from = form.elements.from, to = form.elements.to;
    if (from.value && to.value && from.value > to.value) (event.target === from ? to : from).value = "";
    show();
  });
  form.addEventListener("submit", function (event) {
    event.preventDefault();
    show();
  });
  form.querySelector("[data-clear]").addEventListener("click", function (event) {
    event.preventDefault();
    form.querySelectorAll("input[type=checkbox]").forEach(function (box) { box.checked = false; });
    form.querySelectorAll("select").forEach(function (select) { select.value = defaults[select.name] || ""; });
    show();
  });
  window.addEventListener("popstate", readBack);
  window.addEventListener("pageshow", readBack);
})();
