"""The shelf of verbs: what a plain row cannot say.

A verb is a module with `read(texts)`, which makes a value of the texts of a row's elements (`""`
where nothing is sent; at least one is not empty), and `write(value)`, which gives the texts back.
Both raise `ValueError` with a sentence for what they cannot take. Verbs do not know each other.
"""
