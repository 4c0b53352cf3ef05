"""Troubles with the stock that sellers report."""

from edi_gateway.issues import Kind

OLDER = Kind(
    "stock.older", "A stock report is older than the one in force",
    "Nothing was taken from it; the seller's next report sets things right. If they all come late, ask the seller "
    "to look at the dates and times they write, which are in UTC.",
    severity="warning",
)
FUTURE = Kind(
    "stock.future", "A stock report speaks of a time that has not come",
    "Ask the seller to write dates and times in UTC. Retry this issue when the time has come, or archive it when "
    "another report has arrived.",
    actions=("retry",),
)
SAME_TIME = Kind(
    "stock.same-time", "Two stock reports of the same time say different things",
    "The later one to arrive was taken. Ask the seller to write the time of day as well, so that one can tell which "
    "is the newer.",
    severity="warning",
)
PRODUCT_TWICE = Kind(
    "stock.product-twice", "A stock report names a product more than once",
    "The last quantity was taken. Ask the seller whether the quantities are of several places, and to send their sum.",
    severity="warning",
)
