"""The nouns as JSON Schema, for whoever writes or reads them elsewhere."""

from typing import Any

from pydantic.json_schema import models_json_schema

from edi_gateway import discover, model

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema(name: str) -> dict[str, Any]:
    """The schema of one noun, such as `order_response`. Raises `discover.ShelfError`."""
    return {"$schema": DIALECT, **model.noun(name).model_json_schema()}


def schemas() -> dict[str, Any]:
    """One schema that any of the nouns meets; `$defs` has each by its class and the parts they share."""
    nouns = [model.noun(name) for name in discover.names(model.__name__)]
    references, shared = models_json_schema([(noun, "validation") for noun in nouns], title="Document")
    return {"$schema": DIALECT, **shared, "anyOf": [references[noun, "validation"] for noun in nouns]}
