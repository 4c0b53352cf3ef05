"""Troubles with what an operator writes: the configuration, its secrets, a deployment's own data."""

from edi_gateway.issues import Kind

HOUSE_MISSING = Kind(
    "settings.house-missing", "There is no gateway in this folder",
    "Make one with `edi-gateway init DIR`, or name the folder of an existing one with --dir.",
)
HOUSE_EXISTS = Kind(
    "settings.house-exists", "The folder already holds a gateway",
    "Name another folder, or edit the gateway.toml that stands there.",
)
UNREADABLE = Kind(
    "settings.unreadable", "A file of the configuration cannot be read",
    "Check that the file exists and that the gateway's user may read it.",
)
NOT_TOML = Kind(
    "settings.not-toml", "A file is not valid TOML",
    "Correct the line that is named; texts need quotes, and a table's name stands in square brackets.",
)
INVALID = Kind(
    "settings.invalid", "A setting is unknown or has a value that cannot be",
    "Correct the setting that is named; the comments in gateway.toml say what each may be.",
)
SECRET_LITERAL = Kind(
    "settings.secret-literal", "A secret stands in the configuration itself",
    'Change the secret, keep it in a file or the environment, and write a reference: "file:PATH" or "env:NAME".',
)
SECRET_MISSING = Kind(
    "settings.secret-missing", "A secret that the configuration refers to is not there",
    "Create the file or set the environment variable that is named, so that the gateway's user can read it.",
)
