"""The shelf of other tools' formats: each file turns definitions into the files one tool reads.

A member has `files(definitions)`, which returns the content of each file by its name; it opens and writes nothing.
"""
