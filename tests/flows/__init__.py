"""The walks, on a real house with a folder for a mailbox."""
