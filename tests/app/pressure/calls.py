"""Calls to a server in a process of its own, over a line that may be cut."""

import http.client
import json
import time
import uuid

PATIENCE_S = 120
BLEEDING = {"delivered": True, "pph_ongoing": True, "pph_ml": 1100, "hr": 118, "sbp": 96}


def once(port, person, method, path, body=None, *, key=None, version=None, timeout=60):
    """Send it; status and document. An OSError or HTTPException where the line was cut."""
    headers = {"Authorization": f"Bearer {person.token}", "Connection": "close"}
    if key is not None:
        headers["Idempotency-Key"] = key
    if version is not None:
        headers["If-Match"] = f'"{version}"'
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        sent = None if body is None else json.dumps(body)
        connection.request(method, f"/api/v1{path}", sent, headers)
        response = connection.getresponse()
        raw = response.read()
        if not (response.getheader("content-length") or "").isdigit():
            # Cut within the headers, which the library takes for their end.
            raise http.client.IncompleteRead(raw)
        return response.status, json.loads(raw) if raw else None
    finally:
        connection.close()


def until_answered(port, person, method, path, body=None, *, version=None, new_keys=False):
    """Repeat it under one key until it is answered; NEW_KEYS is the planted fault.

    Status, document, and how often it was sent.
    """
    key, until = str(uuid.uuid4()), time.monotonic() + PATIENCE_S
    for tries in range(1, 1_000):
        try:
            status, document = once(port, person, method, path, body, key=key, version=version)
            if status != 503:
                return status, document, tries
        except (OSError, http.client.HTTPException, ValueError):
            pass
        assert time.monotonic() < until, f"{method} {path} is not answered"
        if new_keys:
            key = str(uuid.uuid4())
    raise AssertionError("a thousand times in vain")


def request_of(person, **more):
    facts = {"facts": BLEEDING, "origin": {"facility_id": person.facility_id}}
    return {"request": facts, **more}
