import base64
import hashlib
import hmac
import time


def is_from_quixess(raw_body: bytes, headers, secret: str, now=None) -> bool:
    """raw_body: the bytes as they came, before json.loads. headers: names in small letters."""
    timestamp = headers.get("webhook-timestamp", "")
    if not timestamp.isdigit():
        return False
    if abs((time.time() if now is None else now) - int(timestamp)) > 300:
        return False  # an old request, played again

    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{headers.get('webhook-id', '')}.{timestamp}.".encode() + raw_body
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()

    # Two signatures while a secret rotates: one that fits is enough.
    signatures = headers.get("webhook-signature", "").split(" ")
    return any(hmac.compare_digest(one.removeprefix("v1,"), expected) for one in signatures)
