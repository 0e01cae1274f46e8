# Give every sheet of a workbook as rows of text, as readxl reads them.
file <- commandArgs(TRUE)[1]
for (sheet in readxl::excel_sheets(file)) {
  figures <- readxl::read_excel(file, sheet, col_names = FALSE, col_types = "text", trim_ws = FALSE, .name_repair = "minimal")
  write.table(figures, col.names = FALSE, row.names = FALSE, sep = ",", na = "", qmethod = "double")
  cat("\f\n")
}
