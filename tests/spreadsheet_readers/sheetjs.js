// Give every sheet of a workbook as rows of values, as SheetJS reads them.
const xlsx = require("xlsx");
const book = xlsx.readFile(process.argv[2], { cellDates: false });
const rows = (name) => xlsx.utils.sheet_to_json(book.Sheets[name], { header: 1, raw: true, defval: null, blankrows: true });
process.stdout.write(JSON.stringify(book.SheetNames.map((name) => [name, rows(name)])));
