"""The fields of a record, one file for each of its groups, in the order they are shown."""
