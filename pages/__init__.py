"""What people look at: the HTML page and the workbook of a case. All here is layout; figures come from elsewhere."""
