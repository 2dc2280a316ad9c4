"""
A node of Maelstrom's workload lin-kv, written from the public description of its protocol
(jepsen-io/maelstrom, doc/protocol.md and doc/workloads.md) and from nothing of powlab.

    primary   the first node keeps the data, the others forward to it: linearizable
    local     each node keeps data of its own: wrong as soon as there are two
"""

import json
import sys

how = sys.argv[1]
own_name, names = None, []
store = {}
# Requests that were forwarded: the number under which, and whom to answer what.
forwarded = {}
last_number = 0


def send(to, body):
    print(json.dumps({"src": own_name, "dest": to, "body": body}), flush=True)


def error(code, text):
    return {"type": "error", "code": code, "text": text}


def carry_out(body):
    key = json.dumps(body["key"])
    if body["type"] == "write":
        store[key] = body["value"]
        return {"type": "write_ok"}
    if key not in store:
        return error(20, "no such key")
    if body["type"] == "read":
        return {"type": "read_ok", "value": store[key]}
    if store[key] != body["from"]:
        return error(22, "another value")
    store[key] = body["to"]
    return {"type": "cas_ok"}


def answer(src, body):
    global last_number
    if how == "local" or own_name == names[0]:
        send(src, {**carry_out(body), "in_reply_to": body["msg_id"]})
        return
    last_number += 1
    forwarded[last_number] = (src, body["msg_id"])
    send(names[0], {**body, "msg_id": last_number})


for line in sys.stdin:
    message = json.loads(line)
    src, body = message["src"], message["body"]
    kind = body["type"]
    if kind == "init":
        own_name, names = body["node_id"], body["node_ids"]
        print(f"{own_name} is there", file=sys.stderr)
        send(src, {"type": "init_ok", "in_reply_to": body["msg_id"]})
    elif kind in ("read", "write", "cas"):
        answer(src, body)
    elif body.get("in_reply_to") in forwarded:
        client, number = forwarded.pop(body["in_reply_to"])
        send(client, {**body, "in_reply_to": number})
    elif kind == "echo":
        send(src, {"type": "echo_ok", "echo": body["echo"], "in_reply_to": body["msg_id"]})
    else:
        send(src, {**error(10, f"no {kind} here"), "in_reply_to": body.get("msg_id")})
