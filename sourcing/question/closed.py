"""A closed schema: a table of keys in which nothing else may stand."""

from pydantic import BaseModel, ConfigDict


class Closed(BaseModel):
    """A table of keys: unknown keys and wrong types are refused, nothing changes after reading."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, populate_by_name=True)
