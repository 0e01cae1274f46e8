// Save the table of a chart exactly as it is seen, as CSV with the caption above it; no server is asked.
(function () {
  "use strict";
  function cell(element) {
    var text = element.innerText.replace(/[\u2066-\u2069]/g, "").replace(/\s+/g, " ").trim();
    // A cell that a spreadsheet would take for a formula is made a text.
    if (/^[=+@\t]/.test(text)) text = "'" + text;
    return '"' + text.replace(/"/g, '""') + '"';
  }

  function lines(chart) {
    var caption = [chart.querySelector("h2"), chart.querySelector(".caption")].filter(Boolean);
    var rows = caption.map(function (element) { return [cell(element)]; });
    rows.push([cell({ innerText: window.location.href })]);
    chart.querySelectorAll(".scroll table tr").forEach(function (row) {
      rows.push(Array.prototype.map.call(row.children, cell));
    });
    return rows.map(function (row) { return row.join(","); }).join("\r\n") + "\r\n";
  }

  document.addEventListener("click", function (event) {
    var button = event.target.closest("button[data-save]");
    if (!button) return;
    var chart = button.closest(".chart"), twin = chart.querySelector("details.twin");
    (twin ? window.pembe.table(twin) : Promise.resolve()).then(function () { save(chart, twin, button.dataset.save); });
  });

  function save(chart, twin, name) {
    var closed = twin && !twin.open, link = document.createElement("a");
    // What is folded has no text of its own until it is opened.
    if (closed) twin.open = true;
    link.href = URL.createObjectURL(new Blob(["\ufeff" + lines(chart)], { type: "text/csv" }));
    if (closed) twin.open = false;
    link.download = "pembe-" + name + ".csv";
    link.click();
    window.setTimeout(function () { URL.revokeObjectURL(link.href); }, 1000);
  }
})();
