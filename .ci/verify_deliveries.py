"""Has the official Python library of Standard Webhooks verify what the built-in inbox received.

Usage: verify_deliveries.py READY_JSON
"""

import json
import sys
import urllib.request

from standardwebhooks import Webhook, WebhookVerificationError


def main(ready_json):
    with open(ready_json, encoding="utf-8") as file:
        ready = json.load(file)
    with urllib.request.urlopen(ready["inbox_url"], timeout=30) as answer:
        received = json.load(answer)
    webhook, refused = Webhook(ready["signing_secret"]), 0
    for delivery in received:
        try:
            webhook.verify(delivery["body"], delivery["headers"])
        except WebhookVerificationError as error:
            refused += 1
            print(f"{delivery['headers'].get('webhook-id')}: {error}")
    print(f"{len(received) - refused} passed, {refused} failed")
    # An inbox without a delivery proves nothing.
    return 1 if refused or not received else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
