"""What no schema can say: an answer can only be wanted before a moment that is still to come."""

import schemathesis


@schemathesis.hook
def map_body(context, body):
    moment = body.get("deliver_before") if isinstance(body, dict) else None
    if isinstance(moment, str) and moment[:4].isdigit():
        return {**body, "deliver_before": "9999" + moment[4:]}
    return body
