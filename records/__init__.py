"""The shared words of the program: values, records, readings, findings."""
