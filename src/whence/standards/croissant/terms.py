"""The JSON-LD context of Croissant 1.1, and its names for types of columns."""

from __future__ import annotations

from typing import Any

CONFORMS_TO = "http://mlcommons.org/croissant/1.1"

_OF_CROISSANT = (
    "arrayShape", "citeAs", "column", "containedIn", "equivalentProperty", "extract", "field",
    "fileObject", "fileProperty", "fileSet", "format", "includes", "isArray", "isLiveDataset",
    "jsonPath", "key", "md5", "parentField", "path", "recordSet", "references", "regex",
    "repeated", "replace", "samplingRate", "separator", "source", "subField", "transform",
)  # fmt: skip

CONTEXT: dict[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "description": {"@container": "@language"},
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "name": {"@container": "@language"},
    "prov": "http://www.w3.org/ns/prov#",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "sc": "https://schema.org/",
    "whence": "https://w3id.org/whence#",
    **{term: f"cr:{term}" for term in _OF_CROISSANT},
}

_NUMBERS = {
    **{f"int{bits}": f"cr:Int{bits}" for bits in (8, 16, 32, 64)},
    **{f"uint{bits}": f"cr:UInt{bits}" for bits in (8, 16, 32, 64)},
    **{f"float{bits}": f"cr:Float{bits}" for bits in (16, 32, 64)},
    "double": "cr:Float64",
    "float": "cr:Float32",
    "bool": "sc:Boolean",
    "boolean": "sc:Boolean",
    "str": "sc:Text",
    "string": "sc:Text",
    "utf8": "sc:Text",
    "large_string": "sc:Text",
    "varchar": "sc:Text",
    "date": "sc:Date",
    "date32": "sc:Date",
    "time": "sc:Time",
}


def data_type(dtype: str) -> str | None:
    """Croissant's name for a column's type as pandas, numpy, Arrow or Polars write it."""
    plain = dtype.lower()
    if plain.startswith(("datetime", "timestamp")):
        return "sc:DateTime"
    return _NUMBERS.get(plain.partition("[")[0])
