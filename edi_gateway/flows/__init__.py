"""The walks: straight-line recipes over the ports."""
