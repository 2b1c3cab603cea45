import base64
import sys

sys.path.insert(0, sys.argv[1])
from verify import is_from_quixess  # noqa: E402

for line in sys.stdin:
    now, secret, id, timestamp, body, signature = line.rstrip("\n").split("\t")
    headers = {
        "webhook-id": id,
        "webhook-timestamp": timestamp,
        "webhook-signature": base64.b64decode(signature).decode(),
    }
    print(str(is_from_quixess(base64.b64decode(body), headers, secret, int(now))).lower())
