"""Troubles with what the archive keeps, and keeps no longer."""

from edi_gateway.issues import Kind

ERASED = Kind(
    "archive.erased", "The bytes of a file were erased, because their time was over",
    "Nothing can bring them back here: the entry and the digest stayed, and the partner may have the file still. How "
    "long bytes are kept is said by `days` under `[retention]` in the partner's partner.toml, and of what came from "
    "nobody known by `strangers_days` in gateway.toml.",
)
DIGEST_UNKNOWN = Kind(
    "archive.digest-unknown", "No file of that digest came or went",
    "Give at least the first four digits of a SHA-256 that `edi-gateway documents show` tells; "
    "where several begin so, give more of them.",
)
NOTHING_FOUND = Kind(
    "archive.nothing-found", "No document is what was asked for",
    "Nothing was written. See with `edi-gateway documents` and the same options which documents there are.",
)
