"""Ways to reach a mailbox, one file each.

A member has `Options`, a pydantic model of what its channel's settings may say, and
`open(channel, options)`, which returns a `ports.Transport`. To add one is to add a file;
`docs/how-to/add-a-transport.md` shows it.
"""
