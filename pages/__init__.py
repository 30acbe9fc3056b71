"""What people look at: the HTML page and the workbook of a case. Everything here is layout; every figure comes from elsewhere."""
