"""What an execution shows at its end, from the messages that were published."""

from __future__ import annotations

import base64
from hashlib import sha256
from typing import Any

from whence.jupyter.outputs import LARGEST_KEPT, MOST, Output, Outputs


def message(kind: str, **content: Any) -> dict[str, Any]:
    return {"msg_type": kind, "content": content}


def shown(*messages: dict[str, Any]) -> list[Output]:
    outputs = Outputs()
    for one in messages:
        outputs.take(one)
    return outputs.all()


def display(data: dict[str, Any], kind: str = "display_data", **transient: str) -> dict[str, Any]:
    return message(kind, data=data, metadata={}, transient=transient)


def test_each_stream_is_one_output_where_it_began() -> None:
    found = shown(
        message("stream", name="stdout", text="a\n"),
        message("stream", name="stderr", text="wrong\n"),
        message("stream", name="stdout", text="b\n"),
    )
    assert [(o.stream, o.data) for o in found] == [("stdout", b"a\nb\n"), ("stderr", b"wrong\n")]
    assert found[0].digest == sha256(b"a\nb\n").digest()


def test_of_several_forms_the_richest_is_told_and_a_picture_by_its_bytes() -> None:
    picture = base64.encodebytes(b"\x89PNG...").decode()
    [found] = shown(display({"text/plain": "<Figure>", "image/png": picture}))
    assert (found.mime, found.data) == ("image/png", b"\x89PNG...")
    [wrong] = shown(display({"image/png": "abcde"}))
    assert wrong.data == b"abcde"


def test_a_widget_is_told_by_its_text_since_its_id_is_random() -> None:
    view = "application/vnd.jupyter.widget-view+json"
    [found] = shown(display({view: {"model_id": "1"}, "text/plain": "IntSlider(value=3)"}))
    assert (found.mime, found.data) == ("text/plain", b"IntSlider(value=3)")
    [other] = shown(display({"application/vnd.plotly.v1+json": {"b": 1, "a": 2}, view: {}}))
    assert (other.mime, other.data) == ("application/vnd.plotly.v1+json", b'{"a": 2, "b": 1}')


def test_an_update_takes_the_place_of_what_it_updates() -> None:
    found = shown(
        display({"text/plain": "0 %"}, display_id="bar"),
        display({"text/plain": "other"}),
        display({"text/plain": "100 %"}, "update_display_data", display_id="bar"),
        display({"text/plain": "of another cell"}, "update_display_data", display_id="else"),
    )
    assert [o.data for o in found] == [b"100 %", b"other"]


def test_what_is_cleared_is_no_output_and_waits_where_told_to() -> None:
    text = message("stream", name="stdout", text="gone\n")
    assert shown(text, message("clear_output", wait=False)) == []
    assert len(shown(text, message("clear_output", wait=True))) == 1
    [found] = shown(text, message("clear_output", wait=True), display({"text/plain": "new"}))
    assert found.data == b"new"


def test_of_much_only_the_digest_is_held() -> None:
    text = "x" * (LARGEST_KEPT // 2 + 1)
    one = message("stream", name="stdout", text=text)
    [found] = shown(one, one)
    assert (found.data, found.size) == (None, 2 * len(text))
    assert found.digest == sha256(text.encode() * 2).digest()
    [page] = shown(display({"text/html": text * 2}))
    assert (page.data, page.size) == (None, 2 * len(text))


def test_of_many_outputs_the_first_are_told_and_the_rest_counted() -> None:
    outputs = Outputs()
    for number in range(MOST + 5):
        outputs.take(display({"text/plain": str(number)}))
    assert (len(outputs.all()), outputs.left_out) == (MOST, 5)


def test_messages_that_nobody_expects_are_passed_over() -> None:
    assert shown({}, {"msg_type": "stream"}, display({}), message("comm_msg", data={})) == [
        Output("stream", "text/plain", sha256(b"None").digest(), 4, b"None", "None")
    ]
