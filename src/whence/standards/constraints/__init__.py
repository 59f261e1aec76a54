"""PROV-CONSTRAINTS: whether PROV statements can be true together (W3C, 2013-04-30)."""

from whence.standards.constraints.validity import check
from whence.standards.constraints.violation import Violation

__all__ = ["Violation", "check"]
