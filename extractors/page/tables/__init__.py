"""The tables of a page: ruled, by rows, by columns, over page breaks, and boxes to tick."""
