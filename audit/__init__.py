"""The auditor's desk: what differs between answers, what each exchange is worth, and whose it is; no layout."""
