// Give every sheet of a workbook as rows of values, as ExcelJS reads them.
const exceljs = require("exceljs");
const book = new exceljs.Workbook();
const row = (sheet, place) => Array.from({ length: sheet.columnCount }, (_, column) => sheet.getRow(place).getCell(column + 1).value);
const rows = (sheet) => Array.from({ length: sheet.rowCount }, (_, place) => row(sheet, place + 1));
book.xlsx.readFile(process.argv[2]).then(() => {
  process.stdout.write(JSON.stringify(book.worksheets.map((sheet) => [sheet.name, rows(sheet)])));
});
