"""The fields of a form: label and value beside, beneath or within one another."""
