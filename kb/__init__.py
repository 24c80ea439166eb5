"""The record, its store and its rules: everything people do with good-practice records."""
