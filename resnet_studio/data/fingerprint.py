"""Names for what caches depend on."""

import hashlib
import json
from typing import Any


def fingerprint(*facts: Any) -> str:
    """Return the sha256 of facts that JSON can write."""
    return hashlib.sha256(json.dumps(facts, ensure_ascii=False).encode("utf-8", "surrogatepass")).hexdigest()
