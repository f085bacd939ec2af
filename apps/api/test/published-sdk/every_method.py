"""Calls every method of the published SDK, with real data, and prints a line for each: its name and how it ended."""

import json
import os
import sys

from protoface_sdk import OPERATION_COVERAGE, ProtofaceClient, ProtofaceError

token = json.loads(os.environ["WORKER_TOKENS"])
livekit = {"url": "wss://rooms.example.com"}
portrait = open(os.environ["PORTRAIT"], "rb").read()


def call(name, method, /, *args, **kwargs):
    try:
        result = method(*args, **kwargs)
        print(json.dumps({"method": name, "ended": "ok"}))
        return result
    except ProtofaceError as error:
        print(json.dumps({"method": name, "ended": f"{error.status} {error.code}"}))
    except Exception as error:
        print(json.dumps({"method": name, "ended": repr(error)}))


def transport(room):
    return {"type": "livekit", "room_name": room, "worker_token": token[room], **livekit}


with ProtofaceClient(os.environ["GREENROOM_API_KEY"], base_url=os.environ["GREENROOM_URL"]) as client:
    call("get_status", client.get_status)
    call("list_billing_plans", client.list_billing_plans)

    made = call(
        "sessions.create",
        client.sessions.create,
        {
            "avatar_id": "av_stock_001",
            "transport": transport("sdk-1"),
            "quality": "pro",
            "max_duration_seconds": 60,
            "idle_timeout_seconds": 20,
            "metadata": {"ticket": "4711", "seats": 250, "share": 0.5, "recorded": True, "sponsor": None},
        },
        idempotency_key="sdk-1",
    )
    call(
        "sessions.create_livekit",
        client.sessions.create_livekit,
        avatar_id="av_stock_002",
        room_name="sdk-2",
        worker_token=token["sdk-2"],
        audio_source="track",
        quality="lite",
        metadata={"note": "live"},
        **livekit,
    )
    call("sessions.get", client.sessions.get, made.id)
    call("Session.wait_until_running", made.wait_until_running)
    call("sessions.list", client.sessions.list, status=["active", "terminal"], avatar_id="av_stock_001", limit=1)
    call(
        "sessions.list",
        client.sessions.list,
        status="queued",
        created_after="2026-01-01T00:00:00+02:00",
        created_before="2099-01-01T00:00:00Z",
    )
    call("sessions.end", client.sessions.end, made.id)
    call("usage.summary", client.usage.summary)
    call("usage.summary", client.usage.summary, period="previous_month")
    call(
        "usage.summary",
        client.usage.summary,
        period_start="2026-01-01T00:00:00Z",
        period_end="2099-01-01T00:00:00Z",
    )

    for scope in ("all", "platform", "org"):
        call("avatars.list", client.avatars.list, scope=scope, limit=2)
    call("avatars.list", client.avatars.list, q="ada")
    call("avatars.get", client.avatars.get, "av_stock_001")
    avatar = call("avatars.create", client.avatars.create, image=portrait)
    named = call("avatars.create", client.avatars.create, image=portrait, filename="host.jpg", name="Our host")
    call("avatars.delete", client.avatars.delete, avatar.id)
    call("avatars.delete", client.avatars.delete, named.id)

    call("pipecat.sessions.create", client.pipecat.sessions.create, avatar_id="av_stock_001")

print(json.dumps({"methods": sorted(OPERATION_COVERAGE.values())}))
sys.stdout.flush()
