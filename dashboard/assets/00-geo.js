// plotly asks a server of its makers for coastlines of every map, even with our own boundaries; empty ones are here already.
// Delete this when plotly.js draws a choropleth without them (checked with 4.1.1 by the test that no request leaves the machine).
(function () {
  "use strict";
  var none = { type: "GeometryCollection", geometries: [] }, objects = {};
  ["coastlines", "countries", "lakes", "land", "ocean", "rivers", "subunits"].forEach(function (name) { objects[name] = none; });
  var empty = { type: "Topology", arcs: [], objects: objects }, scopes = {};
  ["world_110m", "world_50m", "africa_110m", "africa_50m"].forEach(function (name) { scopes[name] = empty; });
  window.PlotlyGeoAssets = { topojson: scopes };
})();
